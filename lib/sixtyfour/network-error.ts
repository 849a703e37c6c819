/** Why a request got no answer: nothing of it has left us, the time was over, or anything may have happened. */
export type NoAnswerReason = "unreachable" | "timeout" | "connection_lost";

/** Failures that come before a byte of the request has left us. */
const NEVER_SENT_CODES = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

/** Reads what `fetch` threw. */
export function readNetworkError(error: unknown): NoAnswerReason {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout";
  // fetch refuses some ports by itself, and tells by words alone.
  if (error instanceof Error && error.cause instanceof Error && error.cause.message === "bad port")
    return "unreachable";
  return networkCodes(error).some((code) => NEVER_SENT_CODES.has(code)) ? "unreachable" : "connection_lost";
}

/** The same for a log. */
export function networkCause(error: unknown): string {
  return error instanceof Error ? `${error.message}: ${networkCodes(error).join(", ") || error.cause}` : String(error);
}

/** The codes of an error and of all that caused it: `fetch` wraps them, and one for each address it tried. */
export function networkCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors : [];
  return [...own, ...[error.cause, ...parts].flatMap(networkCodes)];
}
