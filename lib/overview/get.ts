import { and, count, desc, eq, gte, lt, ne, type SQL, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { DeliveredVia, Duration, Overview, OverviewFigures } from "@/lib/overview/overview-view";
import { bucketsOf } from "@/lib/overview/span";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";
import { failureReason, whereTasks } from "@/lib/tasks/where-tasks";

const MAX_REASONS = 8;

/** How the tasks of a span of time have gone, and what was odd about its deliveries; by default of the last 7 days. */
export async function getOverview(
  { db }: Context,
  span: Pick<TaskFilter, "since" | "from" | "to">,
  now = new Date(),
): Promise<Overview> {
  const buckets = bucketsOf(span, now.getTime());
  const startsAtMs = buckets[0]?.startsAtMs ?? 0;
  const endsAtMs = buckets.at(-1)?.endsAtMs ?? 0;
  const filter = { from: buckets[0]?.filter.from, to: buckets.at(-1)?.filter.to } as Overview["filter"];
  const isWithin = whereTasks(filter);
  const edges = sql.raw(`array[${buckets.map(({ startsAtMs: at }) => `'${firstIdAt(at)}'`).join(", ")}]::uuid[]`);

  const [groups, durations, failures, oddDeliveries] = await Promise.all([
    db
      .select({
        /** From 1; ids sort by time. */
        bucket: sql<number>`width_bucket(${tasks.id}, ${edges})`.as("bucket"),
        kind: tasks.kind,
        status: tasks.status,
        via: tasks.deliveredVia,
        tasks: count(),
        leads: sum(sql`${tasks.leadCount}`),
        found: sum(sql`${tasks.foundCount}`),
        notFound: sum(sql`${tasks.leadCount} - ${tasks.foundCount}`),
        chargedCents: sum(sql`${tasks.chargedCents}`),
        pricedTasks: count(tasks.chargedCents),
      })
      .from(tasks)
      .where(isWithin)
      .groupBy(sql`bucket`, tasks.kind, tasks.status, tasks.deliveredVia),
    db
      .select({
        /** Null for all kinds together. */
        kind: sql<string | null>`${tasks.kind}`,
        seconds: sql<number[]>`percentile_cont(array[0.5, 0.95]) within group (
          order by extract(epoch from ${tasks.deliveredAt} - ${tasks.submittedAt}))`,
      })
      .from(tasks)
      .where(and(isWithin, sql`${tasks.deliveredAt} >= ${tasks.submittedAt}`))
      .groupBy(sql`grouping sets ((${tasks.kind}), ())`),
    db
      .select({ reason: failureReason, tasks: count() })
      .from(tasks)
      .where(and(isWithin, eq(tasks.status, "failed"), sql`${tasks.errorCode} is not null`))
      .groupBy(failureReason)
      .orderBy(desc(count()), failureReason)
      .limit(MAX_REASONS),
    db
      .select({ outcome: deliveries.outcome, deliveries: count() })
      .from(deliveries)
      .where(
        and(
          ne(deliveries.outcome, "applied"),
          gte(deliveries.id, firstIdAt(startsAtMs)),
          lt(deliveries.id, firstIdAt(endsAtMs)),
        ),
      )
      .groupBy(deliveries.outcome)
      .orderBy(desc(count())),
  ]);

  const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const group of groups) byStatus[group.status] += group.tasks;
  const durationOf = (kind: string | null): Duration | null => {
    const [p50, p95] = durations.find((one) => one.kind === kind)?.seconds ?? [];
    return p50 === undefined || p95 === undefined ? null : { p50, p95 };
  };
  const kinds = [...new Set(groups.map(({ kind }) => kind))].map((kind) => {
    return { kind, ...total(groups.filter((group) => group.kind === kind)), duration: durationOf(kind) };
  });
  return {
    filter,
    ...total(groups),
    byStatus,
    duration: durationOf(null),
    buckets: buckets.map((bucket, index) => {
      return { filter: bucket.filter, ...total(groups.filter((group) => group.bucket === index + 1)) };
    }),
    kinds: kinds.sort((a, b) => b.tasks - a.tasks || a.kind.localeCompare(b.kind)),
    failures,
    otherFailures: byStatus.failed - failures.reduce((known, { tasks: some }) => known + some, 0),
    oddDeliveries,
  };
}

interface Group
  extends Pick<OverviewFigures, "tasks" | "leads" | "found" | "notFound" | "chargedCents" | "pricedTasks"> {
  via: DeliveredVia | null;
}

function total(groups: Group[]): OverviewFigures {
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
  for (const group of groups) {
    for (const name of ["tasks", "leads", "found", "notFound", "chargedCents", "pricedTasks"] as const) {
      figures[name] += group[name];
    }
    if (group.via) figures.via[group.via] += group.tasks;
    else figures.undelivered += group.tasks;
  }
  return figures;
}

/** Null counts as nothing; as a number, where the driver would give a long one as text. */
function sum(value: SQL): SQL<number> {
  return sql<number>`coalesce(sum(${value}), 0)::float8`;
}
