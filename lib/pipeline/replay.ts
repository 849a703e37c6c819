import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, sends } from "@/db/schema";
import type { Context } from "@/lib/context";
import { type DeliveryOutcome, isReplayable } from "@/lib/deliveries/delivery-view";
import { AppError } from "@/lib/errors";
import { applyStored } from "@/lib/pipeline/apply";
import { isEventIdReused } from "@/lib/pipeline/event-id-reuse";
import { parseDelivery } from "@/lib/pipeline/parse-delivery";
import { markInHistory, type StoredDelivery, withStoredDelivery } from "@/lib/pipeline/stored-delivery";

/**
 * Gives a stored delivery to its task once more, at a person's word and by the way that every delivery takes. It may be
 * pressed as often as one likes: an ended task stays as it is, and the log keeps which delivery ended it.
 *
 * @returns what this replay came to: `unmatched` where still no task has its task_id
 * @throws AppError `not_found`; `conflict` where the door would not let it in, with the reason in a sentence
 */
export async function replayDelivery(
  context: Context,
  { deliveryId }: { deliveryId: string },
): Promise<{ outcome: DeliveryOutcome; taskId: string | null }> {
  return withStoredDelivery(context, deliveryId, async (tx, delivery) => {
    if (!isReplayable(delivery)) throw new AppError("conflict", NOT_REPLAYED[delivery.outcome] ?? "");
    if (delivery.body.byteLength === 0) throw new AppError("conflict", "Its payload has been deleted.");
    const parsed = parseDelivery(delivery.body);
    if (parsed.about !== "task") throw new AppError("conflict", "Its payload is not about a task.");

    const send = await findSend(tx, delivery);
    if (!send) return { outcome: "unmatched", taskId: null };
    const outcome = await applyStored(tx, {
      ...send,
      deliveryId,
      attempt: delivery.attempt,
      event: parsed.event,
      isEventIdReused: await wasEventIdReused(tx, delivery),
    });
    await markInHistory(tx, deliveryId, { replayed: true });
    if (delivery.outcome === "applied") {
      // It is still the one that ended the task, even if its replay is a duplicate.
      const { outcome: first, flags } = delivery;
      await tx.update(deliveries).set({ outcome: first, flags }).where(eq(deliveries.id, deliveryId));
    }
    return { outcome, taskId: send.taskId };
  });
}

const NOT_REPLAYED: Partial<Record<DeliveryOutcome, string>> = {
  refused: "It was refused because nothing proves that it came from Sixtyfour. A replay would prove no more.",
  malformed: "It could not be read when it came, and a replay would read the same bytes.",
  workflow: "It is a workflow's own message and belongs to no task.",
  erased: "Its lead was erased, and its payload with it.",
};

/** The send that the delivery is about, judged as the door judges; null where there is none. */
async function findSend(tx: Transaction, delivery: StoredDelivery): Promise<{ taskId: string; sendId: string } | null> {
  const { sixtyfourTaskId } = delivery;
  if (sixtyfourTaskId === null) return null;
  const [send] = await tx
    .select({ taskId: sends.taskId, sendId: sends.id })
    .from(sends)
    .where(eq(sends.sixtyfourTaskId, sixtyfourTaskId));
  if (delivery.taskId !== null) {
    if (send?.taskId === delivery.taskId) return send;
    throw new AppError("conflict", "It names another job than the one that its task is known to have.");
  }
  if (!send || delivery.token === "right") return send ?? null;
  if (delivery.token === "wrong") {
    throw new AppError(
      "conflict",
      "It bore a token that is not this task's. Attach it to the task if you vouch for it.",
    );
  }
  if (delivery.signature !== "valid") {
    throw new AppError("conflict", "It bore no signature and no token. Attach it to its task if you vouch for it.");
  }
  return send;
}

/** True if its event id was reused. All other warnings are found again when it is applied. */
async function wasEventIdReused(tx: Transaction, delivery: StoredDelivery): Promise<boolean> {
  const { id: deliveryId, eventId, bodySha256, flags, outcome } = delivery;
  if (flags.includes("event_id_reused")) return true;
  // Of the others this was known when they arrived.
  if (outcome !== "unmatched" || eventId === null || bodySha256 === null) return false;
  return isEventIdReused(tx, { eventId, deliveryId, bodySha256 });
}
