import { and, eq, gte, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { type alarms, sends, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { countRejections } from "@/lib/deliveries/count-deliveries";
import { runsLate, waitsForConfirmation } from "@/lib/tasks/overdue";
import { waitsForItsMoment } from "@/lib/tasks/sendable";

export type AlarmKind = (typeof alarms.$inferSelect)["kind"];

/** The counts behind an alarm, by their name. */
export type AlarmCounts = Record<string, number>;

/**
 * Anybody can send a request with an invented token, so a wrong token alone proves nothing. A request with a token of ours,
 * or with a valid signature, comes from Sixtyfour: this many of them rejected mean that something is wrong.
 */
const REFUSED = { atLeast: 5, withinMinutes: 10 };
/** Webhooks get lost now and then, and polling makes up for it; this many of an hour's are no accident. */
const UNDELIVERED = { atLeast: 5, ofAll: 0.2 };
/** Jobs that run for so many times as long as they and their webhook should take, and how many of them are odd. */
const LATE = { atLeast: 5, times: 3 };
const NOTHING_SENT_MINUTES = 15;

/** Which alarms there is cause for at this moment; null where there is none. */
export async function findCauses(context: Context): Promise<Record<AlarmKind, AlarmCounts | null>> {
  const [deliveriesRefused, resultsUndelivered, queuePaused, submitsUnconfirmed, nothingSent] = await Promise.all([
    findRefused(context),
    findUndelivered(context),
    findPaused(context),
    findUnconfirmed(context),
    findUnsent(context),
  ]);
  return {
    deliveries_refused: deliveriesRefused,
    results_undelivered: resultsUndelivered,
    queue_paused: queuePaused,
    submits_unconfirmed: submitsUnconfirmed,
    nothing_sent: nothingSent,
  };
}

async function findRefused({ db }: Context): Promise<AlarmCounts | null> {
  const since = new Date(Date.now() - REFUSED.withinMinutes * 60_000);
  const counts = await countRejections(db, since);
  const refused = counts
    .filter(({ token, signature }) => token === "right" || signature === "valid")
    .reduce((sum, { deliveries }) => sum + deliveries, 0);
  return refused >= REFUSED.atLeast ? { refused, minutes: REFUSED.withinMinutes } : null;
}

async function findUndelivered({ db, webhook }: Context): Promise<AlarmCounts | null> {
  // A person's poll may be quicker than the webhook; what a delivery has come for since is not lost.
  const isLost = sql`${tasks.deliveredVia} <> 'webhook' and not exists (
    select from deliveries as heard where heard.task_id = tasks.id and heard.outcome in ('duplicate', 'conflict'))`;
  const [ended] = await db
    .select({ all: sql<number>`count(*)::int`, lost: sql<number>`count(*) filter (where ${isLost})::int` })
    .from(tasks)
    .where(and(gte(tasks.deliveredAt, sql`now() - interval '1 hour'`), eq(tasks.webhookRequested, true)));
  const late = await db.$count(tasks, runsLate(webhook.deliveryWindowInSeconds, LATE.times));
  const { all, lost } = ended ?? { all: 0, lost: 0 };
  const areLost = lost >= UNDELIVERED.atLeast && lost > all * UNDELIVERED.ofAll;
  return areLost || late >= LATE.atLeast ? { lost, ended: all, late } : null;
}

async function findPaused({ db }: Context): Promise<AlarmCounts | null> {
  const isPausedByAnswer = and(
    isNotNull(submissions.pausedAt),
    ne(submissions.pauseReason, "person"),
    isNull(submissions.cancelledAt),
  );
  const groups = await db
    .select({ reason: submissions.pauseReason, paused: sql<number>`count(*)::int` })
    .from(submissions)
    .where(isPausedByAnswer)
    .groupBy(submissions.pauseReason);
  return groups.length > 0 ? Object.fromEntries(groups.map(({ reason, paused }) => [reason, paused])) : null;
}

async function findUnconfirmed({ db }: Context): Promise<AlarmCounts | null> {
  const unconfirmed = await db.$count(tasks, waitsForConfirmation());
  return unconfirmed > 0 ? { unconfirmed } : null;
}

/** Tasks have waited to be sent for long, and meanwhile Sixtyfour has accepted none. */
async function findUnsent({ db }: Context): Promise<AlarmCounts | null> {
  // First what is quick to see: in a long list that goes out, many wait.
  const isLately = gte(sends.id, firstIdAt(Date.now() - NOTHING_SENT_MINUTES * 60_000));
  const [accepted] = await db
    .select({ id: sends.id })
    .from(sends)
    .where(and(isLately, isNotNull(sends.sixtyfourTaskId)))
    .limit(1);
  if (accepted) return null;
  const since = sql`now() - make_interval(mins => ${NOTHING_SENT_MINUTES})`;
  const waitsForLong = sql`(${tasks.nextSendAt} < ${since} or ${tasks.errorCode} in ('unreachable', 'rate_limited')
    and exists (select from sends as tried where tried.task_id = ${tasks.id} and tried.sent_at < ${since}))`;
  const waiting = await db.$count(tasks, and(waitsForItsMoment, waitsForLong));
  return waiting > 0 ? { waiting, minutes: NOTHING_SENT_MINUTES } : null;
}
