import { and, eq, inArray, isNotNull, isNull, lt, notInArray, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import {
  auditEvents,
  deliveries,
  invitations,
  rejectedDeliveries,
  sessions,
  signInAttempts,
  verifications,
} from "@/db/schema";
import { MAX_ATTEMPT_ROWS, WINDOW_IN_MINUTES } from "@/lib/access/throttle";
import type { Context } from "@/lib/context";
import { REJECTED_OUTCOMES } from "@/lib/deliveries/delivery-view";
import { claimJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";
import { getRetention } from "@/lib/settings/retention";

/** One statement deletes this many rows at most, so that no lock and no transaction lasts long. */
const ROWS_PER_STEP = 500;
const RUN_BUDGET_MS = 2_000;
const EVERY_SECONDS = 10;

/** The number of newest samples that are kept: of requests that name a task of ours, and of each other kind. */
const MAX_SAMPLES = { ofTasks: 5_000, rejected: 500, unmatched: 500 };

/** Runs {@link deleteExpired} in one instance at a time, every few seconds. */
export async function deleteExpiredWhenDue(context: Context, { signal }: { signal?: AbortSignal } = {}) {
  if (!(await claimJobRun(context, { name: "retention", everySeconds: EVERY_SECONDS }))) return { deleted: 0 };
  const { deleted } = await deleteExpired(context, { forMs: RUN_BUDGET_MS, ...(signal ? { signal } : {}) });
  if (deleted > 0) log.info("delete_expired", { deleted });
  return { deleted };
}

/**
 * Deletes what has reached its age: deliveries, rejected ones with their counts, samples that are too many, counts of sign-in
 * attempts, failed sign-ins in the audit log, and sessions, invitations and verifications that have expired. Rows that somebody
 * else has locked are skipped and deleted by a later run.
 *
 * @returns the number of rows that were deleted
 */
export async function deleteExpired(
  context: Pick<Context, "db" | "retentionInDays" | "rejectedRetentionInDays">,
  { forMs = RUN_BUDGET_MS, signal }: { forMs?: number; signal?: AbortSignal } = {},
): Promise<{ deleted: number }> {
  const { db } = context;
  const { deliveries: kept, rejected } = await getRetention(context);
  const endsAt = Date.now() + forMs;
  const steps: SQL[] = [
    ...(rejected.days === null ? [] : deleteRejected(rejected.days)),
    ...(kept.days === null ? [] : deleteOld(kept.days)),
    ...deleteSurplusSamples(),
    ...deleteOfAccess(),
  ];
  let deleted = 0;
  for (const step of steps) {
    for (;;) {
      if (Date.now() > endsAt || signal?.aborted) return { deleted };
      const { count } = await db.execute(step);
      deleted += count;
      if (count < ROWS_PER_STEP) break;
    }
  }
  return { deleted };
}

const olderThan = (days: number) => sql`now() - make_interval(days => ${days}::int)`;

/** Deletes one step of a table's rows. The rows are found by a query of their own, which runs once. */
function deleteStep(table: SQLWrapper, key: SQLWrapper, where: SQL | undefined, more = sql``): SQL {
  return sql`with old as materialized (
      select ${key} as key from ${table} where ${where} ${more} limit ${ROWS_PER_STEP} for update skip locked)
    delete from ${table} where ${key} in (select key from old)`;
}

const isRejectedOutcome = inArray(deliveries.outcome, [...REJECTED_OUTCOMES]);

function deleteRejected(days: number): SQL[] {
  const old = lt(deliveries.receivedAt, olderThan(days));
  return [
    deleteStep(deliveries, deliveries.id, and(old, isNotNull(deliveries.sampleOf))),
    // Of requests that were stored before they were counted.
    deleteStep(deliveries, deliveries.id, and(old, isRejectedOutcome)),
    deleteStep(rejectedDeliveries, rejectedDeliveries.id, lt(rejectedDeliveries.minute, olderThan(days))),
  ];
}

function deleteOld(days: number): SQL[] {
  const isAccepted = and(isNull(deliveries.sampleOf), notInArray(deliveries.outcome, [...REJECTED_OUTCOMES]));
  return [
    deleteStep(
      deliveries,
      deliveries.id,
      and(lt(deliveries.receivedAt, olderThan(days)), isAccepted),
      sql`order by ${deliveries.receivedAt}`,
    ),
    deleteStep(
      auditEvents,
      auditEvents.id,
      // The id has the time, and the index of actions has the id.
      and(eq(auditEvents.action, "session.refused"), lt(auditEvents.id, firstIdAt(Date.now() - days * 86_400_000))),
    ),
  ];
}

function deleteSurplusSamples(): SQL[] {
  const kinds = [
    { most: MAX_SAMPLES.ofTasks, is: sql`${isRejectedOutcome} and ${deliveries.sixtyfourTaskId} is not null` },
    { most: MAX_SAMPLES.rejected, is: sql`${isRejectedOutcome} and ${deliveries.sixtyfourTaskId} is null` },
    { most: MAX_SAMPLES.unmatched, is: sql`not ${isRejectedOutcome}` },
  ];
  // The newest surplus row is found by itself, because a locking clause applies before an offset does.
  return kinds.map(({ most, is }) =>
    deleteStep(
      deliveries,
      deliveries.id,
      sql`${deliveries.sampleOf} is not null and ${is} and ${deliveries.id} <= (
        select ${deliveries.id} from ${deliveries} where ${deliveries.sampleOf} is not null and ${is}
        order by ${deliveries.id} desc offset ${most} limit 1)`,
    ),
  );
}

function deleteOfAccess(): SQL[] {
  const { key, windowStartedAt, count } = signInAttempts;
  const isOver = lt(windowStartedAt, sql`now() - make_interval(mins => ${WINDOW_IN_MINUTES}::int)`);
  return [
    deleteStep(signInAttempts, key, isOver),
    // Accounts that were tried least say least, and make room first.
    sql`delete from ${signInAttempts} where ${key} in (
      select ${key} from ${signInAttempts} order by ${count} desc, ${windowStartedAt} desc
      offset ${MAX_ATTEMPT_ROWS} limit ${ROWS_PER_STEP})`,
    deleteStep(sessions, sessions.id, lt(sessions.expiresAt, sql`now()`)),
    deleteStep(verifications, verifications.id, lt(verifications.expiresAt, sql`now()`)),
    deleteStep(invitations, invitations.id, lt(invitations.expiresAt, sql`now() - interval '1 day'`)),
  ];
}
