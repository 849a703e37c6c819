import { and, eq, ne, notInArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";

/** Whether another delivery has the same event id and other content. One of the two is not what it says it is. */
export async function isEventIdReused(
  tx: Transaction,
  { eventId, deliveryId, bodySha256 }: { eventId: string; deliveryId: string; bodySha256: Uint8Array },
): Promise<boolean> {
  const [other] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.eventId, eventId),
        ne(deliveries.id, deliveryId),
        ne(deliveries.bodySha256, bodySha256),
        notInArray(deliveries.outcome, ["refused", "malformed"]),
      ),
    )
    .limit(1);
  return other !== undefined;
}
