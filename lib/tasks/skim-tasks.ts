import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { tasks } from "@/db/schema";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { matchesOneByOne, whereTasks } from "@/lib/tasks/where-tasks";

/** Results are longer than one would think now and then: so much of them is looked at for each lead on the average. */
const BYTES_PER_LEAD = 1_000;
/** What the first leads promise may be off by so much. */
const ALLOWANCE = 2;

/**
 * Searches the first tasks of an order one by one, in that order. The index of words would collect all tasks that have a
 * word before the first can be told: so a common word is found quicker by looking, and takes no longer among a million.
 *
 * @param steps so many leads are looked at, step by step, as long as they promise enough
 * @param wanted so many ids at most are returned; if there are fewer, there may be others beyond what was looked at
 */
export async function skimTasks(
  tx: Transaction,
  { steps, ...given }: SkimInput & { steps: number[] },
): Promise<string[]> {
  const most = steps.at(-1) ?? 0;
  let ids: string[] = [];
  for (const leads of steps) {
    ids = await skim(tx, { ...given, leads });
    if (ids.length === given.wanted || ids.length * (most / leads) * ALLOWANCE < given.wanted) break;
  }
  return ids;
}

interface SkimInput {
  filter: TaskFilter;
  after?: SQL | undefined;
  orderBy: SQL[];
  wanted: number;
}

async function skim(
  tx: Transaction,
  { filter: { q = "", ...filter }, after, orderBy, leads, wanted }: SkimInput & { leads: number },
): Promise<string[]> {
  const order = sql.join(orderBy, sql`, `);
  const sumUpTo = (value: SQL) => sql<number>`sum(${value}) over (order by ${order} rows unbounded preceding)`;
  const looked = tx
    .select({
      id: tasks.id,
      place: sql<number>`row_number() over (order by ${order})`.as("place"),
      leads: sumUpTo(sql`${tasks.leadCount}`).as("leads"),
      bytes: sumUpTo(sql`coalesce(pg_column_size(${tasks.result}), 0)`).as("bytes"),
    })
    .from(tasks)
    .where(and(whereTasks(filter), after))
    .orderBy(...orderBy)
    .limit(leads)
    .as("looked");
  const found = await tx
    .select({ id: tasks.id })
    .from(looked)
    .innerJoin(tasks, eq(tasks.id, looked.id))
    .where(and(sql`${looked.leads} <= ${leads}`, sql`${looked.bytes} <= ${BYTES_PER_LEAD * leads}`, matchesOneByOne(q)))
    .orderBy(looked.place)
    .limit(wanted);
  return found.map(({ id }) => id);
}

/**
 * Postgres does the rest of a transaction's reading without parallel workers: it takes each word for a common one, and to start
 * them takes longer than to find a rare one.
 */
export async function withoutWorkers(tx: Transaction): Promise<void> {
  await tx.execute(sql`select set_config('max_parallel_workers_per_gather', '0', true)`);
}
