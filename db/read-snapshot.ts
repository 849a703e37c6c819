import type { Database, Transaction } from "@/db/client";

/**
 * Runs statements that only read, and all see the same moment. The first of them goes out with what says so, not after
 * its answer: were they ever to change places, Postgres would refuse both.
 */
export function readSnapshot<T>(db: Database, read: (tx: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (tx) => {
    const isSet = tx.setTransaction({ isolationLevel: "repeatable read", accessMode: "read only" });
    const [result] = await Promise.all([read(tx), isSet]);
    return result;
  });
}
