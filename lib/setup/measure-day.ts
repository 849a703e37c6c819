import { and, count, eq, gte, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { deliveries, tasks } from "@/db/schema";
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
  const newest = (verdict: string) =>
    sql`max(${deliveries.receivedAt}) filter (where ${deliveries.signature} = ${verdict})`;
  const [[day], ended] = await Promise.all([
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
        newestMatches: sql<boolean>`coalesce(${newest("valid")} >= ${newest("mismatch")}, true)`,
      })
      .from(deliveries)
      .where(
        and(
          gte(deliveries.id, firstIdAt(since.getTime())),
          sql`${deliveries.eventType} is distinct from ${PREFLIGHT_EVENT_TYPE}`,
        ),
      ),
    db
      .select({ via: tasks.deliveredVia, tasks: count() })
      .from(tasks)
      .where(and(gte(tasks.deliveredAt, since), eq(tasks.webhookRequested, true)))
      .groupBy(tasks.deliveredVia),
  ]);
  if (!day) throw new Error("Postgres returned no row for a count.");
  const { valid, mismatch, missing, ...figures } = day;
  const endedVia = (via: string) => ended.find((group) => group.via === via)?.tasks ?? 0;
  return {
    ...figures,
    signatures: { valid, mismatch, missing },
    via: { webhook: endedVia("webhook"), poll: endedVia("poll"), reconcile: endedVia("reconcile") },
  };
}
