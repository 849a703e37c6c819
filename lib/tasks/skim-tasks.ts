import { and, not, type SQL, sql } from "drizzle-orm";
import { unionAll } from "drizzle-orm/pg-core";
import type { Database, Transaction } from "@/db/client";
import { tasks } from "@/db/schema";
import type { TaskStatus } from "@/lib/tasks/task-status";
import { matchesOneByOne } from "@/lib/tasks/where-tasks";

/** A lead takes as long to be looked at as so much of a result does: together that is what a step may take for each lead. */
const BYTES_PER_LEAD = 1_000;
/** What the first leads promise may be off by so much. */
const ALLOWANCE = 2;

/**
 * Searches the first tasks of an order one by one, in that order. The index of words would collect all tasks that have a
 * word before the first can be told: so a common word is found quicker by looking, and takes no longer among a million.
 *
 * @param first so many leads are looked at
 * @param most so many altogether, where the first promise enough
 * @param wanted so many tasks at most are returned; if there are fewer, there may be others beyond what was looked at
 */
export async function skimTasks(
  db: Database | Transaction,
  { q, where, orderBy, first, most, wanted }: SkimInput,
): Promise<{ id: string; status: TaskStatus }[]> {
  const few = lookAt(db, { where: where(first), orderBy, leads: first });
  // In the order that it is in already, so that no more are looked at than it takes.
  const atFirst = db.$with("at_first").as(
    db
      .select({ id: few.id, status: few.status })
      .from(few)
      .where(and(isWithin(few, first), matchesOneByOne(q)))
      .orderBy(...orderBy)
      .limit(wanted),
  );
  const many = lookAt(db, { where: where(most), orderBy, leads: most });
  const enough = Math.ceil((wanted * first) / (most * ALLOWANCE));
  const stillWanted = sql<number>`(select case when count(*) >= ${enough} then ${wanted} - count(*) else 0 end from ${atFirst})`;
  const further = db
    .select({ id: many.id, status: many.status })
    .from(many)
    .where(and(not(isWithin(many, first)), isWithin(many, most), matchesOneByOne(q)))
    .orderBy(...orderBy)
    // It takes any expression; its types know of numbers alone.
    .limit(stillWanted as unknown as number);
  const found = unionAll(db.select().from(atFirst), further).as("found");
  return db.with(atFirst).select().from(found);
}

interface SkimInput {
  q: string;
  /** The condition of the first so many tasks that are left to be searched, or of all. */
  where: (limit: number) => SQL | undefined;
  orderBy: SQL[];
  first: number;
  most: number;
  wanted: number;
}

/** Whether a task is among so many, and looking as far as it takes no longer than so many should. */
function isWithin({ place, effort }: ReturnType<typeof lookAt>, leads: number): SQL {
  return sql`(${place} <= ${leads} and ${effort} <= ${2 * BYTES_PER_LEAD * leads})`;
}

/** Bears the name of its table, for the conditions and orders of tasks to be about it. */
function lookAt(
  db: Database | Transaction,
  { where, orderBy, leads }: { where: SQL | undefined; orderBy: SQL[]; leads: number },
) {
  const soFar = sql`over (order by ${sql.join(orderBy, sql`, `)} rows unbounded preceding)`;
  const effort = sql`${tasks.leadCount} * ${BYTES_PER_LEAD}::int + coalesce(pg_column_size(${tasks.result}), 0)`;
  return db
    .select({
      id: tasks.id,
      status: tasks.status,
      sixtyfourTaskId: tasks.sixtyfourTaskId,
      result: tasks.result,
      deliveredAt: tasks.deliveredAt,
      chargedCents: tasks.chargedCents,
      place: sql<number>`row_number() ${soFar}`.as("place"),
      effort: sql<number>`sum(${effort}) ${soFar}`.as("effort"),
    })
    .from(tasks)
    .where(where)
    .orderBy(...orderBy)
    .limit(leads)
    .as("tasks");
}

/**
 * Postgres does the rest of a transaction's reading without parallel workers: it takes each word for a common one, and to start
 * them takes longer than to find a rare one. What is read goes out with what says so, not after its answer.
 */
export async function withoutWorkers<T>(tx: Transaction, read: () => Promise<T>): Promise<T> {
  const isSet = tx.execute(sql`select set_config('max_parallel_workers_per_gather', '0', true)`).execute();
  const [result] = await Promise.all([read(), isSet]);
  return result;
}
