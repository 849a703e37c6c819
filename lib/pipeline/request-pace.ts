import { and, exists, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import { requestPace, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { clampRetryAfter, MAX_RETRY_AFTER_SECONDS } from "@/lib/sixtyfour/retry-after";
import { waitsForItsMoment } from "@/lib/tasks/sendable";

/**
 * The pace at which requests go to Sixtyfour, shared by all instances through one row: the moment of the next free slot.
 * Taking a slot moves it on by one interval, so the requests of any minute stay below the limit, whoever sends them.
 */

/** Slots are given out no further ahead than this, so that one who asks never waits longer. */
const LONGEST_WAIT_IN_MS = 2_000;

/** What was not sent in so long may be made up for: 15 requests at the default pace, far below what is left of the limit. */
const BURST_IN_MS = 2_000;

/** No request makes the app wait longer than this, so a slot further ahead is a fault and counts as free. */
const furthestSlotAt = sql`clock_timestamp() + make_interval(secs => ${MAX_RETRY_AFTER_SECONDS}::float8)`;
const isTooFarAhead = sql`${requestPace.nextSlotAt} > ${furthestSlotAt}`;

/** The next free slot, which may lie a little in the past. */
const slotAt = sql`case when ${isTooFarAhead} then clock_timestamp()
  else greatest(${requestPace.nextSlotAt}, clock_timestamp() - make_interval(secs => ${BURST_IN_MS / 1000}::float8)) end`;

/**
 * Takes the next slot, and waits until it has come.
 *
 * @returns false, at once, where every slot of the next {@link LONGEST_WAIT_IN_MS} is taken: try again
 */
export async function waitForSlot(context: Context): Promise<boolean> {
  return takeSlot(context, undefined);
}

/** Like {@link waitForSlot}, but takes a slot only where a task is waiting to be sent now. */
export async function waitForSendSlot(context: Context): Promise<boolean> {
  const due = context.db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(waitsForItsMoment, lte(tasks.nextSendAt, sql`now()`)));
  return takeSlot(context, exists(due));
}

async function takeSlot({ db, requestsPerMinute }: Context, condition: SQL | undefined): Promise<boolean> {
  const interval = intervalAt(requestsPerMinute);
  const tooFar = sql`clock_timestamp() + make_interval(secs => ${LONGEST_WAIT_IN_MS / 1000}::float8)`;
  const [slot] = await db
    .update(requestPace)
    .set({ nextSlotAt: sql`${slotAt} + ${interval}` })
    .where(and(or(lt(requestPace.nextSlotAt, tooFar), isTooFarAhead), condition))
    .returning({
      waitMs: sql<number>`extract(epoch from ${requestPace.nextSlotAt} - ${interval} - clock_timestamp())::float8 * 1000`,
    });
  if (!slot) return false;
  if (slot.waitMs > 0) await new Promise((resolve) => setTimeout(resolve, slot.waitMs));
  return true;
}

/** Counts a request that a person is waiting for: it goes at once, and the others make room. */
export async function countRequest({ db, requestsPerMinute }: Context): Promise<void> {
  await countingStatement(db, requestsPerMinute);
}

/** The statement of {@link countRequest}, as a part of one that stores what is to be sent. */
export function countingStatement(db: Database, requestsPerMinute: number) {
  return db.update(requestPace).set({
    nextSlotAt: sql`least(${slotAt} + ${intervalAt(requestsPerMinute)}, ${furthestSlotAt})`,
  });
}

/** Stops all requests for `seconds`, at most an hour: Sixtyfour has answered that there were too many. */
export async function holdRequests({ db }: Context, seconds: number): Promise<void> {
  await db.update(requestPace).set({
    nextSlotAt: sql`greatest(${slotAt}, clock_timestamp() + make_interval(secs => ${clampRetryAfter(seconds)}::float8))`,
  });
}

function intervalAt(requestsPerMinute: number): SQL {
  return sql`make_interval(secs => ${60 / requestsPerMinute}::float8)`;
}
