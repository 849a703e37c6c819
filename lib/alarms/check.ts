import { and, eq, isNotNull, isNull, lt, or, sql } from "drizzle-orm";
import { alarms } from "@/db/schema";
import { ALARM_KINDS, alarmWords } from "@/lib/alarms/alarm-words";
import { type AlarmCounts, type AlarmKind, findCauses } from "@/lib/alarms/find-causes";
import { channelsOf, sendAlert } from "@/lib/alarms/send-alert";
import type { Context } from "@/lib/context";
import { claimJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";

const EVERY_SECONDS = 30;
/** A cause that comes and goes is one alarm: it is over once it was not found for so long. */
const OVER_AFTER = sql`interval '10 minutes'`;
const REMINDED_EVERY = sql`interval '6 hours'`;
/** Longer than telling everybody can take. Where the process ends meanwhile, another one tells them after it. */
const LEASE = sql`interval '30 seconds'`;

/** {@link checkAlarms}, by whichever instance asks first after half a minute. */
export async function checkAlarmsWhenDue(context: Context): Promise<void> {
  if (await claimJobRun(context, { name: "alarms", everySeconds: EVERY_SECONDS })) await checkAlarms(context);
}

/**
 * Raises the alarms that there is cause for, ends those that there is none for any more, and tells whoever is to be told:
 * once when it is raised, again every 6 hours, and once when it is over. All of it is decided in the database, so of any
 * number of checks at the same moment one tells. What could not be told is told at the next check.
 */
export async function checkAlarms(context: Context): Promise<void> {
  const causes = await findCauses(context);
  await Promise.all(
    ALARM_KINDS.map(async (kind) => {
      const counts = causes[kind];
      await (counts ? raise(context, kind, counts) : end(context, kind));
      await tell(context, kind);
    }),
  );
}

/** Nobody is sending a message about it. Until then it stays as that message says. */
const isFree = or(isNull(alarms.leasedUntil), lt(alarms.leasedUntil, sql`now()`));

async function raise({ db }: Context, kind: AlarmKind, detail: AlarmCounts): Promise<void> {
  const afresh = (
    value: ReturnType<typeof sql>,
    otherwise: typeof alarms.raisedAt | typeof alarms.notifiedAt | typeof alarms.notified,
  ) => sql`case when ${alarms.resolvedAt} is null then ${otherwise} else ${value} end`;
  const [raised] = await db
    .insert(alarms)
    .values({ kind, detail })
    .onConflictDoUpdate({
      target: alarms.kind,
      set: {
        detail,
        seenAt: sql`now()`,
        raisedAt: afresh(sql`now()`, alarms.raisedAt),
        notifiedAt: afresh(sql`null`, alarms.notifiedAt),
        notified: afresh(sql`'{}'`, alarms.notified),
        resolvedAt: null,
      },
      setWhere: or(isNull(alarms.resolvedAt), isFree),
    })
    .returning({ isNew: sql<boolean>`${alarms.raisedAt} = now()` });
  if (raised?.isNew)
    log.error("alarm_raised", alarmWords(kind, "raised", detail, undefined).text, { alarm: kind, ...detail });
}

async function end({ db }: Context, kind: AlarmKind): Promise<void> {
  const ended = await db
    .update(alarms)
    .set({
      resolvedAt: sql`now()`,
      notified: [],
      // Who has heard of it hears of its end as well, also where others never did.
      notifiedAt: sql`case when cardinality(${alarms.notified}) > 0 then coalesce(${alarms.notifiedAt}, ${alarms.raisedAt}) else ${alarms.notifiedAt} end`,
    })
    .where(and(eq(alarms.kind, kind), isNull(alarms.resolvedAt), lt(alarms.seenAt, sql`now() - ${OVER_AFTER}`), isFree))
    .returning({ kind: alarms.kind });
  if (ended.length > 0) log.info("alarm_over", { alarm: kind });
}

async function tell(context: Context, kind: AlarmKind): Promise<void> {
  const channels = channelsOf(context);
  if (channels.length === 0) return;
  const { db } = context;
  const isReminderDue = or(isNull(alarms.notifiedAt), lt(alarms.notifiedAt, sql`now() - ${REMINDED_EVERY}`));
  const isOwed = or(
    and(isNull(alarms.resolvedAt), isReminderDue),
    and(isNotNull(alarms.resolvedAt), lt(alarms.notifiedAt, alarms.resolvedAt)),
  );
  const [alarm] = await db
    .update(alarms)
    .set({ leasedUntil: sql`now() + ${LEASE}` })
    .where(and(eq(alarms.kind, kind), isOwed, isFree))
    .returning();
  if (!alarm) return;
  const state = alarm.resolvedAt ? "over" : alarm.notifiedAt ? "still" : "raised";
  const alert = { kind, state, counts: alarm.detail, raisedAt: alarm.raisedAt, resolvedAt: alarm.resolvedAt } as const;
  const told = await Promise.all(
    channels.map(async (channel) => alarm.notified.includes(channel) || (await sendAlert(context, channel, alert))),
  );
  const isDone = told.every(Boolean);
  const notified = isDone ? [] : channels.filter((_, index) => told[index]);
  await db
    .update(alarms)
    .set({ leasedUntil: null, notified, ...(isDone ? { notifiedAt: sql`now()` } : {}) })
    .where(eq(alarms.kind, kind));
}
