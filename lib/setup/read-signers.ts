import { and, desc, eq, inArray, sql } from "drizzle-orm";
import { deliveries } from "@/db/schema";
import type { Context } from "@/lib/context";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";
import { signersOf } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

const MAX_DELIVERIES = 50;
/** Fifty bodies of the largest size would be more than a process has memory for. */
const MAX_BYTES = 16_000_000;

/** One of the latest deliveries that were rightly signed: when it came, and which of our secrets it was signed by. */
export interface SignedDelivery {
  receivedAt: Date;
  /** For each secret, in their order. */
  signedBy: boolean[];
}

/**
 * Which of the app's secrets signed the latest deliveries, newest first: at most fifty, and those whose body is still
 * kept. It is computed anew from what is stored, since a delivery may bear a signature by each of two secrets.
 */
export async function readSigners({ db, webhook }: Pick<Context, "db" | "webhook">): Promise<SignedDelivery[]> {
  const { secrets } = webhook;
  const latest = await db
    .select({ id: deliveries.id, bytes: sql<number>`octet_length(${deliveries.body})` })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.signature, "valid"),
        sql`${deliveries.body} <> ''`,
        // The app signs its own test deliveries with the first one, whatever Sixtyfour does.
        sql`${deliveries.eventType} is distinct from ${PREFLIGHT_EVENT_TYPE}`,
      ),
    )
    .orderBy(desc(deliveries.id))
    .limit(MAX_DELIVERIES);
  let bytesSoFar = 0;
  const within = latest.filter(({ bytes }) => {
    bytesSoFar += bytes;
    return bytesSoFar <= MAX_BYTES;
  });
  const rows = await db
    .select({ receivedAt: deliveries.receivedAt, headers: deliveries.headers, rawBody: deliveries.body })
    .from(deliveries)
    .where(
      inArray(
        deliveries.id,
        within.map(({ id }) => id),
      ),
    )
    .orderBy(desc(deliveries.id));
  return (
    rows
      .map(({ receivedAt, headers, rawBody }) => {
        const header = headers[SIXTYFOUR_HEADERS.signature] ?? "";
        return { receivedAt, signedBy: signersOf({ header, rawBody, secrets }) };
      })
      // What a secret signed that is gone from the app tells nothing about those that are left.
      .filter(({ signedBy }) => signedBy.includes(true))
  );
}
