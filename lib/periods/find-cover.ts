import { and, eq, gte, lte, or, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import { type deliveries, settledPeriods, type settledTasks, type tasks, unsettledHours } from "@/db/schema";
import { DAY_IN_MS, HOUR_IN_MS, type Span, spansBetween } from "@/lib/periods/period";

/** What a span is read from: settled days and hours by when they begin, and its own rows in the spans between. */
export interface Cover {
  days: number[];
  hours: number[];
  unsettled: Span[];
}

/**
 * Finds what a span can be read from, the largest periods first. To be read in the same snapshot: by another one, an hour
 * may have been settled and count twice, or be taken back and be missing.
 *
 * @param largestInMs periods that are longer are left out, since they do not fit whoever asks
 */
export async function findCover(tx: Database | Transaction, span: Span, largestInMs = DAY_IN_MS): Promise<Cover> {
  const days = largestInMs < DAY_IN_MS ? [] : await findPeriods(tx, [span], DAY_IN_MS);
  const betweenDays = spansBetween(span, days, DAY_IN_MS);
  const hours = await findPeriods(tx, betweenDays, HOUR_IN_MS);
  const unsettled = betweenDays.flatMap((part) => {
    const within = hours.filter((at) => at >= part.startsAtMs && at < part.endsAtMs);
    return spansBetween(part, within, HOUR_IN_MS);
  });
  return { days, hours, unsettled };
}

/** A period holds as long as no hour of it was taken back. */
const isSettled = sql`not exists (select from ${unsettledHours}
  where ${unsettledHours.startsAt} >= ${settledPeriods.startsAt}
    and ${unsettledHours.startsAt} < ${settledPeriods.startsAt} + make_interval(hours => ${settledPeriods.hours}))`;

async function findPeriods(tx: Database | Transaction, spans: Span[], lengthInMs: number): Promise<number[]> {
  if (spans.length === 0) return [];
  const isWithin = spans.map(({ startsAtMs, endsAtMs }) =>
    and(
      gte(settledPeriods.startsAt, new Date(startsAtMs)),
      Number.isFinite(endsAtMs) ? lte(settledPeriods.startsAt, new Date(endsAtMs - lengthInMs)) : undefined,
    ),
  );
  const periods = await tx
    .select({ startsAt: settledPeriods.startsAt })
    .from(settledPeriods)
    .where(and(eq(settledPeriods.hours, lengthInMs / HOUR_IN_MS), or(...isWithin), isSettled))
    .orderBy(settledPeriods.startsAt);
  return periods.map(({ startsAt }) => startsAt.getTime());
}

/** The condition that an id was made within some spans; false where there are none. */
export function isMadeWithin(id: typeof tasks.id | typeof deliveries.id, spans: Span[]): SQL | undefined {
  if (spans.length === 0) return sql`false`;
  return or(
    ...spans.map(({ startsAtMs, endsAtMs }) =>
      and(
        sql`${id} >= ${firstIdAt(startsAtMs)}`,
        Number.isFinite(endsAtMs) ? sql`${id} < ${firstIdAt(endsAtMs)}` : undefined,
      ),
    ),
  );
}

/** The condition that a row belongs to the settled part of a cover. */
export function isCovered(
  table: typeof settledPeriods | typeof settledTasks,
  { days, hours }: Pick<Cover, "days" | "hours">,
): SQL {
  const list = (startsAtMs: number[]) => `{${startsAtMs.map((at) => new Date(at).toISOString()).join()}}`;
  return sql`(${table.hours} = 24 and ${table.startsAt} = any(${list(days)}::timestamptz[])
    or ${table.hours} = 1 and ${table.startsAt} = any(${list(hours)}::timestamptz[]))`;
}
