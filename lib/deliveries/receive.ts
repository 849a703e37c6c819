import { createHash } from "node:crypto";
import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { inline, inlineBytes, inlineIfWords } from "@/db/inline";
import { deliveries, sends, tasks } from "@/db/schema";
import { addressGroup } from "@/lib/client-address";
import type { Context } from "@/lib/context";
import { applyDelivery, type DeliveryOutcome } from "@/lib/deliveries/apply";
import { applyOrdinaryDelivery } from "@/lib/deliveries/apply-ordinary";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";
import { isEventIdReused } from "@/lib/deliveries/event-id-reuse";
import { isKnownToken } from "@/lib/deliveries/known-token";
import { type ParsedDelivery, parseDelivery } from "@/lib/deliveries/parse";
import { recordRejected } from "@/lib/deliveries/record-rejected";
import { createRejectionLimiter } from "@/lib/deliveries/rejection-limiter";
import { hashToken } from "@/lib/deliveries/webhook-token";
import { idForLog, log } from "@/lib/log";
import { type SignatureVerdict, verifySignature } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { storableText } from "@/lib/storable-json";
import { lockSixtyfourTask } from "@/lib/tasks/sixtyfour-task-lock";
import { recordSpan } from "@/lib/tracing";

/** What is answered to the sender; `detail` says why it was not taken. */
export interface Receipt {
  status: 200 | 400 | 401 | 413 | 415 | 429;
  outcome: DeliveryOutcome;
  detail?: string;
  /** When a client that is limited may try again. */
  retryAfterSeconds?: number;
}

/** A request as it is known before its body is read. */
export interface UnreadRequest {
  headers: Headers;
  /** The token of the address that was called. */
  token: string | null;
  /** The client's address; null if it is not known. */
  address?: string | null;
  receivedAt: Date;
}

export interface ReceivedRequest extends UnreadRequest {
  /** Null where it was longer than allowed, and not read. */
  rawBody: Uint8Array | null;
}

export type ReceivingContext = Pick<Context, "db" | "webhook">;

const limiter = createRejectionLimiter();

/** Headers that are kept with a delivery: those that tell how it came, and none that could hold a secret. */
const KEPT_HEADERS = [
  ...Object.values(SIXTYFOUR_HEADERS),
  "content-type",
  "content-length",
  "content-encoding",
  "user-agent",
];

/** A UUID has 36 characters; what is far longer is not one, and too long for an index of Postgres. */
const MAX_ID_LENGTH = 256;

/** Anybody can send a request that is rejected, so only the beginning of its body and of its headers is kept. */
const KEPT_BYTES_OF_REJECTED = 4_096;
const KEPT_HEADER_LENGTH = { accepted: 2_000, rejected: 300 };

/**
 * Takes one webhook request: judges it, stores it, and applies it to its task, in one statement where it is ordinary and
 * else in one transaction. Once this has returned, nothing of it can be lost. A request
 * that nothing vouches for is counted, and only some of these are kept whole, see `lib/deliveries/record-rejected.ts`.
 */
export async function receiveDelivery(context: ReceivingContext, request: ReceivedRequest): Promise<Receipt> {
  const signature = judgeSignature(context, request);
  const judgedAt = new Date();
  const { receipt, ...about } = await take(context, request, signature);
  tell(request, signature, judgedAt, receipt, about);
  return receipt;
}

/**
 * Rejects a request whose headers alone show that it can't be taken, without its body.
 *
 * @param signature the verdict, as far as the header tells
 */
export async function rejectUnread(
  context: ReceivingContext,
  request: UnreadRequest,
  signature: Signature,
): Promise<Receipt> {
  const { receipt, ...about } = await reject(context, request, signature, refusalOf(signature));
  tell(request, signature, new Date(), receipt, about);
  return receipt;
}

/** Returns the seconds for which the rate limiter rejects what nothing vouches for from this client, or null. */
export function limitedForSeconds({ address }: UnreadRequest): number | null {
  return address === undefined ? null : limiter.limitedForSeconds(address);
}

/** What the log, and the trace, say of a delivery besides what was answered. */
interface About {
  /** Null for a request that is counted and not kept. */
  deliveryId: string | null;
  taskId?: string;
  sixtyfourTaskId?: string | null;
  /** The span that its task was sent in. */
  traceparent?: string | null;
}

type Taken = { receipt: Receipt } & About;

async function take(context: ReceivingContext, request: ReceivedRequest, signature: Signature): Promise<Taken> {
  const refusal = refuse(request, signature);
  if (refusal) return reject(context, request, signature, refusal);

  const rawBody = request.rawBody ?? new Uint8Array();
  const parsed = parseDelivery(rawBody);
  if (parsed.about === "nothing") {
    const malformed: Receipt = { status: 400, outcome: "malformed", detail: parsed.problem };
    return reject(context, request, signature, malformed);
  }
  const taken = takeDown(request, rawBody, signature, parsed);
  if (parsed.about === "task") {
    const applied = await applyOrdinaryDelivery(context.db, {
      event: parsed.event,
      tokenHash: request.token === null ? null : hashToken(request.token),
      isSigned: signature.verdict === "valid",
      delivery: taken,
    });
    if (applied) {
      return { receipt: { status: 200, outcome: "applied" }, sixtyfourTaskId: taken.sixtyfourTaskId, ...applied };
    }
  }
  const stored = await context.db.transaction((tx) => storeAndApply(tx, request, signature, parsed, taken));
  if (stored.type === "stored") return stored.taken;
  if (stored.type === "rejected") return reject(context, request, signature, stored.receipt);
  const { receivedAt, token, address = null } = request;
  const { deliveryId } = await recordRejected(context.db, {
    outcome: stored.outcome,
    answer: 200,
    receivedAt,
    address: addressGroup(address),
    tokenHash: token === null ? null : hashToken(token),
    namedTaskId: null,
    delivery: taken,
  });
  return {
    receipt: { status: 200, outcome: stored.outcome },
    deliveryId,
    sixtyfourTaskId: taken.sixtyfourTaskId,
  };
}

/** One line of the log, and spans in the trace of the task's submit: whose delivery it was is only known by now. */
function tell(
  { headers, receivedAt }: UnreadRequest,
  { verdict }: Signature,
  judgedAt: Date,
  { status, outcome }: Receipt,
  { deliveryId, taskId, sixtyfourTaskId, traceparent }: About,
): void {
  // A flood must not fill the log either; the counts in the database have every request.
  if (deliveryId === null) return;
  const attributes = { "delivery.id": deliveryId, "delivery.outcome": outcome, "delivery.signature": verdict };
  const webhook = recordSpan("webhook", {
    parent: traceparent ?? null,
    startedAt: receivedAt,
    attributes: { ...attributes, ...(taskId && { "task.id": taskId }), "http.response.status_code": status },
  });
  recordSpan("settle", { parent: webhook, startedAt: judgedAt, attributes: { "delivery.outcome": outcome } });
  log.info("webhook", {
    outcome,
    answer: status,
    signature: verdict,
    taskId,
    sixtyfourTaskId: idForLog(sixtyfourTaskId),
    deliveryId,
    eventId: idForLog(headers.get(SIXTYFOUR_HEADERS.eventId)),
    attempt: readAttempt(headers.get(SIXTYFOUR_HEADERS.deliveryAttempt)),
    handledMs: Date.now() - receivedAt.getTime(),
    // Its trace and not the request's, as in the lines of the submit.
    traceId: webhook?.split("-")[1],
  });
}

/** The verdict on a signature; unsigned where no secret is configured. */
export type Signature = Omit<SignatureVerdict, "verdict"> & { verdict: SignatureVerdict["verdict"] | "unsigned" };

function judgeSignature({ webhook }: ReceivingContext, { rawBody, headers, receivedAt }: ReceivedRequest): Signature {
  if (webhook.secrets.length === 0) return { verdict: "unsigned", count: 0, ageInSeconds: null };
  return verifySignature({
    header: headers.get(SIXTYFOUR_HEADERS.signature),
    rawBody: rawBody ?? new Uint8Array(),
    secrets: webhook.secrets,
    nowInSeconds: Math.floor(receivedAt.getTime() / 1000),
  });
}

/** What can be refused without looking at the body. */
function refuse({ rawBody, headers }: ReceivedRequest, signature: Signature): Receipt | null {
  if (!rawBody) return { status: 413, outcome: "malformed", detail: "The body is longer than this app takes." };
  const encoding = headers.get("content-encoding")?.trim().toLowerCase();
  if (encoding && encoding !== "identity") {
    return { status: 415, outcome: "malformed", detail: "Send the body as it is, without a content-encoding." };
  }
  return signature.verdict === "valid" || signature.verdict === "unsigned" ? null : refusalOf(signature);
}

function refusalOf({ verdict }: Signature): Receipt {
  if (verdict === "valid" || verdict === "unsigned") return { status: 401, outcome: "refused" };
  return { status: 401, outcome: "refused", detail: `The signature is ${SIGNATURE_WORDS[verdict]}.` };
}

const SIGNATURE_WORDS = {
  missing: "missing",
  malformed: "malformed",
  mismatch: "not right",
  expired: "too old or new",
};

/**
 * Counts a request that is rejected, and answers 429 instead if its client was rejected again and again. A request with a
 * valid signature or a token of ours is never limited.
 */
async function reject(
  { db }: ReceivingContext,
  request: UnreadRequest & { rawBody?: Uint8Array | null },
  signature: Signature,
  rejection: Receipt,
): Promise<Taken> {
  const { headers, receivedAt, token, address = null, rawBody = null } = request;
  const isSigned = signature.verdict === "valid";
  const limitedFor = isSigned ? null : limitedForSeconds(request);
  const isLimited = limitedFor !== null && !(await isKnownToken(db, token));
  const receipt: Receipt = isLimited
    ? { status: 429, outcome: rejection.outcome, detail: TOO_MANY, retryAfterSeconds: limitedFor }
    : rejection;
  const body = rawBody ?? new Uint8Array();
  const recorded = await recordRejected(db, {
    outcome: rejection.outcome === "malformed" ? "malformed" : "refused",
    answer: receipt.status,
    receivedAt,
    address: addressGroup(address),
    tokenHash: token === null ? null : hashToken(token),
    namedTaskId: readNamedTask(body),
    delivery: {
      ...describeRequest(request, signature, KEPT_HEADER_LENGTH.rejected),
      // A copy, because a part of the body would keep the whole of it in memory.
      body: body.slice(0, KEPT_BYTES_OF_REJECTED),
      bodyBytes: rawBody ? rawBody.byteLength : readLength(headers),
    },
  });
  if (request.address !== undefined && !isSigned && recorded.token !== "right") limiter.count(address);
  return { receipt, deliveryId: recorded.deliveryId, sixtyfourTaskId: recorded.sixtyfourTaskId };
}

const TOO_MANY = "Too many requests of this address were rejected.";

/**
 * Finds the task_id that a rejected body names, in its first bytes and without parsing it: nothing vouches for the body, so it
 * is worth no effort.
 */
function readNamedTask(body: Uint8Array): string | null {
  const beginning = new TextDecoder().decode(body.subarray(0, KEPT_BYTES_OF_REJECTED));
  return /"task_id"\s*:\s*"([^"\\\p{Cc}]{1,256})"/u.exec(beginning)?.[1] ?? null;
}

type Parsed = Exclude<ParsedDelivery, { about: "nothing" }>;

/** What the log keeps of a delivery that could be read, before it is known what becomes of it. */
function takeDown(request: ReceivedRequest, rawBody: Uint8Array, signature: Signature, parsed: Parsed) {
  const event = parsed.about === "task" ? parsed.event : null;
  return {
    ...describeRequest(request, signature),
    sixtyfourTaskId: event ? storableText(event.task_id) : null,
    status: event?.status ? storableText(event.status) : null,
    taskType: event?.task_type ? storableText(event.task_type) : null,
    body: rawBody,
    bodyBytes: rawBody.byteLength,
    bodySha256: createHash("sha256").update(rawBody).digest(),
  };
}

/** untrusted: it belongs to no task and nothing vouches for it, so it is only counted, with some of these kept. */
type Stored =
  | { type: "stored"; taken: Taken }
  | { type: "rejected"; receipt: Receipt }
  | { type: "untrusted"; outcome: "unmatched" | "workflow" };

async function storeAndApply(
  tx: Transaction,
  request: ReceivedRequest,
  signature: Signature,
  parsed: Parsed,
  taken: ReturnType<typeof takeDown>,
): Promise<Stored> {
  const { sixtyfourTaskId, eventId, attempt, bodySha256 } = taken;
  if (sixtyfourTaskId) await lockSixtyfourTask(tx, sixtyfourTaskId);

  const owner = await findOwner(tx, { token: request.token, sixtyfourTaskId, isSigned: signature.verdict === "valid" });
  if (owner.type === "refused") {
    return { type: "rejected", receipt: { status: 401, outcome: "refused", detail: owner.why } };
  }
  const outcomeOfNobodys = parsed.about === "task" ? "unmatched" : "workflow";
  if (owner.type === "nobody" && signature.verdict !== "valid") return { type: "untrusted", outcome: outcomeOfNobodys };
  const [delivery] = await tx
    .insert(deliveries)
    .values({
      ...taken,
      token: owner.type === "token" ? "right" : request.token === null ? "none" : "wrong",
      outcome: outcomeOfNobodys,
    })
    .returning({ id: deliveries.id });
  if (!delivery) throw new Error("Postgres returned no row for an inserted delivery.");
  const about = { deliveryId: delivery.id, sixtyfourTaskId };
  if (parsed.about === "workflow" && taken.eventType !== PREFLIGHT_EVENT_TYPE) {
    await pollFilesNow(tx, owner, signature);
  }
  if (parsed.about !== "task" || owner.type === "nobody") {
    return { type: "stored", taken: { receipt: { status: 200, outcome: outcomeOfNobodys }, ...about } };
  }

  const isReused = eventId !== null && (await isEventIdReused(tx, { eventId, deliveryId: delivery.id, bodySha256 }));
  const outcome = await applyDelivery(tx, {
    taskId: owner.taskId,
    sendId: owner.sendId,
    deliveryId: delivery.id,
    attempt,
    event: parsed.event,
    flags: isReused ? ["event_id_reused"] : [],
  });
  const { taskId, traceparent } = owner;
  return { type: "stored", taken: { receipt: { status: 200, outcome }, ...about, taskId, traceparent } };
}

/**
 * Makes running file tasks due for a poll: the task whose token a workflow's envelope bears, or all of them where the
 * envelope is signed. A file job is a workflow at Sixtyfour, and may announce its end by such an envelope, which names no task
 * of ours. Rows that another transaction holds are skipped; those tasks keep the time of their next poll.
 */
async function pollFilesNow(tx: Transaction, owner: Owner, { verdict }: Signature): Promise<void> {
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
  const ofToken = owner.type === "token" ? await makeDue(eq(tasks.id, owner.taskId)) : [];
  if (ofToken.length === 0 && verdict === "valid") await makeDue(undefined);
}

type Owner =
  | { type: "token" | "task_id"; taskId: string; sendId: string; traceparent: string | null }
  | { type: "nobody" }
  | { type: "refused"; why: string };

/**
 * Whose delivery it is. A token of ours names its send; without one, a valid signature and a known task_id do. A wrong
 * token for a known task is a forgery, and so is none at all where nothing is signed.
 */
async function findOwner(
  tx: Transaction,
  given: { token: string | null; sixtyfourTaskId: string | null; isSigned: boolean },
): Promise<Owner> {
  const columns = { taskId: sends.taskId, sendId: sends.id, traceparent: sends.traceparent };
  const { token, sixtyfourTaskId } = given;
  const where = (condition: SQL) => tx.select(columns).from(sends).where(condition);
  const [[byToken], [byTaskId]] = await Promise.all([
    token ? inline(where(eq(sends.tokenHash, inlineBytes(hashToken(token))))) : [],
    sixtyfourTaskId ? inlineIfWords([sixtyfourTaskId], where(eq(sends.sixtyfourTaskId, sixtyfourTaskId))) : [],
  ]);

  if (byToken && byTaskId && byToken.taskId !== byTaskId.taskId) {
    return { type: "refused", why: "The token belongs to another task." };
  }
  // Of a task that was sent twice, the send that is known to have started this very job.
  if (byToken) return { type: "token", ...(byTaskId ?? byToken) };
  if (!byTaskId) return { type: "nobody" };
  if (given.token !== null) return { type: "refused", why: "The token is not the one of this task." };
  return given.isSigned ? { type: "task_id", ...byTaskId } : { type: "refused", why: "The token is missing." };
}

/** What the log keeps of a request, whatever becomes of it. */
function describeRequest(
  { headers, receivedAt }: UnreadRequest,
  signature: Signature,
  headerLength = KEPT_HEADER_LENGTH.accepted,
) {
  return {
    receivedAt,
    eventId: headers.get(SIXTYFOUR_HEADERS.eventId)?.slice(0, MAX_ID_LENGTH) ?? null,
    eventType: headers.get(SIXTYFOUR_HEADERS.eventType)?.slice(0, MAX_ID_LENGTH) ?? null,
    attempt: readAttempt(headers.get(SIXTYFOUR_HEADERS.deliveryAttempt)),
    signature: signature.verdict,
    signatureCount: signature.count,
    signatureAgeSeconds: signature.ageInSeconds,
    headers: keptHeaders(headers, headerLength),
    handledMs: Date.now() - receivedAt.getTime(),
  };
}

function keptHeaders(headers: Headers, length: number): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value.slice(0, length)]];
    }),
  );
}

/** The attempt's number; null where the header is missing or no number that could be one. */
function readAttempt(header: string | null): number | null {
  return header && /^[1-9]\d{0,5}$/.test(header) ? Number(header) : null;
}

function readLength(headers: Headers): number | null {
  const length = headers.get("content-length");
  return length && /^\d{1,9}$/.test(length) ? Number(length) : null;
}
