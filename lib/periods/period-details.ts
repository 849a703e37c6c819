import { and, isNull, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, rejectedDeliveries, settledPeriods, taskReason, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { Span } from "@/lib/period";
import { addHistogram, type DurationHistogram, durationBucket } from "@/lib/periods/duration-histogram";
import { type Cover, isCovered, isMadeWithin, isWithinSpans } from "@/lib/periods/find-cover";

export type PeriodDetails = (typeof settledPeriods.$inferSelect)["details"];

/**
 * So many reasons are kept of a period, the most frequent ones. Where messages name what nobody else's do, a rare one may be
 * missing in an hour and count for less in a year; the figure of all failures has each.
 */
const MAX_REASONS = 100;

/** Days that deliveries are kept; null and undefined keep them forever. What admins have set counts more. */
export type KeptFor = Partial<Pick<Context, "retentionInDays" | "rejectedRetentionInDays">>;

/**
 * How long tasks took, why they failed and what was odd about deliveries, of what was created in some spans. Of an hour whose
 * deliveries retention may have deleted, what was odd about them is what was counted when the hour was settled.
 */
export async function readDetails(tx: Transaction, spans: Span[], keptFor: KeptFor): Promise<PeriodDetails> {
  const isCountedNow = (hour: SQL, outcome: SQL) => sql`not (${isPastRetention(hour, outcome, keptFor)} and exists (
    select from settled_periods where settled_periods.hours = 1 and settled_periods.starts_at = ${hour}))`;
  const isWithin = isMadeWithin(tasks.id, spans);
  const bucket = durationBucket(sql`extract(epoch from ${tasks.deliveredAt} - ${tasks.submittedAt})`);
  const readDurations = tx
    .select({ kind: tasks.kind, bucket: sql<number>`${bucket}`.as("bucket"), tasks: sql<number>`count(*)::int` })
    .from(tasks)
    .where(and(isWithin, sql`${tasks.deliveredAt} >= ${tasks.submittedAt}`))
    .groupBy(tasks.kind, sql`bucket`);
  const readFailures = tx
    .select({ taskId: sql<string>`min(${tasks.id}::text)`, tasks: sql<number>`count(*)::int` })
    .from(tasks)
    .where(and(isWithin, sql`${tasks.status} = 'failed'`, sql`${tasks.errorCode} is not null`))
    .groupBy(taskReason)
    .orderBy(sql`count(*) desc`, taskReason)
    .limit(MAX_REASONS);
  const readOdd = tx
    .select({ outcome: deliveries.outcome, deliveries: sql<number>`count(*)::int` })
    .from(deliveries)
    .where(
      and(
        sql`${deliveries.outcome} <> 'applied'`,
        isNull(deliveries.sampleOf),
        isMadeWithin(deliveries.id, spans),
        isCountedNow(sql`hour_of_id(${deliveries.id})`, sql`${deliveries.outcome}`),
      ),
    )
    .groupBy(deliveries.outcome);
  const readRejected = tx
    .select({ outcome: rejectedDeliveries.outcome, deliveries: sql<number>`sum(${rejectedDeliveries.count})::int` })
    .from(rejectedDeliveries)
    .where(
      and(
        isWithinSpans(rejectedDeliveries.minute, spans),
        isCountedNow(HOUR_OF_REJECTED, sql`${rejectedDeliveries.outcome}`),
      ),
    )
    .groupBy(rejectedDeliveries.outcome);
  const readKept = tx.execute<{ outcome: string; deliveries: number }>(
    sql`
      select odd.outcome, sum(odd.deliveries::int)::int as deliveries
      from settled_periods cross join jsonb_each_text(settled_periods.details -> 'oddDeliveries') as odd (outcome, deliveries)
      where settled_periods.hours = 1 and ${isWithinSpans(settledPeriods.startsAt, spans)}
        and ${isPastRetention(sql`settled_periods.starts_at`, sql`odd.outcome`, keptFor)}
      group by 1`,
  );
  const [durations, failures, odd, rejected, kept] = await Promise.all([
    readDurations,
    readFailures,
    readOdd,
    readRejected,
    readKept,
  ]);
  const oddDeliveries: Record<string, number> = {};
  for (const { outcome, deliveries: some } of [...odd, ...rejected, ...kept]) {
    oddDeliveries[outcome] = (oddDeliveries[outcome] ?? 0) + some;
  }
  const byKind: PeriodDetails["durations"] = {};
  for (const { kind, bucket: at, tasks: some } of durations) {
    byKind[kind] ??= {};
    byKind[kind][at] = some;
  }
  return {
    durations: byKind,
    failures,
    oddDeliveries,
  };
}

const HOUR_OF_REJECTED = sql`to_timestamp(floor(extract(epoch from ${rejectedDeliveries.minute}) / 3600) * 3600)`;

/**
 * True once deliveries of an hour may have been deleted. Of outcomes that are counted by the minute, the counts are kept for
 * less long than deliveries are.
 */
function isPastRetention(hour: SQL, outcome: SQL, { retentionInDays, rejectedRetentionInDays }: KeptFor): SQL {
  const days = (column: string, variable: number | null | undefined) =>
    sql`nullif(coalesce((select ${sql.identifier(column)} from settings), ${variable ?? 0}::int), 0)`;
  const ofAccepted = days("retention_days", retentionInDays);
  const ofRejected = days("rejected_retention_days", rejectedRetentionInDays);
  return sql`coalesce(${hour} < now() - make_interval(days => case
    when ${outcome} in ('refused', 'malformed', 'unmatched', 'workflow') then least(${ofAccepted}, ${ofRejected})
    else ${ofAccepted} end), false)`;
}

/** The details of the settled part of a cover, period by period. */
export async function readSettledDetails(
  tx: Transaction,
  cover: Pick<Cover, "days" | "hours">,
): Promise<PeriodDetails[]> {
  if (cover.days.length + cover.hours.length === 0) return [];
  const periods = await tx
    .select({ details: settledPeriods.details })
    .from(settledPeriods)
    .where(isCovered(settledPeriods, cover));
  return periods.map(({ details }) => details);
}

/** All kinds' durations together, and each one's. */
export function mergeDurations(parts: PeriodDetails[]): {
  all: DurationHistogram;
  byKind: Record<string, DurationHistogram>;
} {
  const all: DurationHistogram = {};
  const byKind: Record<string, DurationHistogram> = {};
  for (const { durations } of parts) {
    for (const [kind, histogram] of Object.entries(durations)) {
      byKind[kind] ??= {};
      addHistogram(byKind[kind], histogram);
      addHistogram(all, histogram);
    }
  }
  return { all, byKind };
}

/** How many deliveries had which odd outcome. */
export function mergeOddDeliveries(parts: PeriodDetails[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { oddDeliveries } of parts) addHistogram(sum, oddDeliveries);
  return sum;
}

/** The reasons of failures, the most frequent first, in the words of a task that failed so. */
export async function mergeFailures(
  tx: Transaction,
  parts: PeriodDetails[],
  limit = MAX_REASONS,
): Promise<{ reason: string; taskId: string; tasks: number }[]> {
  const failures = parts.flatMap((part) => part.failures);
  if (failures.length === 0) return [];
  return tx
    .select({
      reason: taskReason,
      taskId: sql<string>`min(${tasks.id}::text)`,
      tasks: sql<number>`sum(failure.tasks)::int`,
    })
    .from(sql`jsonb_to_recordset(${JSON.stringify(failures)}) as failure ("taskId" uuid, tasks int)`)
    .innerJoin(tasks, sql`${tasks.id} = failure."taskId"`)
    .groupBy(taskReason)
    .orderBy(sql`sum(failure.tasks) desc`, taskReason)
    .limit(limit);
}

/** A period made of its parts. */
export async function mergeDetails(tx: Transaction, parts: PeriodDetails[]): Promise<PeriodDetails> {
  const failures = await mergeFailures(tx, parts);
  return {
    durations: mergeDurations(parts).byKind,
    failures: failures.map(({ taskId, tasks: some }) => ({ taskId, tasks: some })),
    oddDeliveries: mergeOddDeliveries(parts),
  };
}
