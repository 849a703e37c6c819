import { and, count, gte, isNotNull, isNull, lte, min, ne, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { readSnapshot } from "@/db/read-snapshot";
import { alarms, deliveries, marks, requestPace, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { countRejected } from "@/lib/deliveries/count-deliveries";
import type { Metric } from "@/lib/metrics/write-prometheus";
import { isOpenTask } from "@/lib/tasks/open-tasks";
import { runsLate } from "@/lib/tasks/overdue";
import { waitsForItsMoment } from "@/lib/tasks/sendable";

const HOUR_IN_MS = 3_600_000;
const QUANTILES = [0.5, 0.95];

/**
 * How the pipeline stands, read from the database: so every instance says the same, and one that has just started knows
 * it all. Nothing here is counted over all time, which would read every row on every scrape: there is what is under way,
 * and what the last hour brought, each by an index.
 */
export async function getMetrics({ db, webhook }: Pick<Context, "db" | "webhook">): Promise<Metric[]> {
  // One connection and one moment: the figures fit each other, and the door keeps the other connections.
  return readSnapshot(db, async (tx) => [
    ...(await readOpenTasks(tx, webhook.deliveryWindowInSeconds)),
    ...(await readQueue(tx)),
    ...(await readLastHour(tx)),
    ...(await readInstances(tx)),
  ]);
}

async function readOpenTasks(tx: Transaction, deliveryWindowInSeconds: number): Promise<Metric[]> {
  const open = await tx
    .select({ status: tasks.status, kind: tasks.kind, tasks: count(), age: ageInSeconds(min(tasks.createdAt)) })
    .from(tasks)
    .where(isOpenTask)
    .groupBy(tasks.status, tasks.kind);
  const late = await tx.$count(tasks, and(isOpenTask, runsLate(deliveryWindowInSeconds)));
  const ages = open.flatMap(({ status, age }) => (status === "queued" && age !== null ? [age] : []));
  return [
    {
      name: "sixtyfour_tasks_open",
      help: "Tasks that have not ended.",
      values: open.map(({ status, kind, tasks: value }) => ({ labels: { status, kind }, value })),
    },
    {
      name: "sixtyfour_tasks_late",
      help: "Running tasks whose webhook should have come by now; they are polled.",
      values: [{ value: late }],
    },
    {
      name: "sixtyfour_queue_oldest_age_seconds",
      help: "How long ago the oldest queued task was made; 0 where none is queued.",
      values: [{ value: Math.max(0, ...ages) }],
    },
  ];
}

async function readQueue(tx: Transaction): Promise<Metric[]> {
  const [due] = await tx
    .select({ tasks: count(), delay: ageInSeconds(min(tasks.nextSendAt)) })
    .from(tasks)
    .where(and(waitsForItsMoment, lte(tasks.nextSendAt, sql`now()`)));
  const paused = await tx
    .select({ reason: submissions.pauseReason, submissions: count() })
    .from(submissions)
    .where(isNotNull(submissions.pausedAt))
    .groupBy(submissions.pauseReason);
  const [pace] = await tx.select({ aheadBy: sql<number>`-${ageInSeconds(requestPace.nextSlotAt)}` }).from(requestPace);
  return [
    {
      name: "sixtyfour_queue_due_tasks",
      help: "Queued tasks whose moment to be sent has come.",
      values: [{ value: due?.tasks ?? 0 }],
    },
    {
      name: "sixtyfour_queue_delay_seconds",
      help: "How long the first of them has waited past its moment; 0 where none is due.",
      values: [{ value: due?.delay ?? 0 }],
    },
    {
      name: "sixtyfour_submissions_paused",
      help: "Submissions that are paused, by a person or by what Sixtyfour answered.",
      values: paused.map(({ reason, submissions: value }) => ({ labels: { reason: reason ?? "" }, value })),
    },
    {
      name: "sixtyfour_request_pace_delay_seconds",
      help: "How long a request to Sixtyfour waits for its slot.",
      values: [{ value: Math.max(0, pace?.aheadBy ?? 0) }],
    },
  ];
}

async function readLastHour(tx: Transaction): Promise<Metric[]> {
  const isDeliveredLately = gte(tasks.deliveredAt, sql`now() - interval '1 hour'`);
  const ended = await tx
    .select({ kind: tasks.kind, status: tasks.status, via: tasks.deliveredVia, tasks: count() })
    .from(tasks)
    .where(isDeliveredLately)
    .groupBy(tasks.kind, tasks.status, tasks.deliveredVia);
  const seconds = sql`extract(epoch from ${tasks.deliveredAt} - ${tasks.submittedAt})`;
  const shares = sql.join(
    QUANTILES.map((share) => sql`${share}`),
    sql`, `,
  );
  const quantiles = sql`percentile_cont(array[${shares}]::float8[]) within group (order by ${seconds})`;
  const [duration] = await tx
    .select({ seconds: sql<number[] | null>`to_json(${quantiles})` })
    .from(tasks)
    .where(and(isDeliveredLately, gte(tasks.deliveredAt, tasks.submittedAt)));
  // An id is made as a delivery is stored, so that hour is a range of the primary key.
  const received = await tx
    .select({ outcome: deliveries.outcome, signature: deliveries.signature, deliveries: count() })
    .from(deliveries)
    .where(and(isNull(deliveries.sampleOf), gte(deliveries.id, firstIdAt(Date.now() - HOUR_IN_MS))))
    .groupBy(deliveries.outcome, deliveries.signature);
  const counts = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const { outcome, signature, deliveries: more } of [
    ...received,
    ...(await countRejected(tx, new Date(Date.now() - HOUR_IN_MS))),
  ]) {
    const key = `${outcome} ${signature}`;
    const value = (counts.get(key)?.value ?? 0) + more;
    counts.set(key, { labels: { outcome, signature }, value });
  }
  return [
    {
      name: "sixtyfour_tasks_ended_last_hour",
      help: "Tasks whose end came within the last hour, and by what it came.",
      values: ended.map(({ tasks: value, via, ...labels }) => ({ labels: { ...labels, via: via ?? "" }, value })),
    },
    {
      name: "sixtyfour_task_seconds_last_hour",
      help: "Seconds from submit to end, of the tasks that ended within the last hour.",
      values: (duration?.seconds ?? []).map((value, index) => ({
        labels: { quantile: String(QUANTILES[index]) },
        value,
      })),
    },
    {
      name: "sixtyfour_deliveries_last_hour",
      help: "Webhook requests of the last hour, by what became of them and the verdict on their signature.",
      values: [...counts.values()],
    },
  ];
}

async function readInstances(tx: Transaction): Promise<Metric[]> {
  const last = await tx
    .select({ name: marks.name, at: sql<number>`${epoch(marks.at)}` })
    .from(marks)
    .where(ne(marks.name, "preflight"));
  const raised = await tx
    .select({ kind: alarms.kind, isRaised: sql<boolean>`${alarms.resolvedAt} is null` })
    .from(alarms);
  return [
    {
      name: "sixtyfour_round_timestamp_seconds",
      help: "When any instance last made a round of looking after tasks, and of looking for alarms; and the scheduler’s last call.",
      values: last.map(({ name, at }) => ({ labels: { round: name }, value: at })),
    },
    {
      name: "sixtyfour_alarm_raised",
      help: "Whether an alarm is on; one that never was is left out.",
      values: raised.map(({ kind, isRaised }) => ({ labels: { kind }, value: isRaised ? 1 : 0 })),
    },
  ];
}

function ageInSeconds(at: SQL | typeof requestPace.nextSlotAt): SQL<number | null> {
  return sql<number | null>`extract(epoch from clock_timestamp() - ${at})::float8`;
}

function epoch(at: typeof marks.at): SQL {
  return sql`extract(epoch from ${at})::float8`;
}
