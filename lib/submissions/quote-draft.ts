import { and, count, desc, eq, gt, isNotNull, type SQL, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { canGoAsFile } from "@/lib/submissions/as-file";
import { knownLeadId } from "@/lib/submissions/known-leads";
import { requestsNeeded, shapeFor } from "@/lib/submissions/requests-needed";
import type { Quote } from "@/lib/submissions/submission-view";

/** What a lead costs is told from so many tasks, the latest ones. */
const TASKS_TO_LEARN_FROM = 200;

/**
 * What a draft comes to: how many leads and requests, how long they take, what they may cost. Nothing is spent by asking.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function quoteDraft(context: Context, { submissionId }: { submissionId: string }): Promise<Quote> {
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(submissionId).success) throw notFound();
  const { db, requestsPerMinute } = context;
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, submissionId));
  if (!submission) throw notFound();
  const [[counted], centsPerLead, balance, asFile] = await Promise.all([
    db
      .select({ leads: count(), known: sql<number>`count(${knownLeadId})::int` })
      .from(leads)
      .where(eq(leads.submissionId, submissionId)),
    averageCents(context, submission),
    context.sixtyfour.checkBalance(),
    canGoAsFile(db, submission),
  ]);
  const { leads: all, known } = counted ?? { leads: 0, known: 0 };
  const requestsFor = (leadCount: number) =>
    requestsNeeded(submission.kind, shapeFor(submission.kind, leadCount), leadCount);
  const both = <T>(of: (leads: number) => T) => ({ reusing: of(all - known), fresh: of(all) });
  return {
    submissionId,
    leads: all,
    known,
    requests: both(requestsFor),
    sendingSeconds: both((leadCount) => Math.ceil((requestsFor(leadCount) * 60) / requestsPerMinute)),
    asFile,
    centsPerLead,
    cents: centsPerLead === null ? null : both((leadCount) => Math.round(leadCount * centsPerLead)),
    credits: balance.type === "balance" ? balance.credits : null,
  };
}

/** What the latest tasks of the same kind and tier have cost a lead; null where none has said. */
async function averageCents(
  { db }: Context,
  { kind, options }: Pick<typeof submissions.$inferSelect, "kind" | "options">,
): Promise<number | null> {
  const ofTier: SQL = sql`${submissions.options}->>'tier' is not distinct from ${options.tier ?? null}::text`;
  const latest = db
    .select({ cents: tasks.chargedCents, leads: tasks.leadCount })
    .from(tasks)
    .innerJoin(submissions, eq(submissions.id, tasks.submissionId))
    .where(and(eq(tasks.kind, kind), eq(tasks.status, "completed"), isNotNull(tasks.chargedCents), ofTier))
    .orderBy(desc(tasks.id))
    .limit(TASKS_TO_LEARN_FROM)
    .as("latest");
  const [average] = await db
    .select({ cents: sql<number | null>`${sum(latest.cents)}::float8 / nullif(${sum(latest.leads)}, 0)` })
    .from(latest)
    .where(gt(latest.leads, 0));
  return average?.cents ?? null;
}
