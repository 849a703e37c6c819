import { and, eq, inArray, ne, notInArray } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries } from "@/db/schema";

const isAccepted = notInArray(deliveries.outcome, ["refused", "malformed"]);

/** True if another delivery has the same event id and other content. One of the two is not what it says it is. */
export async function isEventIdReused(
  tx: Transaction,
  { eventId, deliveryId, bodySha256 }: { eventId: string; deliveryId: string; bodySha256: Uint8Array },
): Promise<boolean> {
  const isOther = and(eq(deliveries.eventId, eventId), ne(deliveries.id, deliveryId));
  const differs = ne(deliveries.bodySha256, bodySha256);
  const [other] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(isOther, differs, isAccepted))
    .limit(1);
  return other !== undefined;
}

/** Contents by event id of deliveries that are stored, or about to be. */
export type KnownEvents = Map<string, Set<string>>;

/** Returns the contents that are stored for these event ids. */
export async function findKnownEvents(tx: Transaction, eventIds: string[]): Promise<KnownEvents> {
  const known: KnownEvents = new Map();
  if (eventIds.length === 0) return known;
  const rows = await tx
    .selectDistinct({ eventId: deliveries.eventId, bodySha256: deliveries.bodySha256 })
    .from(deliveries)
    .where(and(inArray(deliveries.eventId, eventIds), isAccepted));
  for (const row of rows) noteEvent(known, row);
  return known;
}

/**
 * Adds a delivery to the known ones.
 *
 * @returns true if its event id was known with other content
 */
export function noteEvent(
  known: KnownEvents,
  { eventId, bodySha256 }: { eventId: string | null; bodySha256: Uint8Array | null },
): boolean {
  if (eventId === null || bodySha256 === null) return false;
  const contents = known.get(eventId) ?? new Set();
  contents.add(Buffer.from(bodySha256).toString("hex"));
  known.set(eventId, contents);
  return contents.size > 1;
}
