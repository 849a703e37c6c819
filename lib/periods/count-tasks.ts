import { and, count, desc, eq, not, sql } from "drizzle-orm";
import { union } from "drizzle-orm/pg-core";
import type { Transaction } from "@/db/client";
import { readSnapshot } from "@/db/read-snapshot";
import { leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { findCover } from "@/lib/periods/find-cover";
import { readTaskFigures } from "@/lib/periods/task-figures";
import { skimTasks, withoutWorkers } from "@/lib/tasks/skim-tasks";
import { isNarrowing, type TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";
import type { TaskCounts } from "@/lib/tasks/task-view";
import { whereFirst } from "@/lib/tasks/where-first";
import { matchesByIndex, spanOfFilter, whereTasks } from "@/lib/tasks/where-tasks";

/** How many leads are looked through for a common word, and how many tasks that have it are enough to say so. */
const LEADS_SKIMMED = { first: 100, most: 2_500 };
const MANY = 100;
const MAX_COUNTED = 5_000;
const FEW_TASKS = 20_000;

/** How many tasks a filter leaves in each status. Its own `status` does not count: each is there to be chosen. */
export async function countTasks({ db }: Context, { status: _, ...filter }: TaskFilter): Promise<TaskCounts> {
  const { q } = filter;
  return readSnapshot(db, async (tx) => {
    const [{ rows, isAtLeast }, [newest]] = await Promise.all([
      q ? countMatches(tx, filter) : countExactly(tx, filter),
      tx.select({ id: tasks.id }).from(tasks).orderBy(desc(tasks.id)).limit(1),
    ]);
    const byStatus = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
    for (const row of rows) byStatus[row.status] += row.tasks;
    const all = totalOf(rows);
    return { byStatus, newestId: newest?.id ?? null, all, isAtLeast };
  });
}

interface StatusCount {
  status: TaskStatus;
  tasks: number;
}

interface Counted {
  rows: StatusCount[];
  /** There may be more than were counted. */
  isAtLeast: boolean;
}

async function countExactly(tx: Transaction, filter: TaskFilter): Promise<Counted> {
  const { submission, reason, found } = filter;
  const areFiguresEnough = !submission && !reason && (!found || found === "yes" || found === "no");
  return { rows: await (areFiguresEnough ? readFigures(tx, filter) : countRows(tx, filter)), isAtLeast: false };
}

/** What settled periods can tell apart is not counted from a million rows. */
async function readFigures(tx: Transaction, filter: TaskFilter): Promise<StatusCount[]> {
  const { kind, via, found } = filter;
  const span = spanOfFilter(filter);
  const figures = await readTaskFigures(tx, { span, cover: await findCover(tx, span) });
  return figures
    .filter((one) => !kind || (kind as string[]).includes(one.kind))
    .filter((one) => !via || (via === "none" ? one.via === null : one.via === via))
    .map(({ status, ...one }) => {
      return { status, tasks: found === "yes" ? one.tasksFound : found === "no" ? one.tasksNotFound : one.tasks };
    });
}

async function countRows(tx: Transaction, filter: TaskFilter, limit?: number): Promise<StatusCount[]> {
  const found = tx.select({ status: tasks.status }).from(tasks).where(whereTasks(filter));
  const some = (limit === undefined ? found : found.limit(limit)).as("found");
  return tx.select({ status: some.status, tasks: count() }).from(some).groupBy(some.status);
}

/**
 * What a search finds is counted one by one, so no further than to some thousands; and where it finds much among the newest,
 * just these.
 */
async function countMatches(tx: Transaction, filter: TaskFilter): Promise<Counted> {
  if (!(await hasFew(tx))) {
    const { q = "", ...rest } = filter;
    const where = (limit: number) => whereFirst({ filter: rest, limit });
    const many = await skimTasks(tx, { q, where, orderBy: [desc(tasks.id)], ...LEADS_SKIMMED, wanted: MANY });
    if (many.length === MANY) return { rows: many.map(({ status }) => ({ status, tasks: 1 })), isAtLeast: true };
  }
  const { q = "", ...others } = filter;
  return withoutWorkers(tx, async () => {
    if (!isNarrowing(others)) return countByIndex(tx, q);
    const rows = await countRows(tx, filter, MAX_COUNTED);
    return { rows, isAtLeast: totalOf(rows) === MAX_COUNTED };
  });
}

/**
 * Leads have few words, and results many that begin alike: so where the leads are as many as are counted, results are not
 * asked for. Not beside another filter, which Postgres would begin with, to read the words of each that it leaves.
 */
async function countByIndex(tx: Transaction, q: string): Promise<Counted> {
  const { id, status } = tasks;
  const { ofLead, ofResult, ofTask } = matchesByIndex(q);
  const byLeads = tx
    .$with("by_leads")
    .as(tx.select({ id, status }).from(leads).innerJoin(tasks, eq(id, leads.taskId)).where(ofLead).limit(MAX_COUNTED));
  const areEnough = sql<boolean>`(select count(*) = ${MAX_COUNTED} from ${byLeads})`;
  const found = union(
    tx.select().from(byLeads),
    tx
      .select({ id, status })
      .from(tasks)
      .where(and(not(areEnough), ofResult))
      .limit(MAX_COUNTED),
    tx.select({ id, status }).from(tasks).where(ofTask),
  ).as("found");
  const rows = await tx
    .with(byLeads)
    .select({ status: found.status, tasks: count(), areEnough })
    .from(found)
    .groupBy(found.status);
  return { rows, isAtLeast: totalOf(rows) >= MAX_COUNTED || rows.some((row) => row.areEnough) };
}

function totalOf(rows: StatusCount[]): number {
  return rows.reduce((total, row) => total + row.tasks, 0);
}

/** Whether all there are can be counted at any time, as far as Postgres knows. */
async function hasFew(tx: Transaction): Promise<boolean> {
  const [table] = await tx.execute<{ tasks: number }>(
    sql`select reltuples::float8 as tasks from pg_class where oid = 'tasks'::regclass`,
  );
  return (table?.tasks ?? 0) < FEW_TASKS;
}
