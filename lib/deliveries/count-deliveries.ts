import { and, gte, inArray, isNull, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries, rejectedDeliveries } from "@/db/schema";
import { REJECTED_OUTCOMES } from "@/lib/deliveries/delivery-view";

type Delivery = typeof deliveries.$inferSelect;

/** Number of deliveries that have outcome, signature and token in common. */
export interface DeliveryCount extends Pick<Delivery, "outcome" | "signature" | "token"> {
  deliveries: number;
}

/**
 * Counts the webhook requests that were rejected since a moment, by whole minutes: those of `rejected_deliveries`, and those
 * that were stored one by one before that table existed.
 */
export async function countRejections(db: Database | Transaction, since: Date): Promise<DeliveryCount[]> {
  const { outcome, signature, token } = deliveries;
  const [stored, counted] = await Promise.all([
    db
      .select({ outcome, signature, token, deliveries: sql<number>`count(*)::int` })
      .from(deliveries)
      .where(
        and(
          isNull(deliveries.sampleOf),
          inArray(outcome, [...REJECTED_OUTCOMES]),
          gte(deliveries.id, firstIdAt(since.getTime())),
        ),
      )
      .groupBy(outcome, signature, token),
    countRejected(db, since),
  ]);
  return [...stored, ...counted].filter(({ outcome }) => REJECTED_OUTCOMES.some((rejected) => rejected === outcome));
}

/** Counts the requests of `rejected_deliveries` since a moment, among them the unmatched ones that nothing vouched for. */
export async function countRejected(db: Database | Transaction, since: Date): Promise<DeliveryCount[]> {
  const { outcome, signature, token } = rejectedDeliveries;
  return db
    .select({ outcome, signature, token, deliveries: sql<number>`sum(${rejectedDeliveries.count})::int` })
    .from(rejectedDeliveries)
    .where(gte(rejectedDeliveries.minute, sql`date_trunc('minute', ${since.toISOString()}::timestamptz)`))
    .groupBy(outcome, signature, token);
}
