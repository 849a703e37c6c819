import { and, or, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { firstIdAt } from "@/db/first-id-at";
import {
  type deliveries,
  type rejectedDeliveries,
  settledPeriods,
  type settledTasks,
  type tasks,
  unsettledHours,
} from "@/db/schema";
import { DAY_IN_MS, HOUR_IN_MS, type Span, spansBetween } from "@/lib/period";

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
  // A range of Postgres' must not end before it begins.
  if (span.endsAtMs <= span.startsAtMs) return { days: [], hours: [], unsettled: [] };
  const [from, to] = [toMoment(span.startsAtMs), toMoment(span.endsAtMs)];
  const { hours, startsAt } = settledPeriods;
  // Hours are looked for where no day is: days have hours too, and a year of them would be thousands of rows.
  const rows = await tx.execute<{ hours: number; startsAtMs: number }>(
    sql`
      with settled_days as materialized (
        select ${startsAt} as starts_at from ${settledPeriods}
        where ${largestInMs} >= ${DAY_IN_MS} and ${hours} = 24 and ${startsAt} >= ${from}
          and ${startsAt} <= ${to}::timestamptz - interval '24 hours' and ${isSettled}
      ), gaps as (
        select unnest(tstzmultirange(tstzrange(${from}, ${to})) - coalesce(
          range_agg(tstzrange(starts_at, starts_at + interval '24 hours')), '{}'
        )) as gap from settled_days
      ), settled_hours as (
        select ${startsAt} as starts_at from gaps cross join ${settledPeriods}
        where ${hours} = 1 and ${startsAt} >= lower(gap) and ${startsAt} <= upper(gap) - interval '1 hour' and ${isSettled}
      )
      select hours, extract(epoch from starts_at)::float8 * 1000 as "startsAtMs"
      from (select 24 as hours, starts_at from settled_days union all select 1, starts_at from settled_hours) as periods
      order by starts_at`,
  );
  const [days, settledHours] = [24, 1].map((length) =>
    rows.filter((row) => row.hours === length).map(({ startsAtMs }) => startsAtMs),
  ) as [number[], number[]];
  const unsettled = spansBetween(span, days, DAY_IN_MS).flatMap((part) => {
    const within = settledHours.filter((at) => at >= part.startsAtMs && at < part.endsAtMs);
    return spansBetween(part, within, HOUR_IN_MS);
  });
  return { days, hours: settledHours, unsettled };
}

/** Of years with more than four digits Postgres and JavaScript have no notation in common. */
const LAST_MOMENT_MS = Date.parse("9999-12-31T23:59:59Z");

function toMoment(unixMs: number): string {
  return unixMs <= LAST_MOMENT_MS ? new Date(unixMs).toISOString() : "infinity";
}

/** A period holds as long as no hour of it was taken back. */
const isSettled = sql`not exists (select from ${unsettledHours}
  where ${unsettledHours.startsAt} >= ${settledPeriods.startsAt}
    and ${unsettledHours.startsAt} < ${settledPeriods.startsAt} + make_interval(hours => ${settledPeriods.hours}))`;

/** The condition that an id was made within some spans; false where there are none. */
export function isMadeWithin(id: typeof tasks.id | typeof deliveries.id, spans: Span[]): SQL {
  const isWithin = spans.map(({ startsAtMs, endsAtMs }) =>
    and(
      sql`${id} >= ${firstIdAt(startsAtMs)}`,
      Number.isFinite(endsAtMs) ? sql`${id} < ${firstIdAt(endsAtMs)}` : undefined,
    ),
  );
  return or(...isWithin) ?? sql`false`;
}

/** The condition that a moment lies within some spans; false where there are none. */
export function isWithinSpans(
  at: typeof rejectedDeliveries.minute | typeof settledPeriods.startsAt,
  spans: Span[],
): SQL {
  const isWithin = spans.map(
    ({ startsAtMs, endsAtMs }) => sql`(${at} >= ${toMoment(startsAtMs)} and ${at} < ${toMoment(endsAtMs)})`,
  );
  return or(...isWithin) ?? sql`false`;
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
