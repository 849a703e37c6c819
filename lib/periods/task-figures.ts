import { and, count, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import type { Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { settledTasks, tasks } from "@/db/schema";
import type { Span } from "@/lib/period";
import { type Cover, isCovered, isMadeWithin } from "@/lib/periods/find-cover";
import { hasEndedTask, isOpenTask } from "@/lib/tasks/open-tasks";
import type { TaskStatus } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** What some tasks come to. */
interface Figures {
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

/** Figures of the tasks that have kind, status and courier in common. */
export interface TaskFigures extends Figures {
  kind: string;
  status: TaskStatus;
  via: TaskView["deliveredVia"];
}

/** Figures of the tasks that have in common what is not null: a bucket and a courier, a kind and a courier, or a status. */
export interface TaskTotals extends Figures {
  /** Which of the given buckets they are of, from 1. */
  bucket: number | null;
  kind: string | null;
  status: TaskStatus | null;
  via: TaskView["deliveredVia"];
}

/** Null counts as nothing; as a number, where the driver would give a long one as text. */
const sum = (value: SQL | AnyPgColumn) => sql<number>`coalesce(sum(${value}), 0)::float8`;

/** The one way in which rows become figures; for settling, too. */
const figuresOfTasks = {
  tasks: count(),
  leads: sum(tasks.leadCount),
  found: sum(tasks.foundCount),
  notFound: sum(sql`${tasks.leadCount} - ${tasks.foundCount}`),
  tasksFound: sql<number>`(count(*) filter (where ${tasks.foundCount} > 0))::int`,
  tasksNotFound: sql<number>`(count(*) filter (where ${tasks.foundCount} < ${tasks.leadCount}))::int`,
  chargedCents: sum(tasks.chargedCents),
  pricedTasks: count(tasks.chargedCents),
};

const figuresOfSettled = {
  tasks: sum(settledTasks.tasks),
  leads: sum(settledTasks.leads),
  found: sum(settledTasks.found),
  notFound: sum(settledTasks.notFound),
  tasksFound: sum(settledTasks.tasksFound),
  tasksNotFound: sum(settledTasks.tasksNotFound),
  chargedCents: sum(settledTasks.chargedCents),
  pricedTasks: sum(settledTasks.pricedTasks),
};

interface Spanned {
  span: Span;
  cover: Cover;
}

/**
 * Figures of all tasks that were created in a span, exact to the task: of what has ended from settled periods where there
 * are any, else from the rows, and of what is open from its index. More than one may be of the same group.
 */
export async function readTaskFigures(tx: Transaction, { span, cover }: Spanned): Promise<TaskFigures[]> {
  const { open, unsettled } = partsOf({ span, cover });
  const figures = await Promise.all([
    countTasks(tx, open),
    unsettled ? countTasks(tx, unsettled) : [],
    readSettledFigures(tx, cover),
  ]);
  return figures.flat();
}

/**
 * The same added up in three ways, each of which has all: by bucket and courier, by kind and courier, and by status. So
 * they are some hundred rows where each group in each bucket would be a thousand.
 *
 * @param bucketsStartAtMs where to cut the span in parts; each period of the cover lies in one of them
 */
export async function readTaskTotals(
  tx: Transaction,
  { bucketsStartAtMs, ...spanned }: Spanned & { bucketsStartAtMs: number[] },
): Promise<TaskTotals[]> {
  const { open, unsettled } = partsOf(spanned);
  const totals = await Promise.all([
    addUpTasks(tx, bucketsStartAtMs, open),
    unsettled ? addUpTasks(tx, bucketsStartAtMs, unsettled) : [],
    addUpSettled(tx, bucketsStartAtMs, spanned.cover),
  ]);
  return totals.flat();
}

/** What of a span is counted from rows. */
function partsOf({ span, cover }: Spanned): { open: SQL | undefined; unsettled: SQL | undefined } {
  return {
    open: and(isOpenTask, isMadeWithin(tasks.id, [span])),
    unsettled: cover.unsettled.length === 0 ? undefined : and(hasEndedTask, isMadeWithin(tasks.id, cover.unsettled)),
  };
}

/** Figures of the tasks that fit a condition. */
export async function countTasks(tx: Transaction, where: SQL | undefined): Promise<TaskFigures[]> {
  const { kind, status, deliveredVia: via } = tasks;
  return tx
    .select({ kind, status, via, ...figuresOfTasks })
    .from(tasks)
    .where(where)
    .groupBy(kind, status, via);
}

/** Figures of the settled part of a cover. */
export async function readSettledFigures(
  tx: Transaction,
  cover: Pick<Cover, "days" | "hours">,
): Promise<TaskFigures[]> {
  if (cover.days.length + cover.hours.length === 0) return [];
  const { kind, status, deliveredVia: via } = settledTasks;
  return tx
    .select({ kind, status, via, ...figuresOfSettled })
    .from(settledTasks)
    .where(isCovered(settledTasks, cover))
    .groupBy(kind, status, via);
}

async function addUpTasks(tx: Transaction, bucketsStartAtMs: number[], where: SQL | undefined): Promise<TaskTotals[]> {
  const edges = `{${bucketsStartAtMs.map(firstIdAt).join()}}`;
  const { columns, sets } = threeWays(tasks, sql`width_bucket(${tasks.id}, ${edges}::uuid[])`);
  return tx
    .select({ ...columns, ...figuresOfTasks })
    .from(tasks)
    .where(where)
    .groupBy(sets);
}

async function addUpSettled(
  tx: Transaction,
  bucketsStartAtMs: number[],
  cover: Pick<Cover, "days" | "hours">,
): Promise<TaskTotals[]> {
  if (cover.days.length + cover.hours.length === 0) return [];
  const edges = `{${bucketsStartAtMs.map((at) => new Date(at).toISOString()).join()}}`;
  const bucket = sql`width_bucket(${settledTasks.startsAt}, ${edges}::timestamptz[])`;
  const { columns, sets } = threeWays(settledTasks, bucket);
  return tx
    .select({ ...columns, ...figuresOfSettled })
    .from(settledTasks)
    .where(isCovered(settledTasks, cover))
    .groupBy(sets);
}

function threeWays({ kind, status, deliveredVia: via }: typeof tasks | typeof settledTasks, bucket: SQL) {
  return {
    columns: {
      bucket: sql<number | null>`${bucket}`.as("bucket"),
      kind: sql<string | null>`${kind}`,
      status: sql<TaskStatus | null>`${status}`,
      via: sql<TaskView["deliveredVia"]>`${via}`,
    },
    sets: sql`grouping sets ((bucket, ${via}), (${kind}, ${via}), (${status}))`,
  };
}
