import type postgres from "postgres";

/**
 * Ends a transaction together with its connection. The driver rejects the transaction, but it would still send the rollback,
 * and every later statement of it, to the connection: one that is closed then hangs when it is opened again, and one
 * that was opened again runs the statements outside the transaction, or in somebody else's.
 */
export function endWithConnection(client: postgres.Sql): postgres.Sql {
  const begin = client.begin.bind(client) as (run: (tx: postgres.TransactionSql) => unknown) => Promise<unknown>;
  const guarded = async (run: (tx: postgres.TransactionSql) => unknown) => {
    let isLost = false;
    const transaction = begin(async (tx) => {
      const { unsafe } = tx;
      tx.unsafe = ((...given: Parameters<typeof unsafe>) => {
        if (isLost) throw new Error("The connection of this transaction was lost.");
        return unsafe(...given);
      }) as typeof unsafe;
      const outcome = await Promise.allSettled([run(tx)]);
      // The loss is told right after the rejection of the statement that it interrupted.
      if (outcome[0].status === "rejected") await new Promise((resolve) => setImmediate(resolve));
      // Without an answer the driver sends nothing more.
      if (isLost) await new Promise(() => {});
      if (outcome[0].status === "rejected") throw outcome[0].reason;
      return outcome[0].value;
    });
    transaction.catch(() => {
      isLost = true;
    });
    return transaction;
  };
  return Object.assign(client, { begin: guarded });
}
