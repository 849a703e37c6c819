import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { deliveries, sends, tasks } from "@/db/schema";
import { batcherPer } from "@/lib/batcher";
import { addressGroup } from "@/lib/client-address";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";
import { idForLog, log } from "@/lib/log";
import {
  claimJob,
  decide,
  type Effects,
  effectsOf,
  type FoundTask,
  foundColumns,
  recordedOutcome,
  writeEffects,
} from "@/lib/pipeline/apply";
import { findKnownEvents, noteEvent } from "@/lib/pipeline/event-id-reuse";
import { type ParsedDelivery, parseDelivery } from "@/lib/pipeline/parse-delivery";
import { recordRejected } from "@/lib/pipeline/record-rejected";
import { countAgainst, type Handled, type Receipt, reject, signatureRejection } from "@/lib/pipeline/reject";
import { lockSixtyfourTasks } from "@/lib/pipeline/sixtyfour-task-lock";
import {
  type DescribedDelivery,
  describeDelivery,
  type ReceivedRequest,
  type ReceivingContext,
  readAttempt,
  type Signature,
  type UnreadRequest,
} from "@/lib/pipeline/webhook-request";
import { hashToken } from "@/lib/pipeline/webhook-token";
import { verifySignature } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { recordSpan } from "@/lib/tracing";

/**
 * Takes one webhook request: verifies its bytes, finds its task, records the delivery and applies it to the task, in one
 * transaction that it may share. Once this has returned, nothing of it can be lost. Every delivery takes this way; what nothing vouches for
 * is counted, and only some of it is kept.
 */
export async function receiveDelivery(context: ReceivingContext, request: ReceivedRequest): Promise<Receipt> {
  const signature = verify(context, request);
  const verifiedAt = new Date();
  const handled = await handle(context, request, signature);
  report(request, signature, verifiedAt, handled);
  return handled.receipt;
}

/** Rejects a request without its body: its headers show that it can't be taken, and its token is not ours. */
export async function rejectUnread(
  context: ReceivingContext,
  request: UnreadRequest,
  signature: Signature,
): Promise<Receipt> {
  const handled = await reject(context, request, signature, signatureRejection(signature), {
    isTokenUnknown: true,
  });
  report(request, signature, new Date(), handled);
  return handled.receipt;
}

async function handle(context: ReceivingContext, request: ReceivedRequest, signature: Signature): Promise<Handled> {
  const problem = problemOf(request, signature);
  if (problem) return reject(context, request, signature, problem);
  const rawBody = request.rawBody ?? new Uint8Array();
  const parsed = parseDelivery(rawBody);
  if (parsed.about === "nothing") {
    return reject(context, request, signature, { status: 400, outcome: "malformed", detail: parsed.problem });
  }
  const delivery = describeDelivery(request, rawBody, signature, parsed);
  const stored = await store(context.db, { token: request.token, parsed, delivery });
  if (stored.type === "stored") return stored.handled;
  if (stored.type === "rejected") return reject(context, request, signature, stored.receipt);
  countAgainst(request);
  const { receivedAt, token, address = null } = request;
  const { deliveryId } = await recordRejected(context.db, {
    outcome: stored.outcome,
    answer: 200,
    receivedAt,
    address: addressGroup(address),
    tokenHash: token === null ? null : hashToken(token),
    namedTaskId: null,
    delivery,
  });
  return {
    receipt: { status: 200, outcome: stored.outcome },
    deliveryId,
    sixtyfourTaskId: delivery.sixtyfourTaskId,
  };
}

function verify({ webhook }: ReceivingContext, { rawBody, headers, receivedAt }: ReceivedRequest): Signature {
  if (webhook.secrets.length === 0) return { verdict: "unsigned", count: 0, ageInSeconds: null };
  return verifySignature({
    header: headers.get(SIXTYFOUR_HEADERS.signature),
    rawBody: rawBody ?? new Uint8Array(),
    secrets: webhook.secrets,
    nowInSeconds: Math.floor(receivedAt.getTime() / 1000),
  });
}

/** Returns why a request is rejected without a look into its body, or null. */
function problemOf({ rawBody, headers }: ReceivedRequest, signature: Signature): Receipt | null {
  if (!rawBody) return { status: 413, outcome: "malformed", detail: "The body is longer than this app takes." };
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  if (encoding && encoding !== "identity") {
    return { status: 415, outcome: "malformed", detail: "Send the body as it is, without a content-encoding." };
  }
  return signature.verdict === "valid" || signature.verdict === "unsigned" ? null : signatureRejection(signature);
}

/** untrusted: it belongs to no task of ours and nothing vouches for it, so it is only counted, with some of these kept. */
type Stored =
  | { type: "stored"; handled: Handled }
  | { type: "rejected"; receipt: Receipt }
  | { type: "untrusted"; outcome: "unmatched" | "workflow" };

interface GivenDelivery {
  token: string | null;
  parsed: Exclude<ParsedDelivery, { about: "nothing" }>;
  delivery: DescribedDelivery;
}

/** Deliveries that arrive while others are being stored share one transaction. */
const BATCH = { atOnce: 2, patienceMs: 1_000, most: 16, mostSize: 500_000 };

const store = batcherPer((db: Database, batch: GivenDelivery[]) => db.transaction((tx) => recordAndApply(tx, batch)), {
  ...BATCH,
  sizeOf: ({ delivery }) => delivery.bodyBytes,
});

/** Find, decide, record and apply. Postgres is waited for four times: begin, find, write, commit. */
async function recordAndApply(tx: Transaction, batch: GivenDelivery[]): Promise<Stored[]> {
  const eventIds = batch.flatMap(({ delivery }) => delivery.eventId ?? []);
  const sixtyfourTaskIds = batch.flatMap(({ delivery }) => delivery.sixtyfourTaskId ?? []);
  const [, found, knownEvents] = await Promise.all([
    lockSixtyfourTasks(tx, sixtyfourTaskIds, eventIds),
    findTasks(tx, batch, sixtyfourTaskIds),
    findKnownEvents(tx, eventIds),
  ]);
  const records: (typeof deliveries.$inferInsert)[] = [];
  const effects: Effects[] = [];
  const stored: Stored[] = [];
  for (const { token, parsed, delivery } of batch) {
    const owner = ownerOf(found, token, delivery);
    if (owner.type === "rejected") {
      stored.push({ type: "rejected", receipt: { status: 401, outcome: "refused", detail: owner.why } });
      continue;
    }
    const isSigned = delivery.signature === "valid";
    const { sixtyfourTaskId } = delivery;
    const id = newId();
    const isEventIdReused = noteEvent(knownEvents, delivery);
    const record = {
      ...delivery,
      id,
      token: owner.type === "token" ? "right" : token === null ? "none" : "wrong",
    } as const;

    if (parsed.about === "workflow" || owner.type === "nobody") {
      const outcome = parsed.about === "workflow" ? "workflow" : "unmatched";
      if (owner.type === "nobody" && !isSigned) {
        stored.push({ type: "untrusted", outcome });
        continue;
      }
      records.push({ ...record, outcome });
      if (parsed.about === "workflow" && delivery.eventType !== PREFLIGHT_EVENT_TYPE) {
        await pollFilesNow(tx, owner.type === "token" ? owner.task.taskId : null, isSigned);
      }
      stored.push({ type: "stored", handled: { receipt: { status: 200, outcome }, deliveryId: id, sixtyfourTaskId } });
      continue;
    }

    const { task } = owner;
    const { taskId, traceparent } = task;
    const startedTaskId = await claimJob(tx, task, parsed.event);
    const decision = decide(task, parsed.event, { startedTaskId, isEventIdReused });
    records.push({ ...record, ...recordedOutcome(taskId, decision) });
    const effect = effectsOf({ ...task }, decision, { id, attempt: delivery.attempt, event: parsed.event });
    effects.push(effect);
    // A later delivery of this batch may be about the same task.
    task.startedTaskId = startedTaskId;
    for (const send of found) {
      if (send.taskId !== taskId) continue;
      send.status = effect.statusAfter;
      send.sixtyfourTaskId ??= startedTaskId;
    }
    const receipt = { status: 200, outcome: decision.outcome } as const;
    stored.push({ type: "stored", handled: { receipt, deliveryId: id, sixtyfourTaskId, taskId, traceparent } });
  }
  await Promise.all([
    records.length > 0 ? tx.insert(deliveries).values(records) : undefined,
    writeEffects(tx, effects),
  ]);
  return stored;
}

type FoundSend = FoundTask & { tokenHash: Uint8Array | null };

/**
 * Finds the tasks that deliveries name by a token of ours or by a task_id, and locks them, in one order: two batches must
 * not wait for each other in a circle.
 */
async function findTasks(tx: Transaction, batch: GivenDelivery[], sixtyfourTaskIds: string[]): Promise<FoundSend[]> {
  const tokenHashes = batch.flatMap(({ token }) => (token === null ? [] : hashToken(token)));
  const named = [
    ...(tokenHashes.length > 0 ? [inArray(sends.tokenHash, tokenHashes)] : []),
    ...(sixtyfourTaskIds.length > 0 ? [inArray(sends.sixtyfourTaskId, sixtyfourTaskIds)] : []),
  ];
  if (named.length === 0) return [];
  return tx
    .select({ ...foundColumns, tokenHash: sends.tokenHash })
    .from(sends)
    .innerJoin(tasks, eq(tasks.id, sends.taskId))
    .where(or(...named))
    .orderBy(tasks.id)
    .for("no key update", { of: tasks });
}

type Owner = { type: "token" | "task_id"; task: FoundTask } | { type: "nobody" } | { type: "rejected"; why: string };

/**
 * Returns the task that a delivery belongs to. A token of ours names its send; without a token, a valid signature and a
 * known task_id do. A wrong token for a known task is a forgery, and so is a missing one where nothing is signed.
 */
function ownerOf(found: FoundSend[], token: string | null, { sixtyfourTaskId, signature }: DescribedDelivery): Owner {
  const tokenHash = token === null ? null : hashToken(token);
  const byToken = tokenHash && found.find((send) => send.tokenHash && tokenHash.equals(send.tokenHash));
  const byTaskId = found.find(({ startedTaskId }) => startedTaskId !== null && startedTaskId === sixtyfourTaskId);

  if (byToken && byTaskId && byToken.taskId !== byTaskId.taskId) {
    return { type: "rejected", why: "The token belongs to another task." };
  }
  // Of a task that was sent twice, the send that is known to have started this very job.
  if (byToken) return { type: "token", task: byTaskId ?? byToken };
  if (!byTaskId) return { type: "nobody" };
  if (token !== null) return { type: "rejected", why: "The token is not the one of this task." };
  return signature === "valid"
    ? { type: "task_id", task: byTaskId }
    : { type: "rejected", why: "The token is missing." };
}

/**
 * Makes running file tasks due for a poll: the task whose token a workflow's envelope bears, or all of them where the
 * envelope is signed. A file job is a workflow at Sixtyfour, and may announce its end by such an envelope, which names no task
 * of ours. Rows that another transaction holds are skipped; those tasks keep the time of their next poll.
 */
async function pollFilesNow(tx: Transaction, taskId: string | null, isSigned: boolean): Promise<void> {
  const isRunningFile = and(eq(tasks.shape, "file"), eq(tasks.status, "running"));
  const makeDue = (which: SQL | undefined) =>
    tx
      .update(tasks)
      .set({ nextPollAt: sql`now()` })
      .where(
        inArray(
          tasks.id,
          tx.select({ id: tasks.id }).from(tasks).where(and(isRunningFile, which)).for("update", { skipLocked: true }),
        ),
      )
      .returning({ id: tasks.id });
  const ofToken = taskId === null ? [] : await makeDue(eq(tasks.id, taskId));
  if (ofToken.length === 0 && isSigned) await makeDue(undefined);
}

/** Writes one line of the log, and spans in the trace of the task's submit: only now is it known whose delivery it was. */
function report(
  { headers, receivedAt }: UnreadRequest,
  { verdict }: Signature,
  verifiedAt: Date,
  { receipt: { status, outcome }, deliveryId, taskId, sixtyfourTaskId, traceparent }: Handled,
): void {
  // A flood must not fill the log either; the counts in the database have every request.
  if (deliveryId === null) return;
  const attributes = { "delivery.id": deliveryId, "delivery.outcome": outcome, "delivery.signature": verdict };
  const webhook = recordSpan("webhook", {
    parent: traceparent ?? null,
    startedAt: receivedAt,
    attributes: { ...attributes, ...(taskId && { "task.id": taskId }), "http.response.status_code": status },
  });
  recordSpan("settle", { parent: webhook, startedAt: verifiedAt, attributes: { "delivery.outcome": outcome } });
  log.info("webhook", {
    outcome,
    answer: status,
    signature: verdict,
    taskId,
    sixtyfourTaskId: idForLog(sixtyfourTaskId),
    deliveryId,
    eventId: idForLog(headers.get(SIXTYFOUR_HEADERS.eventId)),
    attempt: readAttempt(headers),
    handledMs: Date.now() - receivedAt.getTime(),
    // The trace of the task's submit and not the request's, as in the lines of the submit.
    traceId: webhook?.split("-")[1],
  });
}
