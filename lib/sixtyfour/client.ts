/**
 * Calls to the Sixtyfour API. What can go wrong is part of each answer, not an exception: whether a failed submit
 * certainly did nothing decides whether it may ever be sent again.
 */
import { log } from "@/lib/log";
import { clockSkewInSeconds } from "@/lib/sixtyfour/clock-skew";
import { type DownloadOutcome, downloadResult } from "@/lib/sixtyfour/download-result";
import { type NoAnswerReason, networkCause, readNetworkError } from "@/lib/sixtyfour/network-error";
import { readRetryAfter } from "@/lib/sixtyfour/retry-after";
import {
  cutErrorText,
  type Investigation,
  type JobState,
  readErrorDetail,
  readJobState,
  type SixtyfourErrorDetail,
  type SixtyfourJobStatus,
  sixtyfourBalance,
  sixtyfourFileAnswer,
  sixtyfourJobStatus,
  sixtyfourSubmitAnswer,
} from "@/lib/sixtyfour/wire";
import { inSpan } from "@/lib/tracing";

/** Why a request certainly had no effect and may be sent again once the cause is mended. */
export type HeldReason = "unauthorized" | "no_credits" | "rate_limited" | "unreachable" | "misconfigured";
/** Why a request will be refused however often it is sent. */
type RefusedReason = "not_enabled" | "invalid_request";
/** Why nobody knows whether a request had an effect. */
type UnconfirmedReason = "timeout" | "connection_lost" | "server_fault" | "unreadable_answer";

export type SubmitOutcome =
  | {
      type: "accepted";
      sixtyfourTaskId: string;
      sixtyfourStatus: string | null;
      /** Request fields that Sixtyfour ignored; empty where it understood all of them. */
      unrecognizedFields: string[];
      investigation: Investigation | null;
    }
  | { type: "held"; reason: HeldReason; message: string | null; retryAfterSeconds: number | null }
  | { type: "refused"; reason: RefusedReason; message: string | null; fields: SixtyfourErrorDetail["fields"] }
  | { type: "unconfirmed"; reason: UnconfirmedReason; message: string | null };

/** A file with leads to submit. */
interface FileToSubmit {
  /** Its end tells the kind: .csv, .json, .jsonl or .ndjson. */
  fileName: string;
  /** Up to 100 MB and 100,000 rows. */
  file: Uint8Array<ArrayBuffer> | Blob;
  /** Goes out as JSON: struct, tier, webhook_url and the like. */
  config: Record<string, unknown>;
  /** Names this submit for good. */
  idempotencyKey: string;
}

/** Estimate for an accepted file; null where Sixtyfour gives none. */
export interface FileEstimate {
  rowCount: number | null;
  /** The least that it will cost. */
  estimatedCostCents: number | null;
  /** An earlier submit with the same key had started it. */
  alreadyStarted: boolean;
}

export type SubmitFileOutcome =
  | (Extract<SubmitOutcome, { type: "accepted" }> & FileEstimate)
  | Exclude<SubmitOutcome, { type: "accepted" }>;

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
  /** `clockSkewSeconds` is how far the API's clock is ahead of ours; null where it does not say. */
  | { type: "balance"; credits: number; clockSkewSeconds: number | null }
  | { type: "unavailable"; reason: HeldReason | UnconfirmedReason };

export interface SixtyfourClient {
  /**
   * Starts a job. Never repeats the request: only people intelligence has an idempotency key (`dispatch_id` in the body),
   * and with any other kind a repeated request may be charged twice.
   */
  submit(path: string, body: Record<string, unknown>): Promise<SubmitOutcome>;
  /**
   * Starts a job for all leads of a file. One that came out as unconfirmed may be repeated, but with the same idempotency
   * key only: if Sixtyfour had accepted it, that answers with the same job, and nothing is charged twice.
   */
  submitFile(path: string, file: FileToSubmit): Promise<SubmitFileOutcome>;
  /** Asks where a job stands; free, and safe to repeat: it is asked once more where the connection breaks. */
  jobStatus(sixtyfourTaskId: string): Promise<JobStatusOutcome>;
  /** Returns the cost of a job in credits; null where it is unknown. Free, as {@link SixtyfourClient.jobStatus}. */
  jobCostInCredits(sixtyfourTaskId: string): Promise<number | null>;
  /** Opens one of job-status' `results` by its link. Its host hears nothing of our API key. */
  downloadResult(url: string): Promise<DownloadOutcome>;
  /** What is left on the account. */
  checkBalance(): Promise<BalanceOutcome>;
}

const SUBMIT_TIMEOUT_IN_MS = 20_000;
/** 100 MB at some 7 Mbit a second. */
const FILE_TIMEOUT_IN_MS = 120_000;
const POLL_TIMEOUT_IN_MS = 10_000;
/** Answers beyond these sizes count as unreadable. Job-status carries whole results, the others a few fields. */
const MAX_JOB_STATUS_BYTES = 50_000_000;
const MAX_ANSWER_BYTES = 1_000_000;

export function createSixtyfourClient(config: {
  apiUrl: string;
  apiKey: string;
  submitTimeoutInMs?: number;
  pollTimeoutInMs?: number;
  /** The largest result file that is taken. */
  maxResultBytes?: number;
  /** Result links may lead into private networks. */
  allowPrivateAddresses?: boolean;
}): SixtyfourClient {
  const call = async (path: string, init: RequestInit, timeoutInMs: number): Promise<HttpOutcome> => {
    // The first part names the endpoint; a job's id after it would make a name of its own for each.
    const name = `sixtyfour ${init.method} /${path.split(/[/?]/)[1]}`;
    return inSpan(name, { attributes: { "http.request.method": init.method ?? "GET" } }, async (span) => {
      const outcome = await request(path, init, timeoutInMs);
      if (outcome.type === "answer") span.setAttribute("http.response.status_code", outcome.status);
      else span.setAttribute("error.type", outcome.reason);
      return outcome;
    });
  };

  const request = async (path: string, init: RequestInit, timeoutInMs: number): Promise<HttpOutcome> => {
    try {
      const response = await fetch(`${config.apiUrl}${path}`, {
        ...init,
        headers: { ...init.headers, "x-api-key": config.apiKey, accept: "application/json" },
        // A redirect would carry the key elsewhere, and repeat the request there.
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(timeoutInMs),
      });
      const maxBytes = path.startsWith(JOB_STATUS_PATH) ? MAX_JOB_STATUS_BYTES : MAX_ANSWER_BYTES;
      const text = await readText(response, maxBytes);
      if (text === null) log.error("sixtyfour_answer_too_large", "The answer was not read to its end.", { maxBytes });
      return { type: "answer", status: response.status, headers: response.headers, body: parseJson(text ?? "") };
    } catch (error) {
      const reason = readNetworkError(error);
      log.error("sixtyfour_no_answer", networkCause(error), { path, reason });
      return { type: "no_answer", reason };
    }
  };

  /** Asking is free and changes nothing, so a connection that broke, such as a kept one that had gone stale, is no answer yet. */
  const ask = async (path: string): Promise<HttpOutcome> => {
    const timeoutInMs = config.pollTimeoutInMs ?? POLL_TIMEOUT_IN_MS;
    const outcome = await call(path, { method: "GET" }, timeoutInMs);
    const isBroken = outcome.type === "no_answer" && outcome.reason === "connection_lost";
    return isBroken ? call(path, { method: "GET" }, timeoutInMs) : outcome;
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
    async submitFile(path, { fileName, file, config: fileConfig, idempotencyKey }) {
      const body = new FormData();
      body.set("file", new File([file], fileName));
      body.set("config", JSON.stringify(fileConfig));
      // The type of the form and its boundary are fetch's to say.
      const init = { method: "POST", headers: { "idempotency-key": idempotencyKey }, body };
      return readSubmitFile(await call(path, init, config.submitTimeoutInMs ?? FILE_TIMEOUT_IN_MS));
    },
    async jobStatus(sixtyfourTaskId) {
      return readPoll(await ask(jobStatusPath(sixtyfourTaskId, "cents")));
    },
    async jobCostInCredits(sixtyfourTaskId) {
      const answer = readPoll(await ask(jobStatusPath(sixtyfourTaskId, "credits")));
      return answer.type === "job" ? answer.job.charge_credits : null;
    },
    downloadResult: (url) => downloadResult(url, config),
    async checkBalance() {
      const askedAtMs = Date.now();
      const outcome = await ask("/check-balance");
      if (outcome.type === "no_answer") return { type: "unavailable", reason: outcome.reason };
      if (outcome.status !== 200) return { type: "unavailable", reason: heldReason(outcome.status) ?? "server_fault" };
      const balance = sixtyfourBalance.safeParse(outcome.body);
      if (!balance.success) return { type: "unavailable", reason: "unreadable_answer" };
      const clockSkewSeconds = clockSkewInSeconds(outcome.headers, askedAtMs, Date.now());
      return { type: "balance", credits: balance.data.credits, clockSkewSeconds };
    },
  };
}

const JOB_STATUS_PATH = "/job-status/";

function jobStatusPath(sixtyfourTaskId: string, costUnits: "cents" | "credits"): string {
  return `${JOB_STATUS_PATH}${encodeURIComponent(sixtyfourTaskId)}?cost_units=${costUnits}`;
}

type HttpOutcome =
  | { type: "answer"; status: number; headers: Headers; body: unknown }
  | { type: "no_answer"; reason: NoAnswerReason };

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
      ? {
          type: "accepted",
          sixtyfourTaskId: answer.data.task_id,
          sixtyfourStatus: answer.data.status,
          unrecognizedFields: answer.data.unrecognized_fields,
          investigation: answer.data.investigation,
        }
      : { type: "unconfirmed", reason: "unreadable_answer", message: null };
  }
  const { message, fields } = readErrorDetail(body);
  const held = heldReason(status);
  if (held) return { type: "held", reason: held, ...withRetryAfter(message, headers) };
  // A 408 comes from a gateway that gave up waiting: what stood behind it may have gone on.
  if (status >= 500 || status === 408) return { type: "unconfirmed", reason: "server_fault", message };
  return { type: "refused", reason: status === 403 ? "not_enabled" : "invalid_request", message, fields };
}

function readSubmitFile(outcome: HttpOutcome): SubmitFileOutcome {
  const submitted = readSubmit(outcome);
  if (submitted.type !== "accepted") return submitted;
  const answer = outcome.type === "answer" ? sixtyfourFileAnswer.safeParse(outcome.body).data : undefined;
  return {
    ...submitted,
    rowCount: answer?.row_count ?? null,
    estimatedCostCents: answer?.estimated_cost_cents ?? null,
    alreadyStarted: answer?.already_started === true,
  };
}

function readPoll(outcome: HttpOutcome): JobStatusOutcome {
  if (outcome.type === "no_answer") {
    return { type: "unavailable", reason: outcome.reason, message: null, retryAfterSeconds: null };
  }
  const { status, headers, body } = outcome;
  if (status >= 200 && status < 300) {
    const job = sixtyfourJobStatus.safeParse(body);
    if (job.success) return { type: "job", state: readJobState(job.data), job: job.data };
    return { type: "unavailable", reason: "unreadable_answer", message: null, retryAfterSeconds: null };
  }
  const { message } = readErrorDetail(body);
  // A 404 without Sixtyfour's own words is some other server's, so the job may well exist.
  if (status === 404 && /job/i.test(message ?? "")) return { type: "unknown_job" };
  const reason = heldReason(status) ?? "server_fault";
  return { type: "unavailable", reason, ...withRetryAfter(message, headers) };
}

function heldReason(status: number): HeldReason | null {
  if (status === 401) return "unauthorized";
  if (status === 402) return "no_credits";
  if (status === 429) return "rate_limited";
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) return "misconfigured";
  return null;
}

/** Adds the wait that an answer asks for; where that is cut, the message says so. */
function withRetryAfter(message: string | null, headers: Headers) {
  const retryAfter = readRetryAfter(headers);
  const note = retryAfter?.note ?? "";
  const words = [message && cutErrorText(message, note.length + 1), note].filter(Boolean).join(" ");
  return { message: words || null, retryAfterSeconds: retryAfter?.seconds ?? null };
}

/** Reads a body to its end; null, and no further, where it is longer than `maxBytes` once decompressed. */
async function readText({ body }: Response, maxBytes: number): Promise<string | null> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body, and with it the connection.
    if (bytes > maxBytes) return null;
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // HTML from a gateway, or nothing: the status alone speaks then.
    return undefined;
  }
}
