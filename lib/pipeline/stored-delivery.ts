import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { deliveries, taskEvents } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { lockSixtyfourTasks } from "@/lib/pipeline/sixtyfour-task-lock";

export type StoredDelivery = typeof deliveries.$inferSelect;

/**
 * Runs `work` on a delivery that nobody else touches meanwhile: neither a second press, nor a submit's answer
 * about the same job.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function withStoredDelivery<T>(
  { db }: Context,
  deliveryId: string,
  work: (tx: Transaction, delivery: StoredDelivery) => Promise<T>,
): Promise<T> {
  const notFound = () => new AppError("not_found", "There is no such delivery.");
  if (!z.uuid().safeParse(deliveryId).success) throw notFound();
  return db.transaction(async (tx) => {
    const ofDelivery = eq(deliveries.id, deliveryId);
    const [found] = await tx.select({ taskId: deliveries.sixtyfourTaskId }).from(deliveries).where(ofDelivery);
    // The job's lock does what a row's would: all that applies deliveries takes it, and erasing locks the task first.
    if (found?.taskId) await lockSixtyfourTasks(tx, [found.taskId]);
    const [delivery] = await tx.select().from(deliveries).where(ofDelivery);
    if (!delivery) throw notFound();
    return work(tx, delivery);
  });
}

/** Says in the task's history that a person had a hand in what this transaction did with a delivery. */
export async function markInHistory(
  tx: Transaction,
  deliveryId: string,
  mark: { replayed: true } | { attached: true },
): Promise<void> {
  await tx
    .update(taskEvents)
    .set({ detail: sql`${taskEvents.detail} || ${JSON.stringify(mark)}::jsonb` })
    .where(
      and(
        eq(taskEvents.deliveryId, deliveryId),
        eq(taskEvents.type, "delivery"),
        // now() stands still within a transaction, so these are the entries that it wrote itself.
        eq(taskEvents.at, sql`now()`),
      ),
    );
}
