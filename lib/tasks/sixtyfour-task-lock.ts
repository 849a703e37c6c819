import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";

/**
 * Lets one transaction at a time deal with a Sixtyfour `task_id`. A webhook can arrive before the answer to the submit
 * that started its job has been stored; without taking turns, neither of the two would see the other.
 */
export async function lockSixtyfourTask(tx: Transaction, sixtyfourTaskId: string): Promise<void> {
  const lock = sql`select pg_advisory_xact_lock(hashtextextended(${sixtyfourTaskId}, 64))`;
  await tx.execute(lock);
}
