import { setTimeout as sleep } from "node:timers/promises";
import { and, eq, lte, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { holdRequests, waitForSendSlot } from "@/lib/pipeline/request-pace";
import { sendTask } from "@/lib/pipeline/send";
import { type SendableTask, sendableColumns } from "@/lib/pipeline/send-request";
import { waitsForItsMoment } from "@/lib/tasks/sendable";

/** So many requests of one process may be under way at once. At 7.5 a second each may take 4 seconds. */
const REQUESTS_AT_ONCE = 30;
/** While one waits for its slot or for the database, another has its task: a busy machine costs no slots. */
const SENDERS = 3;
/** Where nothing is due, a round waits so long for what is due next, and ends where that is later. */
const PATIENCE_IN_MS = 1_500;
/** How long a round looks away where nothing can be done at this moment. */
const PAUSE_IN_MS = 250;
/** After a 429 without Retry-After, or no answer at all. */
const HOLD_IN_SECONDS = 5;

/**
 * Sends the tasks that are queued and due, at the pace that all instances share, until nothing is due any more,
 * `forMs` have passed or `signal` is aborted; what is under way then is finished. It may be called by any number of instances at any time, and ended at any time: what was not sent
 * is still queued, and is sent by the next call.
 *
 * @returns how many were sent
 */
export async function dispatch(
  context: Context,
  { forMs, signal }: { forMs: number; signal?: AbortSignal },
): Promise<{ sent: number }> {
  const startedAt = Date.now();
  const endsAt = startedAt + forMs;
  const isTimeUp = () => Date.now() >= endsAt || signal?.aborted === true;
  const preparing = keepPreparing(context, isTimeUp);
  const underWay = new Set<Promise<void>>();
  let sent = 0;
  let hasFailed = false;
  const sendWhatIsDue = async () => {
    while (!isTimeUp() && !hasFailed) {
      if (underWay.size >= REQUESTS_AT_ONCE) {
        await Promise.race(underWay);
      } else if (await waitForSendSlot(context)) {
        const task = signal?.aborted ? undefined : await claimDueTask(context);
        if (!task) continue;
        sent += 1;
        const sending = send(context, task).finally(() => underWay.delete(sending));
        underWay.add(sending);
      } else {
        const waitMs = await timeUntilDue(context);
        const isOver = (waitMs === null || waitMs > PATIENCE_IN_MS) && underWay.size === 0 && !preparing.isBusy();
        if (isOver) return;
        await sleep(waitMs ? Math.min(waitMs, PAUSE_IN_MS) : PAUSE_IN_MS);
      }
    }
  };
  const stopAll = (error: unknown) => {
    hasFailed = true;
    throw error;
  };
  const senders = await Promise.allSettled(Array.from({ length: SENDERS }, () => sendWhatIsDue().catch(stopAll)));
  // However it ends, nothing of this round goes on beside the next one.
  await Promise.all([...underWay, preparing.stop()]);
  for (const sender of senders) if (sender.status === "rejected") throw sender.reason;
  if (sent > 0) log.info("dispatch", { sent, ms: Date.now() - startedAt });
  return { sent };
}

/** Makes tasks of the leads that were confirmed, beside the sending: a long list is on its way before all of it is made. */
function keepPreparing(context: Context, isTimeUp: () => boolean): { isBusy(): boolean; stop(): Promise<void> } {
  let isBusy = true;
  let isStopped = false;
  const work = async () => {
    while (!isStopped && !isTimeUp()) {
      isBusy = await prepareNextLeads(context);
      if (!isBusy) await sleep(PAUSE_IN_MS);
    }
  };
  const working = work().catch((error: unknown) => {
    isBusy = false;
    log.error("prepare_failed", error);
  });
  return {
    isBusy: () => isBusy,
    async stop() {
      isStopped = true;
      await working;
    },
  };
}

/**
 * Claims one task right before it is sent: one that is claimed and not sent would count as unconfirmed. Of many at once
 * each gets another.
 */
async function claimDueTask({ db }: Context): Promise<SendableTask | undefined> {
  const due = db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(waitsForItsMoment, lte(tasks.nextSendAt, sql`now()`)))
    .orderBy(tasks.nextSendAt)
    .limit(1)
    .for("update", { skipLocked: true });
  const [claimed] = await db
    .update(tasks)
    .set({ status: "submitting", submittedAt: sql`now()`, nextSendAt: null, errorCode: null, errorMessage: null })
    // Equal to a subquery, which is run once; one of `in` may be run again for each row, and claim more than one.
    .where(eq(tasks.id, sql`(${due})`))
    .returning(sendableColumns);
  return claimed;
}

async function send(context: Context, task: SendableTask): Promise<void> {
  try {
    const outcome = await sendTask(context, task);
    // What held this one back holds back the others too, but for the limit of files, which is their own.
    const isLimited = outcome.type === "held" && outcome.reason === "rate_limited" && task.shape !== "file";
    const isOutOfReach = outcome.type === "held" && outcome.reason === "unreachable";
    if (isLimited || isOutOfReach) await holdRequests(context, outcome.retryAfterSeconds ?? HOLD_IN_SECONDS);
  } catch (error) {
    // The task says that it is being submitted, and is confessed as unconfirmed; the others go on.
    log.error("send_failed", error, { taskId: task.id });
  }
}

/** Milliseconds until the next queued task may be sent; null where none waits for time alone. */
async function timeUntilDue({ db }: Context): Promise<number | null> {
  const [next] = await db
    .select({ waitMs: sql<number>`extract(epoch from ${tasks.nextSendAt} - now())::float8 * 1000` })
    .from(tasks)
    .where(waitsForItsMoment)
    .orderBy(tasks.nextSendAt)
    .limit(1);
  return next ? Math.max(next.waitMs, 0) : null;
}
