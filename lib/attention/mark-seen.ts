import { and, eq, isNull, lte, sql } from "drizzle-orm";
import { deliveries } from "@/db/schema";
import type { Context } from "@/lib/context";

/** Somebody has looked at the deliveries of an outcome, up to the newest one that they were shown. They stay in the log. */
export async function markSeen(
  { db }: Context,
  { outcome, upToId }: { outcome: "unmatched" | "conflict"; upToId: string },
): Promise<void> {
  await db
    .update(deliveries)
    .set({ seenAt: sql`now()` })
    .where(and(eq(deliveries.outcome, outcome), isNull(deliveries.seenAt), lte(deliveries.id, upToId)));
}
