import { and, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { tasks } from "@/db/schema";
import { matchesOneByOne } from "@/lib/tasks/where-tasks";

/** A lead takes as long to be looked at as so much of a result does: together that is what a step may take for each lead. */
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
  db: Database | Transaction,
  { steps, ...given }: SkimInput & { steps: number[] },
): Promise<string[]> {
  const most = steps.at(-1) ?? 0;
  let ids: string[] = [];
  for (const leads of steps) {
    ids = await skim(db, { ...given, leads });
    if (ids.length === given.wanted || ids.length * (most / leads) * ALLOWANCE < given.wanted) break;
  }
  return ids;
}

interface SkimInput {
  q: string;
  /** The condition of the first so many tasks that are left to be searched, or of all. */
  where: (limit: number) => SQL | undefined;
  orderBy: SQL[];
  wanted: number;
}

/** What is looked at bears the name of its table, for the conditions and orders of tasks to be about it. */
async function skim(
  db: Database | Transaction,
  { q, where, orderBy, leads, wanted }: SkimInput & { leads: number },
): Promise<string[]> {
  const effort = sql`${tasks.leadCount} * ${sql.raw(String(BYTES_PER_LEAD))} + coalesce(pg_column_size(${tasks.result}), 0)`;
  const effortSoFar = sql<number>`sum(${effort}) over (order by ${sql.join(orderBy, sql`, `)} rows unbounded preceding)`;
  const looked = db
    .select({
      id: tasks.id,
      sixtyfourTaskId: tasks.sixtyfourTaskId,
      result: tasks.result,
      deliveredAt: tasks.deliveredAt,
      chargedCents: tasks.chargedCents,
      effort: effortSoFar.as("effort"),
    })
    .from(tasks)
    .where(where(leads))
    .orderBy(...orderBy)
    .limit(leads)
    .as("tasks");
  // In the order that it is in already, so that no more are looked at than it takes.
  const found = await db
    .select({ id: tasks.id })
    .from(looked)
    .where(and(sql`${looked.effort} <= ${2 * BYTES_PER_LEAD * leads}`, matchesOneByOne(q)))
    .orderBy(...orderBy)
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
