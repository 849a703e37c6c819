import { createHash } from "node:crypto";
import type { Context } from "@/lib/context";
import type { ParsedDelivery } from "@/lib/pipeline/parse-delivery";
import type { SignatureVerdict } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { storableText } from "@/lib/storable-json";

/** A request as it is known before its body is read. */
export interface UnreadRequest {
  headers: Headers;
  /** The token of the address that was called. */
  token: string | null;
  /** The client's address; null if it is not known, and absent for a request that came from no client. */
  address?: string | null;
  receivedAt: Date;
}

export interface ReceivedRequest extends UnreadRequest {
  /** Null where it was longer than allowed, and not read. */
  rawBody: Uint8Array | null;
}

export type ReceivingContext = Pick<Context, "db" | "webhook">;

/** The verdict on a signature; unsigned where no secret is configured. */
export type Signature = Omit<SignatureVerdict, "verdict"> & { verdict: SignatureVerdict["verdict"] | "unsigned" };

/** Headers that are kept with a delivery: those that tell how it came, and none that could hold a secret. */
const KEPT_HEADERS = [
  ...Object.values(SIXTYFOUR_HEADERS),
  "content-type",
  "content-length",
  "content-encoding",
  "user-agent",
];

/** A UUID has 36 characters; anything far longer is no id, and too long for an index of Postgres. */
const MAX_ID_LENGTH = 256;

/** Anybody can send a request that is rejected, so less of its headers is kept. */
export const KEPT_HEADER_LENGTH = { accepted: 2_000, rejected: 300 };

/** Columns of a delivery that are known before its body is parsed. */
export function describeRequest(
  { headers, receivedAt }: UnreadRequest,
  signature: Signature,
  headerLength = KEPT_HEADER_LENGTH.accepted,
) {
  return {
    receivedAt,
    eventId: headers.get(SIXTYFOUR_HEADERS.eventId)?.slice(0, MAX_ID_LENGTH) ?? null,
    eventType: headers.get(SIXTYFOUR_HEADERS.eventType)?.slice(0, MAX_ID_LENGTH) ?? null,
    attempt: readAttempt(headers),
    signature: signature.verdict,
    signatureCount: signature.count,
    signatureAgeSeconds: signature.ageInSeconds,
    headers: keptHeaders(headers, headerLength),
    handledMs: Date.now() - receivedAt.getTime(),
  };
}

/** Columns of a delivery that could be read. */
export function describeDelivery(
  request: UnreadRequest,
  rawBody: Uint8Array,
  signature: Signature,
  parsed: Exclude<ParsedDelivery, { about: "nothing" }>,
) {
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

export type DescribedDelivery = ReturnType<typeof describeDelivery>;

/** The number of the delivery attempt; null where the header is missing or holds no number that could be one. */
export function readAttempt(headers: Headers): number | null {
  const attempt = headers.get(SIXTYFOUR_HEADERS.deliveryAttempt);
  return attempt && /^[1-9]\d{0,5}$/.test(attempt) ? Number(attempt) : null;
}

function keptHeaders(headers: Headers, length: number): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value.slice(0, length)]];
    }),
  );
}
