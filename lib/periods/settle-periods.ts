import { and, eq, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { madeAtMs } from "@/db/first-id-at";
import { deliveries, settledPeriods, settledTasks, tasks, unsettledHours } from "@/db/schema";
import type { Context } from "@/lib/context";
import { claimJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";
import { DAY_IN_MS, HOUR_IN_MS } from "@/lib/period";
import { type Cover, findCover, isMadeWithin } from "@/lib/periods/find-cover";
import { type KeptFor, mergeDetails, readDetails, readSettledDetails } from "@/lib/periods/period-details";
import { countTasks, readSettledFigures, type TaskFigures } from "@/lib/periods/task-figures";
import { hasEndedTask } from "@/lib/tasks/open-tasks";

const EVERY_SECONDS = 10;
const ROUND_BUDGET_MS = 3_000;

/** The triggers of 0015_settled_periods.sql share it. */
const SETTLING_LOCK = 64_064_065;

/** An hour is left alone for so long after its end: most of its tasks have ended by then. */
const MARGIN_IN_MS = HOUR_IN_MS;
/**
 * The triggers keep quiet about what changes within 30 minutes after an hour. Who has written in a transaction since may
 * still have something like that to commit.
 */
const LONG_TRANSACTION = sql`interval '25 minutes'`;
/** What is older is counted from its rows. */
const MAX_AGE_IN_MS = 5 * 366 * DAY_IN_MS;

/** {@link settlePeriods}, by whichever instance asks first after a while. */
export async function settlePeriodsWhenDue(context: Context, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  if (!(await claimJobRun(context, { name: "periods", everySeconds: EVERY_SECONDS }))) return;
  await settlePeriods(context, { forMs: ROUND_BUDGET_MS, ...(signal ? { signal } : {}) });
}

/**
 * Counts for good what has ended, hour by hour, from the newest back, and makes days of hours; for about so long. Any
 * number of instances may do so at once. Until an hour is settled it is counted from its rows, so nothing hangs by this
 * but how quick the figures are.
 *
 * @returns how many hours and days were settled
 */
export async function settlePeriods(
  { db, ...keptFor }: Pick<Context, "db"> & KeptFor,
  { forMs, signal, nowMs = Date.now() }: { forMs: number; signal?: AbortSignal; nowMs?: number },
): Promise<{ hours: number; days: number }> {
  const startedAt = Date.now();
  const isOver = () => signal?.aborted || Date.now() - startedAt > forMs;
  const settled = { hours: 0, days: 0 };
  if (await hasLongTransaction(db)) return settled;
  const { cover, hoursToSettle } = await findHoursToSettle(db, nowMs);
  const known = new Set(cover.hours);
  for (const hourMs of hoursToSettle) {
    if (isOver()) break;
    if (!(await db.transaction((tx) => settleHour(tx, hourMs, keptFor)))) continue;
    known.add(hourMs);
    settled.hours += 1;
  }
  for (const dayMs of new Set([...known].map(dayOf))) {
    if (isOver()) break;
    if (!hoursOf(dayMs).every((hourMs) => known.has(hourMs))) continue;
    if (await db.transaction((tx) => settleDay(tx, dayMs))) settled.days += 1;
  }
  if (settled.hours + settled.days > 0) log.info("periods_settled", { ...settled, ms: Date.now() - startedAt });
  return settled;
}

/** The hours that are over and not settled, the newest first, but for those with a task on its way. */
async function findHoursToSettle(db: Database, nowMs: number): Promise<{ cover: Cover; hoursToSettle: number[] }> {
  const endsAtMs = Math.floor((nowMs - MARGIN_IN_MS) / HOUR_IN_MS) * HOUR_IN_MS;
  const [task] = await db.select({ id: tasks.id }).from(tasks).orderBy(tasks.id).limit(1);
  const [delivery] = await db.select({ id: deliveries.id }).from(deliveries).orderBy(deliveries.id).limit(1);
  const oldestMs = Math.min(...[task, delivery].map((row) => (row ? madeAtMs(row.id) : endsAtMs)));
  const startsAtMs = dayOf(Math.max(oldestMs, nowMs - MAX_AGE_IN_MS));
  if (startsAtMs >= endsAtMs) return { cover: { days: [], hours: [], unsettled: [] }, hoursToSettle: [] };
  const cover = await findCover(db, { startsAtMs, endsAtMs });
  const moving = await db
    .selectDistinct({ hour: sql<string>`extract(epoch from hour_of_id(${tasks.id}))` })
    .from(tasks)
    .where(isOnItsWay);
  const blocked = new Set(moving.map(({ hour }) => Number(hour) * 1000));
  const hoursToSettle = cover.unsettled
    .flatMap((span) =>
      Array.from(
        { length: (span.endsAtMs - span.startsAtMs) / HOUR_IN_MS },
        (_, index) => span.startsAtMs + index * HOUR_IN_MS,
      ),
    )
    .filter((hourMs) => !blocked.has(hourMs))
    .reverse();
  return { cover, hoursToSettle };
}

/** @returns whether it is settled now; not where something changes in any hour just now, or is on its way in this one */
async function settleHour(tx: Transaction, hourMs: number, keptFor: KeptFor): Promise<boolean> {
  if (!(await takeLock(tx))) return false;
  // Statements from here on see all that was changed before, and nothing changes this hour until the end.
  const span = { startsAtMs: hourMs, endsAtMs: hourMs + HOUR_IN_MS };
  const isWithin = isMadeWithin(tasks.id, [span]);
  if ((await tx.$count(tasks, and(isWithin, isOnItsWay))) > 0) return false;
  const figures = await countTasks(tx, and(isWithin, hasEndedTask));
  const details = await readDetails(tx, [span], keptFor);
  const startsAt = new Date(hourMs);
  await unsettle(tx, 24, dayOf(hourMs));
  await unsettle(tx, 1, hourMs);
  await tx.delete(unsettledHours).where(eq(unsettledHours.startsAt, startsAt));
  await tx.insert(settledPeriods).values({ hours: 1, startsAt, details });
  if (figures.length > 0) await tx.insert(settledTasks).values(figures.map((row) => toRow(row, 1, startsAt)));
  return true;
}

/** @returns whether it was settled; not where it is already, or an hour of it is not */
async function settleDay(tx: Transaction, dayMs: number): Promise<boolean> {
  if (!(await takeLock(tx))) return false;
  const cover = await findCover(tx, { startsAtMs: dayMs, endsAtMs: dayMs + DAY_IN_MS });
  if (cover.hours.length < 24) return false;
  const startsAt = new Date(dayMs);
  const details = await mergeDetails(tx, await readSettledDetails(tx, cover));
  await unsettle(tx, 24, dayMs);
  await tx.insert(settledPeriods).values({ hours: 24, startsAt, details });
  const figures = await readSettledFigures(tx, cover);
  if (figures.length > 0) await tx.insert(settledTasks).values(figures.map((row) => toRow(row, 24, startsAt)));
  return true;
}

async function unsettle(tx: Transaction, hours: 1 | 24, startsAtMs: number): Promise<void> {
  const isThat = and(eq(settledPeriods.hours, hours), eq(settledPeriods.startsAt, new Date(startsAtMs)));
  await tx.delete(settledPeriods).where(isThat);
}

/** Only where nobody holds it: settling can wait, and what changes tasks should not have to. */
async function takeLock(tx: Transaction): Promise<boolean> {
  const [lock] = await tx.execute<{ isTaken: boolean }>(
    sql`select pg_try_advisory_xact_lock(${SETTLING_LOCK}::bigint) as "isTaken"`,
  );
  return lock?.isTaken === true;
}

async function hasLongTransaction(db: Database): Promise<boolean> {
  const [long] = await db.execute<{ isOpen: boolean }>(sql`
    select exists (select from pg_stat_activity where datname = current_database() and backend_xid is not null
      and xact_start < now() - ${LONG_TRANSACTION}) as "isOpen"`);
  return long?.isOpen === true;
}

/** Its end would change the figures and tells no trigger; one that will be sent is so soon enough. */
const isOnItsWay = sql`(${tasks.status} in ('submitting', 'running') or ${tasks.nextSendAt} is not null)`;

function toRow({ status, via, ...figures }: TaskFigures, hours: number, startsAt: Date) {
  return {
    ...figures,
    status: status as (typeof settledTasks.$inferInsert)["status"],
    deliveredVia: via,
    hours,
    startsAt,
  };
}

function hoursOf(dayMs: number): number[] {
  return Array.from({ length: 24 }, (_, hour) => dayMs + hour * HOUR_IN_MS);
}

function dayOf(ms: number): number {
  return Math.floor(ms / DAY_IN_MS) * DAY_IN_MS;
}
