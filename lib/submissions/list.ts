import { and, desc, inArray, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { countLeads, stateOf } from "@/lib/submissions/get";
import type { SubmissionPage } from "@/lib/submissions/submission-view";
import { leadStatus } from "@/lib/tasks/lead-status";

const listInput = z.object({
  cursor: z.uuid("The cursor must be a nextCursor of an earlier page.").optional(),
  limit: z.coerce.number("The limit must be a number.").int().min(1).max(100).default(25),
});

/**
 * A page of the submissions that were confirmed, newest first, without those of one lead from the form: those are tasks.
 *
 * @throws AppError `invalid_input`
 */
export async function listSubmissions(
  { db }: Context,
  input: { cursor?: string | undefined; limit?: string | number | undefined },
): Promise<SubmissionPage> {
  const parsed = listInput.safeParse(input);
  if (!parsed.success) throw new AppError("invalid_input", parsed.error.issues.map((issue) => issue.message).join(" "));
  const { cursor, limit } = parsed.data;
  const rows = await db
    .select()
    .from(submissions)
    .where(
      and(
        inArray(submissions.source, ["list", "api"]),
        isNotNull(submissions.confirmedAt),
        cursor ? lt(submissions.id, cursor) : undefined,
      ),
    )
    .orderBy(desc(submissions.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const ids = page.map(({ id }) => id);
  const [byStatus, reused] = ids.length === 0 ? [[], []] : await countOf(db, ids);
  return {
    submissions: page.map((submission) => {
      const counts = countLeads(
        submission,
        byStatus.filter(({ submissionId }) => submissionId === submission.id),
        reused.find(({ submissionId }) => submissionId === submission.id)?.leads ?? 0,
      );
      return {
        id: submission.id,
        kind: submission.kind,
        name: submission.name,
        source: submission.source,
        state: stateOf(submission, counts),
        createdAt: submission.createdAt.toISOString(),
        leadCount: submission.leadCount,
        leads: counts,
      };
    }),
    nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
  };
}

function countOf(db: Context["db"], ids: string[]) {
  return Promise.all([
    db
      .select({
        submissionId: tasks.submissionId,
        status: leadStatus,
        leads: sql<number>`sum(${tasks.leadCount})::int`,
      })
      .from(tasks)
      .where(and(inArray(tasks.submissionId, ids), isNull(tasks.retriedAsId)))
      .groupBy(tasks.submissionId, leadStatus),
    db
      .select({ submissionId: leads.submissionId, leads: sql<number>`count(*)::int` })
      .from(leads)
      .where(and(inArray(leads.submissionId, ids), isNotNull(leads.reusedLeadId)))
      .groupBy(leads.submissionId),
  ]);
}
