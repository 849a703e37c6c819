import { readSnapshot } from "@/db/read-snapshot";
import type { Context } from "@/lib/context";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import type { Duration, Overview, OverviewFigures } from "@/lib/overview/overview-view";
import { bucketsOf } from "@/lib/overview/span";
import { type DurationHistogram, quantile } from "@/lib/periods/duration-histogram";
import { findCover } from "@/lib/periods/find-cover";
import {
  mergeDurations,
  mergeFailures,
  mergeOddDeliveries,
  readDetails,
  readSettledDetails,
} from "@/lib/periods/period-details";
import { readTaskTotals, type TaskTotals } from "@/lib/periods/task-figures";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";

const MAX_REASONS = 8;

/**
 * How the tasks of a span of time have gone, and what was odd about its deliveries; by default of the last 7 days. Figures
 * are exact, durations to 2.5 %.
 */
export async function getOverview(
  context: Context,
  given: Pick<TaskFilter, "since" | "from" | "to">,
  now = new Date(),
): Promise<Overview> {
  const buckets = bucketsOf(given, now.getTime());
  const [first, last] = [buckets[0], buckets.at(-1)];
  const span = { startsAtMs: first?.startsAtMs ?? 0, endsAtMs: last?.endsAtMs ?? 0 };
  const filter = { from: first?.filter.from, to: last?.filter.to } as Overview["filter"];
  const { totals, parts, reasons } = await readSnapshot(context.db, async (tx) => {
    const cover = await findCover(tx, span, first && first.endsAtMs - first.startsAtMs);
    const bucketsStartAtMs = buckets.map(({ startsAtMs }) => startsAtMs);
    // One connection has them all, and answers one while the next is read.
    const [settled, unsettled, totals] = await Promise.all([
      readSettledDetails(tx, cover),
      readDetails(tx, cover.unsettled, context),
      readTaskTotals(tx, { span, cover, bucketsStartAtMs }),
    ]);
    const parts = [...settled, unsettled];
    return { totals, parts, reasons: await mergeFailures(tx, parts, MAX_REASONS) };
  });

  const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const { status, tasks } of totals) if (status) byStatus[status] += tasks;
  const durations = mergeDurations(parts);
  const oddDeliveries = Object.entries(mergeOddDeliveries(parts)) as [DeliveryOutcome, number][];
  const failures = reasons.map(({ reason, tasks }) => ({ reason, tasks }));
  const kinds = [...new Set(totals.map(({ kind }) => kind))].filter((kind) => kind !== null);
  const byKind = kinds.map((kind) => {
    return {
      kind,
      ...addUp(totals.filter((some) => some.kind === kind)),
      duration: toDuration(durations.byKind[kind]),
    };
  });
  return {
    filter,
    ...addUp(totals.filter(({ bucket }) => bucket !== null)),
    byStatus,
    duration: toDuration(durations.all),
    buckets: buckets.map((bucket, index) => {
      return { filter: bucket.filter, ...addUp(totals.filter((some) => some.bucket === index + 1)) };
    }),
    kinds: byKind.sort((a, b) => b.tasks - a.tasks || a.kind.localeCompare(b.kind)),
    failures,
    otherFailures: byStatus.failed - failures.reduce((known, { tasks: some }) => known + some, 0),
    oddDeliveries: oddDeliveries
      .map(([outcome, deliveries]) => ({ outcome, deliveries }))
      .sort((a, b) => b.deliveries - a.deliveries),
  };
}

function toDuration(histogram: DurationHistogram = {}): Duration | null {
  const [p50, p95] = [quantile(histogram, 0.5), quantile(histogram, 0.95)];
  return p50 === null || p95 === null ? null : { p50, p95 };
}

function addUp(totals: TaskTotals[]): OverviewFigures {
  const figures: OverviewFigures = {
    tasks: 0,
    leads: 0,
    via: { webhook: 0, poll: 0, reconcile: 0 },
    undelivered: 0,
    found: 0,
    notFound: 0,
    chargedCents: 0,
    pricedTasks: 0,
  };
  for (const some of totals) {
    for (const name of ["tasks", "leads", "found", "notFound", "chargedCents", "pricedTasks"] as const) {
      figures[name] += some[name];
    }
    if (some.via) figures.via[some.via] += some.tasks;
    else figures.undelivered += some.tasks;
  }
  return figures;
}
