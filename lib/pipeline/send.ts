import { and, eq, inArray, isNotNull, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { deliveries, sends, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { idForLog, log } from "@/lib/log";
import { applyStored } from "@/lib/pipeline/apply";
import { cancelledUnsent } from "@/lib/pipeline/cancel";
import { isEventIdReused } from "@/lib/pipeline/event-id-reuse";
import { parseDelivery } from "@/lib/pipeline/parse-delivery";
import { type PauseReason, storePause } from "@/lib/pipeline/pause";
import { latestDoubt, makeRequest, type SendableTask, storeSend } from "@/lib/pipeline/send-request";
import { lockSixtyfourTasks } from "@/lib/pipeline/sixtyfour-task-lock";
import { finishBeforeExit } from "@/lib/shutdown";
import type { FileEstimate, SubmitFileOutcome, SubmitOutcome } from "@/lib/sixtyfour/client";
import { findTaskKind, pathOf, tierOf } from "@/lib/sixtyfour/task-kinds";
import type { Investigation } from "@/lib/sixtyfour/wire";
import { storableJson, storableText } from "@/lib/storable-json";
import { takesDispatchId } from "@/lib/tasks/dispatch-id";
import { makeLeadFile } from "@/lib/tasks/lead-file";
import { firstPollAt, nextSendAt } from "@/lib/tasks/poll-schedule";
import { isRepeatable } from "@/lib/tasks/sendable";
import { inSpan } from "@/lib/tracing";

/** How a send ended: with Sixtyfour's answer, or without having been sent since the request had changed. */
export type SendOutcome = SubmitOutcome | { type: "unconfirmed"; reason: "changed_request"; message: null };

/** How often, and how long apart, storing an answer is tried: losing it here would lose the task_id. */
const STORE_RETRY_DELAYS_IN_MS = [100, 500, 2_000];

/**
 * Sends one task to Sixtyfour and stores what came of it. The caller has stored the task as `submitting` before, so that
 * a crash in here leaves a task that says it may have been accepted, and never none. An orderly end waits for it.
 *
 * @param mayChargeTwice a person accepts that a second job may start, so that the request may differ from one before
 */
export function sendTask(
  context: Context,
  task: SendableTask,
  { mayChargeTwice = false }: { mayChargeTwice?: boolean } = {},
): Promise<SendOutcome> {
  return finishBeforeExit(sendAndTell(context, task, mayChargeTwice));
}

async function sendAndTell(context: Context, task: SendableTask, mayChargeTwice: boolean): Promise<SendOutcome> {
  const startedAt = Date.now();
  const attributes = { "task.id": task.id, "task.kind": task.kind, "task.shape": task.shape };
  return inSpan("submit", { attributes }, async (span) => {
    const outcome = await sendAndStore(context, task, mayChargeTwice);
    const sixtyfourTaskId = outcome.type === "accepted" ? outcome.sixtyfourTaskId : null;
    const reason = outcome.type === "accepted" ? null : outcome.reason;
    span.setAttributes({ "submit.outcome": outcome.type, ...(reason && { "submit.reason": reason }) });
    log.info("submit", {
      taskId: task.id,
      kind: task.kind,
      shape: task.shape,
      outcome: outcome.type,
      reason,
      sixtyfourTaskId: idForLog(sixtyfourTaskId),
      ms: Date.now() - startedAt,
    });
    return outcome;
  });
}

async function sendAndStore(context: Context, task: SendableTask, mayChargeTwice: boolean): Promise<SendOutcome> {
  const kind = findTaskKind(task.kind);
  if (!kind) throw new Error(`Task ${task.id} is of a kind that can't be sent: ${task.kind}`);
  const request = makeRequest(context, task);
  const sendId = await storeSend(context, task, request, mayChargeTwice);
  if (sendId === null) {
    const changed = { type: "unconfirmed", reason: "changed_request", message: null } as const;
    await storeFailure(context, task, changed);
    return changed;
  }
  const { body } = request;
  const path = pathOf(kind, task.shape);
  const outcome =
    task.shape === "file" ? await submitAsFile(context, task, path, body) : await context.sixtyfour.submit(path, body);

  for (const delayInMs of STORE_RETRY_DELAYS_IN_MS) {
    try {
      return await storeOutcome(context, task, sendId, outcome);
    } catch (error) {
      logUnstored(task, outcome, error);
      await new Promise((resolve) => setTimeout(resolve, delayInMs));
    }
  }
  return storeOutcome(context, task, sendId, outcome);
}

/** The task's own id is the idempotency key: it is the same however often the file is sent. */
async function submitAsFile(
  { db, sixtyfour }: Context,
  task: SendableTask,
  path: string,
  config: Record<string, unknown>,
): Promise<SubmitFileOutcome> {
  const file = await makeLeadFile(db, task);
  return sixtyfour.submitFile(path, { fileName: "leads.csv", file, config, idempotencyKey: task.id });
}

async function storeOutcome(
  context: Context,
  task: SendableTask,
  sendId: string,
  outcome: SubmitOutcome,
): Promise<SubmitOutcome> {
  if (outcome.type !== "accepted") {
    await storeFailure(context, task, outcome);
    return outcome;
  }
  const stored = await storeAcceptance(context, task, sendId, outcome);
  if (stored) return outcome;
  // Opaque or not, a task_id names one job. Taking another task's would hand this lead that one's result.
  const unreadable = { type: "unconfirmed", reason: "unreadable_answer", message: null } as const;
  await storeFailure(context, task, unreadable);
  return unreadable;
}

/** @returns false where another task has this task_id already */
async function storeAcceptance(
  { db, webhook }: Context,
  task: SendableTask,
  sendId: string,
  outcome: Extract<SubmitOutcome, { type: "accepted" }> & Partial<FileEstimate>,
): Promise<boolean> {
  const sixtyfourTaskId = storableText(outcome.sixtyfourTaskId);
  const sixtyfourStatus = outcome.sixtyfourStatus && storableText(outcome.sixtyfourStatus);
  const withWebhook = webhook.target.url !== null;
  return db.transaction(async (tx) => {
    await lockSixtyfourTasks(tx, [sixtyfourTaskId]);
    const [[known], early] = await Promise.all([
      tx.select({ id: sends.id, taskId: sends.taskId }).from(sends).where(eq(sends.sixtyfourTaskId, sixtyfourTaskId)),
      tx
        .select()
        .from(deliveries)
        .where(
          and(
            eq(deliveries.sixtyfourTaskId, sixtyfourTaskId),
            eq(deliveries.outcome, "unmatched"),
            // A delivery that nothing vouched for, or that bore another token, is not taken on trust now.
            eq(deliveries.signature, "valid"),
            eq(deliveries.token, "none"),
          ),
        )
        .orderBy(deliveries.id),
    ]);
    // A request that is repeated is answered with the job that an earlier send of it has started.
    const isOfEarlierSend = hasIdempotencyKey(task) && known?.taskId === task.id;
    if (known && known.id !== sendId && !isOfEarlierSend) return false;
    const { rowCount, estimatedCostCents, unrecognizedFields } = outcome;
    const investigation = outcome.investigation && (storableJson(outcome.investigation) as Investigation);
    const ignored = unrecognizedFields.length > 0 ? unrecognizedFields.map(storableText) : null;
    await Promise.all([
      known ? undefined : tx.update(sends).set({ sixtyfourTaskId }).where(eq(sends.id, sendId)),
      tx
        .update(tasks)
        .set({
          status: "running",
          sixtyfourTaskId,
          sixtyfourStatus,
          webhookRequested: withWebhook,
          unrecognizedFields: ignored,
          investigation,
          errorCode: null,
          errorMessage: null,
          nextPollAt: firstPollAt(task.kind, withWebhook ? webhook.deliveryWindowInSeconds : null, new Date(), {
            tier: tierOf(task.request),
            shape: task.shape,
          }),
        })
        .where(and(eq(tasks.id, task.id), inArray(tasks.status, ["submitting", "unconfirmed", "running"]))),
      tx.insert(taskEvents).values({
        taskId: task.id,
        type: "submitted",
        detail: { sixtyfourTaskId, withWebhook, rowCount, estimatedCostCents, ignored },
      }),
    ]);
    for (const delivery of early) {
      const parsed = parseDelivery(delivery.body);
      if (parsed.about !== "task") continue;
      const { id: deliveryId, attempt, eventId, bodySha256 } = delivery;
      const isReused = eventId && bodySha256 && (await isEventIdReused(tx, { eventId, deliveryId, bodySha256 }));
      const { event } = parsed;
      const ofThisSend = { taskId: task.id, sendId, deliveryId, attempt, event };
      await applyStored(tx, { ...ofThisSend, isEventIdReused: Boolean(isReused) });
    }
    return true;
  });
}

type NotAccepted = Exclude<SendOutcome, { type: "accepted" }>;

const STATUS_AFTER = { held: "queued", refused: "failed", unconfirmed: "unconfirmed" } as const;

async function storeFailure({ db }: Context, task: SendableTask, outcome: NotAccepted): Promise<void> {
  await db.transaction(async (tx) => {
    const submission = await lockSubmissionOf(tx, task.id);
    // Erasing takes the same lock. A message may name the lead, and came too late if the lead is erased.
    const isErased = (await tx.$count(tasks, and(eq(tasks.id, task.id), isNotNull(tasks.erasedAt)))) > 0;
    const errorMessage = isErased ? null : outcome.message && storableText(outcome.message);
    const pauseReason = submission.source === "form" ? null : readPauseReason(outcome);
    if (pauseReason && !submission.pausedAt && !submission.cancelledAt) {
      await storePause(tx, submission.id, pauseReason, errorMessage);
    }
    const isPaused = submission.pausedAt !== null || pauseReason !== null;
    const detail = { outcome: outcome.type, reason: outcome.reason, message: errorMessage };
    const event = { id: newId(), taskId: task.id, type: "submit_failed" as const, detail };
    await tx.insert(taskEvents).values(event);
    const { sendCount, doubt, isRepeatable: isHarmless } = await readSends(tx, task);
    const isHeld = outcome.type === "held" || pauseReason !== null;
    // The answer to this send says nothing about an earlier one that may have been accepted.
    const status = doubt ? "unconfirmed" : isHeld ? "queued" : STATUS_AFTER[outcome.type];
    const mayGoAgain = !isPaused && !submission.cancelledAt && (doubt === null || isHarmless);
    const sendsAgainAt = mayGoAgain ? momentOfNextSend(outcome, sendCount) : null;
    await tx
      .update(tasks)
      .set({
        status,
        errorCode: doubt ?? outcome.reason,
        errorMessage,
        endedAt: status === "failed" ? sql`now()` : null,
        nextSendAt: sendsAgainAt,
        ...(status === "queued" && submission.cancelledAt ? cancelledUnsent : {}),
      })
      .where(and(eq(tasks.id, task.id), eq(tasks.status, "submitting")));
    if (doubt === null || sendsAgainAt === null) return;
    await tx
      .update(taskEvents)
      .set({ detail: { ...detail, isRepeated: true } })
      .where(eq(taskEvents.id, event.id));
  });
}

/**
 * When the app sends a task again after such an answer: one that did nothing, or that left open whether it did. Null where
 * a person has to decide or to fix something first.
 */
function momentOfNextSend(outcome: NotAccepted, sendCount: number): Date | null {
  if (outcome.type === "held") return nextSendAt(outcome.reason, outcome.retryAfterSeconds, sendCount, new Date());
  const isLost = outcome.type === "unconfirmed" && outcome.reason !== "changed_request";
  return isLost ? nextSendAt("unreachable", null, sendCount, new Date()) : null;
}

/** The endpoint takes an idempotency key: that of a file, or a `dispatch_id`. */
function hasIdempotencyKey(task: SendableTask): boolean {
  return task.shape === "file" || takesDispatchId(task);
}

/** The lock comes before any on its tasks, as with all that changes both. */
async function lockSubmissionOf(tx: Transaction, taskId: string): Promise<typeof submissions.$inferSelect> {
  const ofTask = tx.select({ id: tasks.submissionId }).from(tasks).where(eq(tasks.id, taskId));
  const [submission] = await tx.select().from(submissions).where(inArray(submissions.id, ofTask)).for("update");
  if (!submission) throw new Error(`A task without its submission: ${taskId}`);
  return submission;
}

/** What stops a whole list: the next lead would be answered the same. A single form shows it to its person instead. */
function readPauseReason(outcome: NotAccepted): PauseReason | null {
  const { type, reason } = outcome;
  if (type === "refused") return reason === "not_enabled" ? reason : null;
  if (type === "unconfirmed") return null;
  return reason === "rate_limited" || reason === "unreachable" ? null : reason;
}

/**
 * What the sends of a task tell: their number, why one of them may have been accepted (null where none was in doubt), and
 * whether sending it again can't start a second job.
 */
async function readSends(tx: Transaction, task: SendableTask) {
  const sendCount = sql<number>`(select count(*)::int from sends where sends.task_id = ${tasks.id})`;
  const [read] = await tx
    .select({ sendCount, doubt: latestDoubt(task.id), isRepeatable })
    .from(tasks)
    .where(eq(tasks.id, task.id));
  if (!read) throw new Error(`A send without its task: ${task.id}`);
  return read;
}

function logUnstored(task: SendableTask, outcome: SubmitOutcome, error: unknown): void {
  const sixtyfourTaskId = outcome.type === "accepted" ? idForLog(outcome.sixtyfourTaskId) : null;
  log.error("submit_answer_not_stored", error, { taskId: task.id, sixtyfourTaskId });
}
