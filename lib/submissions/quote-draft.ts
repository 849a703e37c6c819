import { and, count, desc, eq, gt, isNotNull, type SQL, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { publishedPriceCents } from "@/lib/sixtyfour/published-prices";
import { timingOf } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { findFileObstacle } from "@/lib/submissions/as-file";
import { creditValueCents } from "@/lib/submissions/credit-value";
import { knownLeadId } from "@/lib/submissions/known-leads";
import { requestsNeeded, shapeFor } from "@/lib/submissions/requests-needed";
import type { Quote } from "@/lib/submissions/submission-view";

/** Number of the latest tasks whose cost makes the average. */
const TASKS_TO_LEARN_FROM = 200;

/**
 * Returns size, duration and cost of a draft. Nothing is spent by it.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function quoteDraft(context: Context, { submissionId }: { submissionId: string }): Promise<Quote> {
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(submissionId).success) throw notFound();
  const { db, requestsPerMinute } = context;
  const [submission] = await db.select().from(submissions).where(eq(submissions.id, submissionId));
  if (!submission) throw notFound();
  const [[counted], recentCents, balance, centsPerCredit, fileObstacle] = await Promise.all([
    db
      .select({ leads: count(), known: sql<number>`count(${knownLeadId})::int` })
      .from(leads)
      .where(eq(leads.submissionId, submissionId)),
    averageCents(context, submission),
    context.sixtyfour.checkBalance(),
    creditValueCents(context),
    findFileObstacle(db, submission),
  ]);
  const { leads: all, known } = counted ?? { leads: 0, known: 0 };
  const requestsFor = (leadCount: number) =>
    requestsNeeded(submission.kind, shapeFor(submission.kind, leadCount), leadCount);
  const options = submission.options as TaskOptions;
  const publishedCents = publishedPriceCents(submission.kind, options);
  const centsPerLead = recentCents ?? publishedCents;
  const credits = balance.type === "balance" ? balance.credits : null;
  const both = <T>(of: (leads: number) => T) => ({ reusing: of(all - known), fresh: of(all) });
  return {
    submissionId,
    leads: all,
    known,
    requests: both(requestsFor),
    sendingSeconds: both((leadCount) => Math.ceil((requestsFor(leadCount) * 60) / requestsPerMinute)),
    typicalTime: timingOf(submission.kind, options.tier).typicalTime,
    asFile: fileObstacle === null,
    fileObstacle,
    centsPerLead,
    priceSource: recentCents !== null ? "recent" : publishedCents !== null ? "published" : null,
    cents: centsPerLead === null ? null : both((leadCount) => Math.round(leadCount * centsPerLead)),
    credits,
    balanceCents: credits === null || centsPerCredit === null ? null : credits * centsPerCredit,
  };
}

/**
 * Average cost of a lead in the latest tasks of the same kind, tier and mode, at the draft's budget; null where the cost of
 * none is known.
 */
async function averageCents(
  { db }: Context,
  { kind, options }: Pick<typeof submissions.$inferSelect, "kind" | "options">,
): Promise<number | null> {
  const hasSame = (option: "tier" | "mode"): SQL =>
    sql`${submissions.options}->>${option}::text is not distinct from ${options[option] ?? null}::text`;
  const { budget = 1 } = options as TaskOptions;
  const budgetThen = sql`coalesce((${submissions.options}->>'budget')::float8, 1)`;
  const latest = db
    .select({
      cents: sql<number>`${tasks.chargedCents} / ${budgetThen}`.as("cents"),
      leads: tasks.leadCount,
    })
    .from(tasks)
    .innerJoin(submissions, eq(submissions.id, tasks.submissionId))
    .where(
      and(
        eq(tasks.kind, kind),
        eq(tasks.status, "completed"),
        isNotNull(tasks.chargedCents),
        hasSame("tier"),
        hasSame("mode"),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(TASKS_TO_LEARN_FROM)
    .as("latest");
  const [average] = await db
    .select({ cents: sql<number | null>`${sum(latest.cents)}::float8 / nullif(${sum(latest.leads)}, 0)` })
    .from(latest)
    .where(gt(latest.leads, 0));
  return typeof average?.cents === "number" ? average.cents * budget : null;
}
