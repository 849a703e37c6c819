import { and, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, rejectedDeliveries, settledPeriods, taskReason, tasks } from "@/db/schema";
import type { Span } from "@/lib/period";
import { addHistogram, type DurationHistogram, durationBucket } from "@/lib/periods/duration-histogram";
import { type Cover, isCovered, isMadeWithin, isWithinSpans } from "@/lib/periods/find-cover";

export type PeriodDetails = (typeof settledPeriods.$inferSelect)["details"];

/**
 * So many reasons are kept of a period, the most frequent ones. Where messages name what nobody else's do, a rare one may be
 * missing in an hour and count for less in a year; the figure of all failures has each.
 */
const MAX_REASONS = 100;

/** How long tasks took, why they failed and what was odd about deliveries, of what was created in some spans. */
export async function readDetails(tx: Transaction, spans: Span[]): Promise<PeriodDetails> {
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
      and(sql`${deliveries.outcome} <> 'applied'`, isNull(deliveries.sampleOf), isMadeWithin(deliveries.id, spans)),
    )
    .groupBy(deliveries.outcome);
  const readRejected = tx
    .select({ outcome: rejectedDeliveries.outcome, deliveries: sql<number>`sum(${rejectedDeliveries.count})::int` })
    .from(rejectedDeliveries)
    .where(isWithinSpans(rejectedDeliveries.minute, spans))
    .groupBy(rejectedDeliveries.outcome);
  const [durations, failures, odd, rejected] = await Promise.all([readDurations, readFailures, readOdd, readRejected]);
  const oddDeliveries: Record<string, number> = {};
  for (const { outcome, deliveries: some } of [...odd, ...rejected]) {
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
