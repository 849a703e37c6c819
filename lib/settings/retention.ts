import { sql } from "drizzle-orm";
import { settings } from "@/db/schema";
import type { Actor } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

const MAX_RETENTION_IN_DAYS = 36_500;

/** Number of days that something is kept, null for forever, and who set it: an admin, or the variable or its default. */
export interface RetentionSetting {
  days: number | null;
  by: "admin" | "variable";
}

export interface Retention {
  deliveries: RetentionSetting;
  rejected: RetentionSetting;
}

/** Returns how long deliveries are kept, and rejected ones. */
export async function getRetention({
  db,
  retentionInDays,
  rejectedRetentionInDays,
}: Pick<Context, "db" | "retentionInDays" | "rejectedRetentionInDays">): Promise<Retention> {
  const [row] = await db
    .select({ deliveries: settings.retentionDays, rejected: settings.rejectedRetentionDays })
    .from(settings);
  return {
    deliveries: settingOf(row?.deliveries ?? null, retentionInDays),
    rejected: settingOf(row?.rejected ?? null, rejectedRetentionInDays),
  };
}

function settingOf(stored: number | null, variable: number | null): RetentionSetting {
  if (stored === null) return { days: variable, by: "variable" };
  return { days: stored === 0 ? null : stored, by: "admin" };
}

/** A number of days, "forever", or null for the variable. */
export type GivenRetention = number | "forever" | null;

/**
 * Sets how long deliveries are kept, over RETENTION_DAYS and REJECTED_RETENTION_DAYS.
 *
 * @throws AppError `invalid_input`
 */
export async function setRetention(
  context: Context,
  actor: Actor,
  { deliveries, rejected }: { deliveries: GivenRetention; rejected: GivenRetention },
): Promise<void> {
  const set = { retentionDays: toStored(deliveries), rejectedRetentionDays: toStored(rejected) };
  await context.db
    .insert(settings)
    .values(set)
    .onConflictDoUpdate({ target: settings.id, set: { ...set, updatedAt: sql`now()` } });
  const detail = { days: deliveries, rejectedDays: rejected };
  await recordAudit(context, { actor, action: "retention.set", detail });
}

function toStored(days: GivenRetention): number | null {
  if (days === null) return null;
  if (days === "forever") return 0;
  if (Number.isInteger(days) && days >= 1 && days <= MAX_RETENTION_IN_DAYS) return days;
  throw new AppError("invalid_input", `Enter whole days from 1 to ${MAX_RETENTION_IN_DAYS}, "forever", or nothing.`);
}
