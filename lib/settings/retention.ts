import { sql } from "drizzle-orm";
import { settings } from "@/db/schema";
import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

export const MAX_RETENTION_IN_DAYS = 36_500;

/** How long payloads of deliveries are kept, and who says so: an admin, the variable, or nobody, which keeps them. */
export interface Retention {
  days: number | null;
  by: "admin" | "variable" | "nobody";
}

/** How long payloads of deliveries are kept. */
export async function getRetention({
  db,
  retentionInDays,
}: Pick<Context, "db" | "retentionInDays">): Promise<Retention> {
  const [row] = await db.select({ days: settings.retentionDays }).from(settings);
  if (row?.days) return { days: row.days, by: "admin" };
  return retentionInDays === undefined ? { days: null, by: "nobody" } : { days: retentionInDays, by: "variable" };
}

/**
 * Sets how long payloads of deliveries are kept, over RETENTION_DAYS.
 *
 * @param days null leaves it to the variable
 * @throws AppError `invalid_input`
 */
export async function setRetention(context: Context, actor: Actor, days: number | null): Promise<void> {
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= MAX_RETENTION_IN_DAYS)) {
    throw new AppError("invalid_input", `Give whole days, from 1 to ${MAX_RETENTION_IN_DAYS}; or nothing.`);
  }
  await context.db
    .insert(settings)
    .values({ retentionDays: days })
    .onConflictDoUpdate({ target: settings.id, set: { retentionDays: days, updatedAt: sql`now()` } });
  await recordAudit(context, { actor, action: "retention.set", detail: { days } });
}
