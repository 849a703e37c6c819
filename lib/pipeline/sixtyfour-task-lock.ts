import { sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";

/**
 * Lets one transaction at a time deal with a Sixtyfour `task_id`. A webhook can arrive before the answer to the submit
 * that started its job is stored; without the lock, neither of the two would see the other. The same goes for two webhooks
 * with one event id. All are locked in one order, so that two transactions never wait for each other.
 */
export async function lockSixtyfourTasks(
  tx: Transaction,
  sixtyfourTaskIds: string[],
  eventIds: string[] = [],
): Promise<void> {
  const names = [...sixtyfourTaskIds, ...eventIds.map((id) => `event ${id}`)];
  if (names.length === 0) return;
  await tx.execute(sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(name, 64) as key
      from json_array_elements_text(${JSON.stringify(names)}::json) as name
      order by key
    ) as ordered`);
}
