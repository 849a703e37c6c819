import { eq } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, taskEvents, tasks } from "@/db/schema";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { settle } from "@/lib/tasks/settle";
import { readCostInCents, readTaskEnd } from "@/lib/tasks/task-end";

export type DeliveryOutcome = (typeof deliveries.$inferSelect)["outcome"];

/**
 * Gives a stored delivery to its task: ends the task where it is still open, and says so in the log and the history
 * either way.
 */
export async function applyDelivery(
  tx: Transaction,
  input: { taskId: string; deliveryId: string; attempt: number | null; event: SixtyfourWebhookEvent },
): Promise<DeliveryOutcome> {
  const { taskId, deliveryId, attempt, event } = input;
  // The lock makes this delivery and a poll of the same moment take turns, so that the outcome below is what happened.
  const [task] = await tx.select({ status: tasks.status }).from(tasks).where(eq(tasks.id, taskId)).for("update");
  if (!task) return "unmatched";

  const end = readTaskEnd(event);
  const hadEnded = ["completed", "failed", "cancelled"].includes(task.status);
  const outcome = !end ? "noted" : !hadEnded ? "applied" : task.status === end.status ? "duplicate" : "conflict";

  await tx.update(deliveries).set({ taskId, outcome }).where(eq(deliveries.id, deliveryId));
  await tx.insert(taskEvents).values({ taskId, type: "delivery", deliveryId, detail: { outcome, attempt } });
  if (end && outcome === "applied") {
    await settle(tx, {
      taskId,
      end,
      courier: { via: "webhook", deliveryId, attempt },
      sixtyfourStatus: event.status,
      chargedCents: readCostInCents(event.result),
    });
  }
  return outcome;
}
