import { and, eq, ne, notInArray, type SQL } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";

/** Deliveries that have an event id, and other content than this. One of the two is not what it says it is. */
export function ofReusedEventId({
  eventId,
  bodySha256,
}: {
  eventId: string | SQL;
  bodySha256: Uint8Array | SQL;
}): SQL | undefined {
  return and(
    eq(deliveries.eventId, eventId),
    ne(deliveries.bodySha256, bodySha256),
    notInArray(deliveries.outcome, ["refused", "malformed"]),
  );
}

/** Whether another delivery has the same event id and other content. */
export async function isEventIdReused(
  tx: Transaction,
  { eventId, deliveryId, bodySha256 }: { eventId: string; deliveryId?: string; bodySha256: Uint8Array },
): Promise<boolean> {
  const isOther = and(
    ofReusedEventId({ eventId, bodySha256 }),
    deliveryId === undefined ? undefined : ne(deliveries.id, deliveryId),
  );
  const [other] = await tx.select({ id: deliveries.id }).from(deliveries).where(isOther).limit(1);
  return other !== undefined;
}
