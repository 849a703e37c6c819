/**
 * Calls to the Sixtyfour API. What can go wrong is part of each answer, not an exception: whether a failed submit
 * certainly did nothing decides whether it may ever be sent again.
 */
import {
  type JobState,
  readErrorDetail,
  readJobState,
  type SixtyfourErrorDetail,
  type SixtyfourJobStatus,
  sixtyfourJobStatus,
  sixtyfourSubmitAnswer,
} from "@/lib/sixtyfour/wire";

/** Why a request certainly had no effect and may be sent again once the cause is mended. */
export type HeldReason = "unauthorized" | "no_credits" | "rate_limited" | "unreachable" | "misconfigured";
/** Why a request will be refused however often it is sent. */
export type RefusedReason = "not_enabled" | "invalid_request";
/** Why nobody knows whether a request had an effect. */
export type UnconfirmedReason = "timeout" | "connection_lost" | "server_fault" | "unreadable_answer";

export type SubmitOutcome =
  | { type: "accepted"; sixtyfourTaskId: string; sixtyfourStatus: string | null }
  | { type: "held"; reason: HeldReason; message: string | null; retryAfterSeconds: number | null }
  | { type: "refused"; reason: RefusedReason; message: string | null; fields: SixtyfourErrorDetail["fields"] }
  | { type: "unconfirmed"; reason: UnconfirmedReason; message: string | null };

export type JobStatusOutcome =
  | { type: "job"; state: JobState; job: SixtyfourJobStatus }
  | { type: "unknown_job" }
  | {
      type: "unavailable";
      reason: HeldReason | UnconfirmedReason;
      message: string | null;
      retryAfterSeconds: number | null;
    };

export type BalanceOutcome =
  | { type: "balance"; credits: number }
  | { type: "unavailable"; reason: HeldReason | UnconfirmedReason };

export interface SixtyfourClient {
  /** Starts a job. Never repeats the request: there is no idempotency key, and a repeated one may be charged twice. */
  submit(path: string, body: Record<string, unknown>): Promise<SubmitOutcome>;
  /** Asks where a job stands; free, and safe to repeat: it is asked once more where the connection breaks. */
  jobStatus(sixtyfourTaskId: string): Promise<JobStatusOutcome>;
  /** What is left on the account. */
  checkBalance(): Promise<BalanceOutcome>;
}

const SUBMIT_TIMEOUT_IN_MS = 20_000;
const POLL_TIMEOUT_IN_MS = 10_000;

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

export function createSixtyfourClient(config: {
  apiUrl: string;
  apiKey: string;
  submitTimeoutInMs?: number;
}): SixtyfourClient {
  const call = async (path: string, init: RequestInit, timeoutInMs: number): Promise<HttpOutcome> => {
    try {
      const response = await fetch(`${config.apiUrl}${path}`, {
        ...init,
        headers: { ...init.headers, "x-api-key": config.apiKey, accept: "application/json" },
        // A redirect would carry the key elsewhere, and repeat the request there.
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(timeoutInMs),
      });
      const text = await response.text();
      return { type: "answer", status: response.status, headers: response.headers, body: parseJson(text) };
    } catch (error) {
      const reason = readNetworkError(error);
      const cause =
        error instanceof Error ? `${error.message}: ${networkCodes(error).join(", ") || error.cause}` : error;
      console.warn(JSON.stringify({ event: "sixtyfour_no_answer", path, reason, cause }));
      return { type: "no_answer", reason };
    }
  };

  /** Asking is free and changes nothing, so a connection that broke, such as a kept one that had gone stale, is no answer yet. */
  const ask = async (path: string): Promise<HttpOutcome> => {
    const outcome = await call(path, { method: "GET" }, POLL_TIMEOUT_IN_MS);
    const isBroken = outcome.type === "no_answer" && outcome.reason === "connection_lost";
    return isBroken ? call(path, { method: "GET" }, POLL_TIMEOUT_IN_MS) : outcome;
  };

  return {
    async submit(path, body) {
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      };
      return readSubmit(await call(path, init, config.submitTimeoutInMs ?? SUBMIT_TIMEOUT_IN_MS));
    },
    async jobStatus(sixtyfourTaskId) {
      const path = `/job-status/${encodeURIComponent(sixtyfourTaskId)}?cost_units=cents`;
      return readPoll(await ask(path));
    },
    async checkBalance() {
      const outcome = await ask("/check-balance");
      if (outcome.type === "no_answer") return { type: "unavailable", reason: outcome.reason };
      const credits = (outcome.body as { credits?: unknown } | undefined)?.credits;
      if (outcome.status === 200 && typeof credits === "number") return { type: "balance", credits };
      return { type: "unavailable", reason: heldReason(outcome.status) ?? "server_fault" };
    },
  };
}

type HttpOutcome =
  | { type: "answer"; status: number; headers: Headers; body: unknown }
  | { type: "no_answer"; reason: "unreachable" | "timeout" | "connection_lost" };

function readSubmit(outcome: HttpOutcome): SubmitOutcome {
  if (outcome.type === "no_answer") {
    return outcome.reason === "unreachable"
      ? { type: "held", reason: "unreachable", message: null, retryAfterSeconds: null }
      : { type: "unconfirmed", reason: outcome.reason, message: null };
  }
  const { status, headers, body } = outcome;
  if (status >= 200 && status < 300) {
    const answer = sixtyfourSubmitAnswer.safeParse(body);
    return answer.success
      ? { type: "accepted", sixtyfourTaskId: answer.data.task_id, sixtyfourStatus: answer.data.status ?? null }
      : { type: "unconfirmed", reason: "unreadable_answer", message: null };
  }
  const { message, fields } = readErrorDetail(body);
  const held = heldReason(status);
  if (held) return { type: "held", reason: held, message, retryAfterSeconds: retryAfterSeconds(headers) };
  // A 408 comes from a gateway that gave up waiting: what stood behind it may have gone on.
  if (status >= 500 || status === 408) return { type: "unconfirmed", reason: "server_fault", message };
  return { type: "refused", reason: status === 403 ? "not_enabled" : "invalid_request", message, fields };
}

function readPoll(outcome: HttpOutcome): JobStatusOutcome {
  if (outcome.type === "no_answer") {
    return { type: "unavailable", reason: outcome.reason, message: null, retryAfterSeconds: null };
  }
  const { status, headers, body } = outcome;
  if (status >= 200 && status < 300) {
    const job = sixtyfourJobStatus.safeParse(body);
    if (job.success) return { type: "job", state: readJobState(job.data.status), job: job.data };
    return { type: "unavailable", reason: "unreadable_answer", message: null, retryAfterSeconds: null };
  }
  const { message } = readErrorDetail(body);
  // A 404 without Sixtyfour's own words is some other server's, so the job may well exist.
  if (status === 404 && /job/i.test(message ?? "")) return { type: "unknown_job" };
  const reason = heldReason(status) ?? "server_fault";
  return { type: "unavailable", reason, message, retryAfterSeconds: retryAfterSeconds(headers) };
}

function heldReason(status: number): HeldReason | null {
  if (status === 401) return "unauthorized";
  if (status === 402) return "no_credits";
  if (status === 429) return "rate_limited";
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return "misconfigured";
  return null;
}

/** Retry-After in seconds, from either of its two forms; null where it is missing or unreadable. */
function retryAfterSeconds(headers: Headers): number | null {
  const value = headers.get("retry-after")?.trim();
  if (!value) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

function readNetworkError(error: unknown): "unreachable" | "timeout" | "connection_lost" {
  if (error instanceof Error && error.name === "TimeoutError") return "timeout";
  // fetch refuses some ports by itself, and tells by words alone.
  if (error instanceof Error && error.cause instanceof Error && error.cause.message === "bad port")
    return "unreachable";
  return networkCodes(error).some((code) => NEVER_SENT_CODES.has(code)) ? "unreachable" : "connection_lost";
}

/** The codes of an error and of all that caused it: `fetch` wraps them, and one for each address it tried. */
function networkCodes(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = "code" in error && typeof error.code === "string" ? [error.code] : [];
  const parts = error instanceof AggregateError ? error.errors : [];
  return [...own, ...[error.cause, ...parts].flatMap(networkCodes)];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // HTML from a gateway, or nothing: the status alone speaks then.
    return undefined;
  }
}
