/**
 * Webhook signatures. Sixtyfour signs `<t>.<raw body>` with HMAC-SHA256, keyed by the whole secret with its
 * `sk_whsec_` prefix, and sends `Sixtyfour-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]`. During a rotation a
 * delivery carries one v1 per secret.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** Deliveries whose timestamp is further away than this, in either direction, are refused. */
export const TOLERANCE_IN_SECONDS = 300;

/** The largest age that fits the column which keeps it: 68 years. */
const MAX_AGE_IN_SECONDS = 2 ** 31 - 1;

export interface SignatureVerdict {
  verdict: "valid" | "missing" | "malformed" | "mismatch" | "expired";
  /** How many v1 the header holds. */
  count: number;
  /** How old the timestamp is, negative where it is ahead of us; null where there is none to read. */
  ageInSeconds: number | null;
}

/**
 * The lower-case hex v1 of one body under one secret. `timestampInSeconds` is signed as it is written in the header, so
 * a verifier passes that text and not a number made from it.
 */
export function sign(secret: string, timestampInSeconds: number | string, rawBody: Uint8Array): string {
  return createHmac("sha256", secret).update(`${timestampInSeconds}.`).update(rawBody).digest("hex");
}

/** The whole header value, with a v1 for each secret. */
export function signatureHeader(secrets: string[], timestampInSeconds: number, rawBody: Uint8Array): string {
  return [
    `t=${timestampInSeconds}`,
    ...secrets.map((secret) => `v1=${sign(secret, timestampInSeconds, rawBody)}`),
  ].join(",");
}

/**
 * Judges a delivery by its raw bytes. It is valid where any v1 fits any of our secrets, compared in constant time, and
 * its timestamp is at most {@link TOLERANCE_IN_SECONDS} from `nowInSeconds`.
 */
export function verifySignature(input: {
  header: string | null;
  rawBody: Uint8Array;
  secrets: string[];
  nowInSeconds: number;
}): SignatureVerdict {
  const read = readPlainly(input.header, input.nowInSeconds);
  if ("verdict" in read) return read;
  const { timestamp, candidates, count, ageInSeconds } = read;

  // The age counts only once the HMAC fits, so that a forgery does not learn whether its time was good.
  const matches = input.secrets.some((secret) => isSignedBy(secret, timestamp, candidates, input.rawBody));
  if (!matches) return { verdict: "mismatch", count, ageInSeconds };
  return { verdict: Math.abs(ageInSeconds) > TOLERANCE_IN_SECONDS ? "expired" : "valid", count, ageInSeconds };
}

/**
 * Judges a delivery by its header alone, before its body is read.
 *
 * @returns null if the header could belong to a valid delivery, so that only the body can tell
 */
export function judgeHeader(input: { header: string | null; nowInSeconds: number }): SignatureVerdict | null {
  const read = readPlainly(input.header, input.nowInSeconds);
  if ("verdict" in read) return read;
  const { count, ageInSeconds } = read;
  return Math.abs(ageInSeconds) > TOLERANCE_IN_SECONDS ? { verdict: "expired", count, ageInSeconds } : null;
}

/** Reads the header, or returns the verdict on one that is missing or can't be read. */
function readPlainly(
  header: string | null,
  nowInSeconds: number,
): SignatureVerdict | { timestamp: string; candidates: Buffer[]; count: number; ageInSeconds: number } {
  if (!header) return { verdict: "missing", count: 0, ageInSeconds: null };
  const { timestamp, candidates, count } = readHeader(header);
  if (!timestamp || !/^\d{1,12}$/.test(timestamp) || candidates.length === 0) {
    return { verdict: "malformed", count, ageInSeconds: null };
  }
  const ageInSeconds = nowInSeconds - Number(timestamp);
  if (Math.abs(ageInSeconds) > MAX_AGE_IN_SECONDS) return { verdict: "malformed", count, ageInSeconds: null };
  return { timestamp, candidates, count, ageInSeconds };
}

/**
 * Which of our secrets have signed a delivery, whatever its age: during a rotation it may be two.
 *
 * @returns for each secret, in their order, whether it has
 */
export function signersOf(input: { header: string; rawBody: Uint8Array; secrets: string[] }): boolean[] {
  const { timestamp, candidates } = readHeader(input.header);
  return input.secrets.map(
    (secret) => timestamp !== undefined && isSignedBy(secret, timestamp, candidates, input.rawBody),
  );
}

function readHeader(header: string) {
  const parts = header.split(",").map((part) => part.trim());
  return {
    timestamp: parts.find((part) => part.startsWith("t="))?.slice(2),
    /** The v1 that could be right. */
    candidates: parts.filter((part) => /^v1=[0-9a-f]{64}$/.test(part)).map((part) => Buffer.from(part.slice(3), "hex")),
    count: parts.filter((part) => part.startsWith("v1=")).length,
  };
}

function isSignedBy(secret: string, timestamp: string, candidates: Buffer[], rawBody: Uint8Array): boolean {
  const expected = Buffer.from(sign(secret, timestamp, rawBody), "hex");
  return candidates.some((candidate) => timingSafeEqual(candidate, expected));
}
