import { and, asc, count, desc, eq, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { deliveries, submissions, tasks } from "@/db/schema";
import type { Attention, UnseenDeliveries } from "@/lib/attention/attention-view";
import type { Context } from "@/lib/context";
import { waitsForConfirmation } from "@/lib/tasks/overdue";

/** More are not listed one by one. */
const MAX_LISTED = 5;
/** A delivery that is quicker than the answer to its submit finds its task within this time. */
const SETTLING_IN_SECONDS = 120;

/** All that waits for a person, and nothing that goes on by itself. */
export async function getAttention({ db }: Context): Promise<Attention> {
  const [unconfirmedTasks, [held], pausedSubmissions, unstoredFiles, unmatchedDeliveries, conflictingDeliveries] =
    await Promise.all([
      db.$count(tasks, waitsForConfirmation()),
      db
        .select({ tasks: count() })
        .from(tasks)
        .innerJoin(submissions, eq(submissions.id, tasks.submissionId))
        .where(
          and(
            eq(tasks.status, "queued"),
            isNull(tasks.nextSendAt),
            // Of one that was just made, and of a paused list, this says nothing.
            isNotNull(tasks.errorCode),
            isNull(submissions.pausedAt),
          ),
        ),
      db
        .select({
          id: submissions.id,
          name: submissions.name,
          leadCount: submissions.leadCount,
          reason: sql<Attention["pausedSubmissions"][number]["reason"]>`${submissions.pauseReason}`,
        })
        .from(submissions)
        .where(isNotNull(submissions.pausedAt))
        .orderBy(desc(submissions.id))
        .limit(MAX_LISTED),
      db
        .select({ taskId: tasks.id, submissionName: submissions.name, leadCount: tasks.leadCount })
        .from(tasks)
        .innerJoin(submissions, eq(submissions.id, tasks.submissionId))
        .where(and(isNotNull(tasks.fetchProblem), isNull(tasks.erasedAt)))
        .orderBy(asc(tasks.id))
        .limit(MAX_LISTED),
      countUnseen(db, "unmatched"),
      countUnseen(db, "conflict"),
    ]);
  return {
    unconfirmedTasks,
    heldTasks: held?.tasks ?? 0,
    pausedSubmissions,
    unstoredFiles,
    unmatchedDeliveries,
    conflictingDeliveries,
  };
}

async function countUnseen(db: Context["db"], outcome: "unmatched" | "conflict"): Promise<UnseenDeliveries> {
  const [unseen] = await db
    // As text, since only the newest Postgres knows the greatest of some UUIDs.
    .select({ count: count(), newestId: sql<string | null>`max(${deliveries.id}::text)` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.outcome, outcome),
        isNull(deliveries.seenAt),
        lt(deliveries.receivedAt, sql`now() - make_interval(secs => ${SETTLING_IN_SECONDS})`),
      ),
    );
  return { count: unseen?.count ?? 0, newestId: unseen?.newestId ?? null };
}
