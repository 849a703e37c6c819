import { and, count, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { settledTasks, tasks } from "@/db/schema";
import { type Cover, isCovered, isMadeWithin } from "@/lib/periods/find-cover";
import type { Span } from "@/lib/periods/period";
import { hasEndedTask, isOpenTask } from "@/lib/tasks/open-tasks";
import type { TaskStatus } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** Figures of the tasks that have kind, status and courier in common. */
export interface TaskFigures {
  /** Which of the given buckets they are of, from 1. */
  bucket: number;
  kind: string;
  status: TaskStatus;
  via: TaskView["deliveredVia"];
  tasks: number;
  leads: number;
  /** Leads for which something was found, or nothing; and tasks with one of them at least. */
  found: number;
  notFound: number;
  tasksFound: number;
  tasksNotFound: number;
  chargedCents: number;
  pricedTasks: number;
}

/**
 * Figures of all tasks that were created in a span, exact to the task: of what has ended from settled periods where there
 * are any, else from the rows, and of what is open from its index.
 *
 * @param bucketsStartAtMs where to cut the span in parts; each period of the cover lies in one of them
 */
export async function readTaskFigures(
  tx: Transaction,
  { span, cover, bucketsStartAtMs = [] }: { span: Span; cover: Cover; bucketsStartAtMs?: number[] },
): Promise<TaskFigures[]> {
  const edges = `{${bucketsStartAtMs.map(firstIdAt).join()}}`;
  const bucket = bucketsStartAtMs.length === 0 ? sql`1` : sql`width_bucket(${tasks.id}, ${edges}::uuid[])`;
  const figures = await Promise.all([
    countTasksBy(tx, bucket, and(isOpenTask, isMadeWithin(tasks.id, [span]))),
    cover.unsettled.length === 0
      ? []
      : countTasksBy(tx, bucket, and(hasEndedTask, isMadeWithin(tasks.id, cover.unsettled))),
    readSettledFigures(tx, cover, bucketsStartAtMs),
  ]);
  return figures.flat();
}

/** The one way in which rows become figures; for settling, too. */
export async function countTasksBy(tx: Transaction, bucket: SQL, where: SQL | undefined): Promise<TaskFigures[]> {
  return tx
    .select({
      bucket: sql<number>`${bucket}`.as("bucket"),
      kind: tasks.kind,
      status: tasks.status,
      via: tasks.deliveredVia,
      tasks: count(),
      leads: sum(tasks.leadCount),
      found: sum(tasks.foundCount),
      notFound: sum(sql`${tasks.leadCount} - ${tasks.foundCount}`),
      tasksFound: sql<number>`(count(*) filter (where ${tasks.foundCount} > 0))::int`,
      tasksNotFound: sql<number>`(count(*) filter (where ${tasks.foundCount} < ${tasks.leadCount}))::int`,
      chargedCents: sum(tasks.chargedCents),
      pricedTasks: count(tasks.chargedCents),
    })
    .from(tasks)
    .where(where)
    .groupBy(sql`bucket`, tasks.kind, tasks.status, tasks.deliveredVia);
}

/** Figures of the settled part of a cover. */
export async function readSettledFigures(
  tx: Transaction,
  cover: Pick<Cover, "days" | "hours">,
  bucketsStartAtMs: number[] = [],
): Promise<TaskFigures[]> {
  if (cover.days.length + cover.hours.length === 0) return [];
  const edges = `{${bucketsStartAtMs.map((at) => new Date(at).toISOString()).join()}}`;
  const bucket =
    bucketsStartAtMs.length === 0 ? sql`1` : sql`width_bucket(${settledTasks.startsAt}, ${edges}::timestamptz[])`;
  return tx
    .select({
      bucket: sql<number>`${bucket}`.as("bucket"),
      kind: settledTasks.kind,
      status: settledTasks.status,
      via: settledTasks.deliveredVia,
      tasks: sum(settledTasks.tasks),
      leads: sum(settledTasks.leads),
      found: sum(settledTasks.found),
      notFound: sum(settledTasks.notFound),
      tasksFound: sum(settledTasks.tasksFound),
      tasksNotFound: sum(settledTasks.tasksNotFound),
      chargedCents: sum(settledTasks.chargedCents),
      pricedTasks: sum(settledTasks.pricedTasks),
    })
    .from(settledTasks)
    .where(isCovered(settledTasks, cover))
    .groupBy(sql`bucket`, settledTasks.kind, settledTasks.status, settledTasks.deliveredVia);
}

/** Null counts as nothing; as a number, where the driver would give a long one as text. */
function sum(value: SQL | AnyPgColumn): SQL<number> {
  return sql<number>`coalesce(sum(${value}), 0)::float8`;
}
