/** The API's paths, and the check of the key. */
import type { IncomingMessage } from "node:http";
import { ENDPOINTS } from "@/sandbox/endpoints";
import { FILE_ENDPOINTS } from "@/sandbox/file-endpoints";
import { type Answer, type HANG_UP, Refusal, readJson } from "@/sandbox/http";
import { checkBalance, jobStatus, usage } from "@/sandbox/queries";
import type { RateLimit } from "@/sandbox/rate-limit";
import type { ResultFiles } from "@/sandbox/result-files";
import { type SubmitRoom, submit } from "@/sandbox/submit";
import { submitFile } from "@/sandbox/submit-file";

export interface Api extends SubmitRoom {
  rateLimit: RateLimit;
  /** The limit of all keys together, because files are limited by organisation. */
  fileRateLimit: RateLimit;
  resultFiles: ResultFiles;
}

const JOB_STATUS_PREFIX = "/job-status/";

/**
 * Answers one call of the API.
 *
 * @throws Refusal 401 without a key, 429 past a limit, and whatever the endpoint refuses.
 */
export async function callApi(
  request: IncomingMessage,
  { pathname: path, searchParams }: URL,
  api: Api,
): Promise<Answer | typeof HANG_UP> {
  const endpoint = ENDPOINTS.get(path);
  const fileEndpoint = FILE_ENDPOINTS.get(path);
  const allowed = endpoint || fileEndpoint ? "POST" : isQueryPath(path) ? "GET" : undefined;
  if (!allowed) return { status: 404, body: { detail: "Not Found" } };
  if (request.method !== allowed) {
    return { status: 405, headers: { allow: allowed }, body: { detail: "Method Not Allowed" } };
  }
  api.rateLimit.admit(requireKey(request));
  if (endpoint) return submit({ path, endpoint, body: await readJson(request) }, api);
  if (fileEndpoint) {
    api.fileRateLimit.admit("the organisation");
    return submitFile({ path, endpoint: fileEndpoint, request }, api);
  }
  if (path === "/check-balance") return checkBalance(api.balance);
  if (path === "/api/usage") return usage(api.jobs, searchParams);
  return jobStatus(api, path.slice(JOB_STATUS_PREFIX.length), searchParams);
}

function isQueryPath(path: string): boolean {
  return path === "/check-balance" || path === "/api/usage" || /^\/job-status\/[^/]+$/.test(path);
}

function requireKey(request: IncomingMessage): string {
  const key = String(request.headers["x-api-key"] ?? "");
  if (!key) throw new Refusal({ status: 401, body: { detail: "Missing API key" } });
  if (key === "invalid") throw new Refusal({ status: 401, body: { detail: "Invalid API key" } });
  return key;
}
