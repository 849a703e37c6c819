import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { isPrivateAddressError, publicFetch } from "@/lib/public-fetch";
import { type NoAnswerReason, networkCause, readNetworkError } from "@/lib/sixtyfour/network-error";
import { readRetryAfter } from "@/lib/sixtyfour/retry-after";

export type DownloadOutcome =
  /** `bytes` is the whole size, where it is known beforehand. Reading it throws AppError `upstream` where it breaks off. */
  | { type: "file"; chunks: AsyncIterable<Uint8Array>; bytes: number | null }
  /** The link is not good, or not any more: job-status gives a fresh one. */
  | { type: "expired" }
  /** It is not fetched, now or later. */
  | { type: "refused"; reason: "unsafe_link" | "too_large" }
  | {
      type: "unavailable";
      reason: NoAnswerReason | "rate_limited" | "server_fault";
      /** Where the host asks for a wait. */
      retryAfterSeconds?: number | undefined;
    };

/** The file turned out to be larger than is taken: trying again would not help. */
export class ResultTooLargeError extends AppError {
  constructor() {
    super("upstream", "The result file is larger than this app takes.");
  }
}

const MAX_BYTES = 500_000_000;
const TIMEOUT_IN_MS = 300_000;
const MAX_REDIRECTS = 3;

interface DownloadConfig {
  apiUrl: string;
  /** 500 MB by default. */
  maxResultBytes?: number | undefined;
  /** Follows http links and links into private networks as well. */
  allowPrivateAddresses?: boolean | undefined;
}

/**
 * Opens a result file by its signed link, which is a key of its own: nothing of ours goes with it. A link and its
 * redirects may lead by https to the public internet alone, and, while the API is on this machine, to the API itself.
 */
export async function downloadResult(url: string, config: DownloadConfig): Promise<DownloadOutcome> {
  const maxBytes = config.maxResultBytes ?? MAX_BYTES;
  const deadline = startDeadline();
  try {
    const response = await open(url, config, deadline.signal);
    const problem = response ? readProblem(response, maxBytes) : ({ type: "refused", reason: "unsafe_link" } as const);
    if (!problem && response?.body) {
      const chunks = readChunks(response.body, maxBytes, deadline);
      return { type: "file", chunks, bytes: contentLength(response) };
    }
    deadline.end();
    return problem ?? { type: "unavailable", reason: "server_fault" };
  } catch (error) {
    deadline.end();
    if (isPrivateAddressError(error)) return { type: "refused", reason: "unsafe_link" };
    const reason = readNetworkError(error);
    // The link stays out of the log: whoever has it has the file.
    log.error("sixtyfour_no_file", networkCause(error), { reason });
    return { type: "unavailable", reason };
  }
}

/** The answer behind a link and its redirects; null where one of them may not be followed. */
async function open(url: string, config: DownloadConfig, signal: AbortSignal): Promise<Response | null> {
  let link = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const isOfSandbox = isOfLocalApi(link, config.apiUrl);
    const allowPrivateAddresses = config.allowPrivateAddresses || isOfSandbox;
    if (!isSafe(link, allowPrivateAddresses)) return null;
    const response = await publicFetch(link, { signal }, { allowPrivateAddresses });
    const location = response.headers.get("location");
    if (response.status < 300 || response.status >= 400 || !location || !URL.canParse(location, link)) return response;
    await response.body?.cancel();
    link = new URL(location, link).href;
  }
  return null;
}

function isSafe(link: string, allowPrivateAddresses: boolean): boolean {
  if (!URL.canParse(link)) return false;
  const { protocol, username, password } = new URL(link);
  if (username || password) return false;
  return protocol === "https:" || (protocol === "http:" && allowPrivateAddresses);
}

/** The sandbox serves its result files itself; no other service of this machine may be reached by a link. */
function isOfLocalApi(link: string, apiUrl: string): boolean {
  const api = new URL(apiUrl);
  return isLoopback(api.hostname) && URL.canParse(link) && new URL(link).origin === api.origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\./.test(hostname);
}

function readProblem(response: Response, maxBytes: number): DownloadOutcome | null {
  const { status } = response;
  if (status === 200) {
    const isTooLarge = (contentLength(response) ?? 0) > maxBytes;
    return isTooLarge ? { type: "refused", reason: "too_large" } : null;
  }
  const retryAfterSeconds = readRetryAfter(response.headers)?.seconds;
  if (status === 429) return { type: "unavailable", reason: "rate_limited", retryAfterSeconds };
  // Storage services tell an expired link by 400, 401, 403, 404 or 410; a fresh one is the cure for each of them.
  if (status >= 400 && status < 500 && status !== 408) return { type: "expired" };
  return { type: "unavailable", reason: "server_fault", retryAfterSeconds };
}

function contentLength({ headers }: Response): number | null {
  // Of a compressed answer it counts other bytes than those that come out.
  if (headers.has("content-encoding")) return null;
  const value = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(value) ? Number(value) : null;
}

async function* readChunks(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  deadline: Deadline,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new ResultTooLargeError();
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError("upstream", "The result file broke off while it was being read.", { cause: error });
  } finally {
    deadline.end();
  }
}

interface Deadline {
  signal: AbortSignal;
  /** Breaks off what is not over yet. */
  end(): void;
}

/** Holds for the body as well, and for one that nobody reads. */
function startDeadline(): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new DOMException("Too slow", "TimeoutError")), TIMEOUT_IN_MS);
  timer.unref();
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      controller.abort();
    },
  };
}
