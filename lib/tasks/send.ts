import { and, eq, inArray, type SQLWrapper, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { inline, inlineBytes, inlineIfWords } from "@/db/inline";
import { newId } from "@/db/new-id";
import { deliveries, sends, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { applyDelivery, type DeliveryFlag } from "@/lib/deliveries/apply";
import { isEventIdReused } from "@/lib/deliveries/event-id-reuse";
import { parseDelivery } from "@/lib/deliveries/parse";
import { createWebhookToken, webhookUrlWith } from "@/lib/deliveries/webhook-token";
import { idForLog, log } from "@/lib/log";
import { finishBeforeExit } from "@/lib/shutdown";
import type { FileEstimate, SubmitFileOutcome, SubmitOutcome } from "@/lib/sixtyfour/client";
import { findTaskKind, pathOf, type TaskShape } from "@/lib/sixtyfour/task-kinds";
import { storableText } from "@/lib/storable-json";
import { cancelledUnsent } from "@/lib/submissions/cancel";
import { type PauseReason, storePause } from "@/lib/submissions/pause";
import { makeLeadFile } from "@/lib/tasks/lead-file";
import { firstPollAt, nextSendAt } from "@/lib/tasks/poll-schedule";
import { lockSixtyfourTask } from "@/lib/tasks/sixtyfour-task-lock";
import { inSpan, traceparent } from "@/lib/tracing";

/** A task that this process has moved to `submitting`, and that nobody else may send. */
export interface SendableTask {
  id: string;
  kind: string;
  shape: TaskShape;
  request: Record<string, unknown>;
}

/** What a claim has to return. */
export const sendableColumns = { id: tasks.id, kind: tasks.kind, shape: tasks.shape, request: tasks.request };

/** How often, and how long apart, storing an answer is tried: losing it here would lose the task_id. */
const STORE_RETRY_DELAYS_IN_MS = [100, 500, 2_000];

/**
 * Sends one task to Sixtyfour and stores what came of it. The caller has stored the task as `submitting` before, so that
 * a crash in here leaves a task that says it may have been accepted, and never none. An orderly end waits for it.
 */
export function sendTask(context: Context, task: SendableTask): Promise<SubmitOutcome> {
  return finishBeforeExit(sendAndTell(context, task));
}

async function sendAndTell(context: Context, task: SendableTask): Promise<SubmitOutcome> {
  const startedAt = Date.now();
  const attributes = { "task.id": task.id, "task.kind": task.kind, "task.shape": task.shape };
  return inSpan("submit", { attributes }, async (span) => {
    const outcome = await sendAndStore(context, task);
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

async function sendAndStore(context: Context, task: SendableTask): Promise<SubmitOutcome> {
  const kind = findTaskKind(task.kind);
  if (!kind) throw new Error(`Task ${task.id} is of a kind that can't be sent: ${task.kind}`);
  const { sendId, webhookUrl } = await storeSend(context, task);
  const body = webhookUrl ? { ...task.request, webhook_url: webhookUrl } : task.request;
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

/** Keeps the hash of this send's token before the request leaves: a webhook may be quicker than the answer. */
async function storeSend(
  { db, webhook }: Context,
  task: SendableTask,
): Promise<{ sendId: string; webhookUrl: string | null }> {
  const { target } = webhook;
  const token = target.url === null ? null : createWebhookToken();
  const tokenHash = token && inlineBytes(token.tokenHash);
  const sendId = newId();
  await inline(db.insert(sends).values({ id: sendId, taskId: task.id, tokenHash, traceparent: traceparent() }));
  return {
    sendId,
    webhookUrl: target.url !== null && token ? webhookUrlWith(target, token.token) : null,
  };
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
  const write = <T extends SQLWrapper>(statement: T) => inlineIfWords([sixtyfourTaskId, sixtyfourStatus], statement);
  return db.transaction(async (tx) => {
    await lockSixtyfourTask(tx, sixtyfourTaskId);
    const [[known], early] = await Promise.all([
      write(
        tx.select({ id: sends.id, taskId: sends.taskId }).from(sends).where(eq(sends.sixtyfourTaskId, sixtyfourTaskId)),
      ),
      write(
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
      ),
    ]);
    // A file that is sent again is answered with the job that an earlier send of it has started.
    const isOfEarlierSend = task.shape === "file" && known?.taskId === task.id;
    if (known && known.id !== sendId && !isOfEarlierSend) return false;
    const { rowCount, estimatedCostCents } = outcome;
    await Promise.all([
      known ? undefined : write(tx.update(sends).set({ sixtyfourTaskId }).where(eq(sends.id, sendId))),
      write(
        tx
          .update(tasks)
          .set({
            status: "running",
            sixtyfourTaskId,
            sixtyfourStatus,
            webhookRequested: withWebhook,
            errorCode: null,
            errorMessage: null,
            nextPollAt: firstPollAt(task.kind, withWebhook ? webhook.deliveryWindowInSeconds : null, new Date()),
          })
          .where(and(eq(tasks.id, task.id), inArray(tasks.status, ["submitting", "unconfirmed", "running"]))),
      ),
      write(
        tx.insert(taskEvents).values({
          taskId: task.id,
          type: "submitted",
          detail: { sixtyfourTaskId, withWebhook, rowCount, estimatedCostCents },
        }),
      ),
    ]);
    for (const delivery of early) {
      const parsed = parseDelivery(delivery.body);
      if (parsed.about !== "task") continue;
      const { id: deliveryId, attempt, eventId, bodySha256 } = delivery;
      const isReused = eventId && bodySha256 && (await isEventIdReused(tx, { eventId, deliveryId, bodySha256 }));
      const flags: DeliveryFlag[] = isReused ? ["event_id_reused"] : [];
      await applyDelivery(tx, { taskId: task.id, sendId, deliveryId, attempt, event: parsed.event, flags });
    }
    return true;
  });
}

const STATUS_AFTER = { held: "queued", refused: "failed", unconfirmed: "unconfirmed" } as const;

async function storeFailure(
  { db }: Context,
  task: SendableTask,
  outcome: Exclude<SubmitOutcome, { type: "accepted" }>,
): Promise<void> {
  const errorMessage = outcome.message && storableText(outcome.message);
  await db.transaction(async (tx) => {
    const submission = await lockSubmissionOf(tx, task.id);
    const pauseReason = submission.source === "form" ? null : readPauseReason(outcome);
    const isHeld = outcome.type === "held" || pauseReason !== null;
    if (pauseReason && !submission.pausedAt && !submission.cancelledAt) {
      await storePause(tx, submission.id, pauseReason, errorMessage);
    }
    const isPaused = submission.pausedAt !== null || pauseReason !== null;
    // What an idempotency key names can be sent again by itself, also where it may have been accepted.
    const isRepeated = outcome.type === "unconfirmed" && task.shape === "file" && !submission.cancelledAt;
    const mayGoAgain = outcome.type === "held" || isRepeated;
    await tx
      .update(tasks)
      .set({
        status: isHeld ? "queued" : STATUS_AFTER[outcome.type],
        errorCode: outcome.reason,
        errorMessage,
        endedAt: outcome.type === "refused" && !isHeld ? sql`now()` : null,
        nextSendAt:
          mayGoAgain && !isPaused
            ? nextSendAt(
                outcome.type === "held" ? outcome.reason : "unreachable",
                outcome.type === "held" ? outcome.retryAfterSeconds : null,
                await countSends(tx, task),
                new Date(),
              )
            : null,
        ...(isHeld && submission.cancelledAt ? cancelledUnsent : {}),
      })
      .where(and(eq(tasks.id, task.id), eq(tasks.status, "submitting")));
    await tx.insert(taskEvents).values({
      taskId: task.id,
      type: "submit_failed",
      detail: { outcome: outcome.type, reason: outcome.reason, message: errorMessage },
    });
  });
}

/** The lock comes before any on its tasks, as with all that changes both. */
async function lockSubmissionOf(tx: Transaction, taskId: string): Promise<typeof submissions.$inferSelect> {
  const ofTask = tx.select({ id: tasks.submissionId }).from(tasks).where(eq(tasks.id, taskId));
  const [submission] = await inline(tx.select().from(submissions).where(inArray(submissions.id, ofTask)).for("update"));
  if (!submission) throw new Error(`A task without its submission: ${taskId}`);
  return submission;
}

/** What stops a whole list: the next lead would be answered the same. A single form shows it to its person instead. */
function readPauseReason(outcome: Exclude<SubmitOutcome, { type: "accepted" }>): PauseReason | null {
  const { type, reason } = outcome;
  if (type === "refused") return reason === "not_enabled" ? reason : null;
  if (type === "unconfirmed") return null;
  return reason === "rate_limited" || reason === "unreachable" ? null : reason;
}

function countSends(tx: Transaction, task: SendableTask): Promise<number> {
  return tx.$count(sends, inline(eq(sends.taskId, task.id)));
}

function logUnstored(task: SendableTask, outcome: SubmitOutcome, error: unknown): void {
  const sixtyfourTaskId = outcome.type === "accepted" ? idForLog(outcome.sixtyfourTaskId) : null;
  log.error("submit_answer_not_stored", error, { taskId: task.id, sixtyfourTaskId });
}
