import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { tasks } from "@/db/schema";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { matchesOneByOne, whereTasks } from "@/lib/tasks/where-tasks";

/** A result is longer than one would think now and then; of so many bytes together no more are looked at. */
const MAX_BYTES = 1_000_000;

/**
 * Searches the first tasks of an order one by one, in that order. The index of words would collect all tasks that have a
 * word before the first can be told: so a common word is found quicker by looking, and takes no longer among a million.
 *
 * @param leads so many at most are looked at
 * @param wanted so many ids at most are returned; if there are fewer, there may be others beyond what was looked at
 */
export async function skimTasks(
  tx: Transaction,
  {
    filter: { q = "", ...filter },
    after,
    orderBy,
    leads,
    wanted,
  }: {
    filter: TaskFilter;
    after?: SQL | undefined;
    orderBy: SQL[];
    leads: number;
    wanted: number;
  },
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
    .where(and(sql`${looked.leads} <= ${leads}`, sql`${looked.bytes} <= ${MAX_BYTES}`, matchesOneByOne(q)))
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
