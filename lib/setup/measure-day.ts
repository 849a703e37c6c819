import { and, count, eq, gte, isNull, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries, rejectedDeliveries, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";

const DAY_IN_MS = 86_400_000;

/** How the last 24 hours went, as far as Sixtyfour's checklist asks. The app's own test deliveries don't count. */
export interface DayFigures {
  deliveries: number;
  /** The longest that a delivery which was taken had to wait until it was stored. */
  slowestMs: number | null;
  /** Deliveries that were not the first attempt. */
  retries: number;
  duplicates: number;
  unmatched: number;
  /** By the verdict on their signature. */
  signatures: { valid: number; mismatch: number; missing: number };
  /** None that did not match is newer than the newest that did. */
  newestMatches: boolean;
  /** Tasks for which a webhook was asked, by what brought their end. */
  via: { webhook: number; poll: number; reconcile: number };
}

export async function measureDay({ db }: Pick<Context, "db">, now = new Date()): Promise<DayFigures> {
  const since = new Date(now.getTime() - DAY_IN_MS);
  const where = (condition: ReturnType<typeof sql>) => sql<number>`(count(*) filter (where ${condition}))::int`;
  const sumWhere = (condition: ReturnType<typeof sql>) =>
    sql<number>`coalesce(sum(${rejectedDeliveries.count}) filter (where ${condition}), 0)::int`;
  const newest = (verdict: string) =>
    sql`max(${deliveries.receivedAt}) filter (where ${deliveries.signature} = ${verdict})`;
  const [[day], counted, ended] = await Promise.all([
    db
      .select({
        deliveries: count(),
        slowestMs: sql<number | null>`max(${deliveries.handledMs}) filter (where ${deliveries.answer} = 200)`,
        retries: where(sql`${deliveries.attempt} > 1`),
        duplicates: where(sql`${deliveries.outcome} = 'duplicate'`),
        unmatched: where(sql`${deliveries.outcome} = 'unmatched'`),
        valid: where(sql`${deliveries.signature} = 'valid'`),
        mismatch: where(sql`${deliveries.signature} = 'mismatch'`),
        missing: where(sql`${deliveries.signature} = 'missing'`),
        newestValidAt: sql<string | null>`${newest("valid")}`,
        newestMismatchAt: sql<string | null>`${newest("mismatch")}`,
      })
      .from(deliveries)
      .where(
        and(
          gte(deliveries.id, firstIdAt(since.getTime())),
          isNull(deliveries.sampleOf),
          sql`${deliveries.eventType} is distinct from ${PREFLIGHT_EVENT_TYPE}`,
        ),
      ),
    db
      .select({
        deliveries: sumWhere(sql`true`),
        unmatched: sumWhere(sql`${rejectedDeliveries.outcome} = 'unmatched'`),
        valid: sumWhere(sql`${rejectedDeliveries.signature} = 'valid'`),
        mismatch: sumWhere(sql`${rejectedDeliveries.signature} = 'mismatch'`),
        missing: sumWhere(sql`${rejectedDeliveries.signature} = 'missing'`),
        newestMismatchAt: sql<string | null>`max(${rejectedDeliveries.lastAt}) filter (
          where ${rejectedDeliveries.signature} = 'mismatch')`,
      })
      .from(rejectedDeliveries)
      .where(gte(rejectedDeliveries.minute, since)),
    db
      .select({ via: tasks.deliveredVia, tasks: count() })
      .from(tasks)
      .where(and(gte(tasks.deliveredAt, since), eq(tasks.webhookRequested, true)))
      .groupBy(tasks.deliveredVia),
  ]);
  if (!day) throw new Error("Postgres returned no row for a count.");
  const [rejected] = counted;
  const add = (name: "deliveries" | "unmatched" | "valid" | "mismatch" | "missing") =>
    day[name] + (rejected?.[name] ?? 0);
  const { slowestMs, retries, duplicates } = day;
  const newestMismatchMs = Math.max(...[day, rejected].map((some) => Date.parse(some?.newestMismatchAt ?? "") || 0));
  const newestValidMs = day.newestValidAt === null ? null : Date.parse(day.newestValidAt);
  const endedVia = (via: string) => ended.find((group) => group.via === via)?.tasks ?? 0;
  return {
    slowestMs,
    retries,
    duplicates,
    deliveries: add("deliveries"),
    unmatched: add("unmatched"),
    signatures: { valid: add("valid"), mismatch: add("mismatch"), missing: add("missing") },
    newestMatches: newestMismatchMs === 0 || newestValidMs === null || newestValidMs >= newestMismatchMs,
    via: { webhook: endedVia("webhook"), poll: endedVia("poll"), reconcile: endedVia("reconcile") },
  };
}
