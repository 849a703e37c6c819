import { addressGroup } from "@/lib/client-address";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { isKnownToken } from "@/lib/pipeline/known-token";
import { recordRejected } from "@/lib/pipeline/record-rejected";
import { createRejectionLimiter } from "@/lib/pipeline/rejection-limiter";
import {
  describeRequest,
  KEPT_HEADER_LENGTH,
  type ReceivingContext,
  type Signature,
  type UnreadRequest,
} from "@/lib/pipeline/webhook-request";
import { hashToken } from "@/lib/pipeline/webhook-token";

/** The answer to the sender; `detail` says why the request was rejected. */
export interface Receipt {
  status: 200 | 400 | 401 | 413 | 415 | 429;
  outcome: DeliveryOutcome;
  detail?: string;
  /** When a client that is limited may try again. */
  retryAfterSeconds?: number;
}

/** What the log, and the trace, say of a request besides its answer. */
export interface Handled {
  receipt: Receipt;
  /** Null for a request that is counted and not kept. */
  deliveryId: string | null;
  taskId?: string;
  sixtyfourTaskId?: string | null;
  /** The trace context of the send that started the job. */
  traceparent?: string | null;
}

/** Anybody can send a request that is rejected, so only the beginning of its body is kept. */
const KEPT_BYTES = 4_096;

const SIGNATURE_WORDS = {
  missing: "missing",
  malformed: "malformed",
  mismatch: "not right",
  expired: "too old or new",
};

const TOO_MANY = "Too many requests of this address were rejected.";

const limiter = createRejectionLimiter();

/** Counts a request that nothing vouches for against its client. */
export function countAgainst({ address }: UnreadRequest): void {
  if (address !== undefined) limiter.count(address);
}

/** Returns the seconds for which the rate limiter rejects what nothing vouches for from this client, or null. */
export function limitedForSeconds({ address }: UnreadRequest): number | null {
  return address === undefined ? null : limiter.limitedForSeconds(address);
}

/** The rejection of a request whose signature is not valid. */
export function signatureRejection({ verdict }: Signature): Receipt {
  if (verdict === "valid" || verdict === "unsigned") return { status: 401, outcome: "refused" };
  return { status: 401, outcome: "refused", detail: `The signature is ${SIGNATURE_WORDS[verdict]}.` };
}

/**
 * Counts a request that is rejected, and answers 429 instead if its client was rejected again and again. A request with a
 * valid signature or a token of ours is never limited. Only some of them are kept whole, see `recordRejected`.
 *
 * @param isTokenUnknown the caller has looked up the token and it is not ours
 */
export async function reject(
  { db }: ReceivingContext,
  request: UnreadRequest & { rawBody?: Uint8Array | null },
  signature: Signature,
  rejection: Receipt,
  { isTokenUnknown = false } = {},
): Promise<Handled> {
  const { headers, receivedAt, token, address = null, rawBody = null } = request;
  const isSigned = signature.verdict === "valid";
  const limitedFor = isSigned ? null : limitedForSeconds(request);
  const isLimited = limitedFor !== null && (isTokenUnknown || !(await isKnownToken(db, token)));
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
      body: body.slice(0, KEPT_BYTES),
      bodyBytes: rawBody ? rawBody.byteLength : readLength(headers),
    },
  });
  if (!isSigned && recorded.token !== "right") countAgainst(request);
  return { receipt, deliveryId: recorded.deliveryId, sixtyfourTaskId: recorded.sixtyfourTaskId };
}

/**
 * Finds the task_id that a rejected body names, in its first bytes and without parsing it: nothing vouches for the body, so it
 * is worth no effort.
 */
function readNamedTask(body: Uint8Array): string | null {
  const beginning = new TextDecoder().decode(body.subarray(0, KEPT_BYTES));
  return /"task_id"\s*:\s*"([^"\\\p{Cc}]{1,256})"/u.exec(beginning)?.[1] ?? null;
}

function readLength(headers: Headers): number | null {
  const length = headers.get("content-length");
  return length && /^\d{1,9}$/.test(length) ? Number(length) : null;
}
