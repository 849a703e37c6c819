import { and, eq, sql } from "drizzle-orm";
import { deliveries, leads, rejectedDeliveries, tasks } from "@/db/schema";
import type { DeliveryView } from "@/lib/deliveries/delivery-view";

/** The columns of a delivery's view, all but headers and body; a query of them joins {@link leadOfDelivery} and {@link taskOfDelivery}. */
export const deliveryColumns = {
  id: deliveries.id,
  receivedAt: deliveries.receivedAt,
  eventId: deliveries.eventId,
  eventType: deliveries.eventType,
  attempt: deliveries.attempt,
  signature: deliveries.signature,
  signatureCount: deliveries.signatureCount,
  signatureAgeSeconds: deliveries.signatureAgeSeconds,
  token: deliveries.token,
  outcome: deliveries.outcome,
  flags: deliveries.flags,
  answer: deliveries.answer,
  handledMs: deliveries.handledMs,
  bodyBytes: deliveries.bodyBytes,
  sixtyfourTaskId: deliveries.sixtyfourTaskId,
  status: deliveries.status,
  taskType: deliveries.taskType,
  taskId: deliveries.taskId,
  // The count stands beside the newest sample only.
  notKept: sql<number>`coalesce((select ${rejectedDeliveries.count} - ${rejectedDeliveries.samples}
    from ${rejectedDeliveries} where ${rejectedDeliveries.id} = ${deliveries.sampleOf}
      and ${rejectedDeliveries.lastSampleId} = ${deliveries.id}), 0)`,
};

export const taskOfDelivery = eq(tasks.id, deliveries.taskId);
export const leadOfDelivery = and(eq(leads.taskId, deliveries.taskId), eq(leads.position, 0));

/** Turns a row into what goes out. */
export function toDeliveryView(row: {
  delivery: Pick<typeof deliveries.$inferSelect, Exclude<keyof typeof deliveryColumns, "notKept">> & {
    notKept: number;
  };
  lead: Record<string, string> | null;
  erasedAt: Date | null;
}): DeliveryView {
  const { taskId, receivedAt, ...delivery } = row.delivery;
  return {
    ...delivery,
    receivedAt: receivedAt.toISOString(),
    task: taskId === null ? null : { id: taskId, lead: row.lead ?? {}, erasedAt: row.erasedAt?.toISOString() ?? null },
  };
}
