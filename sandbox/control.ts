/** The control endpoint under /__sandbox, for tests. It needs no key, because the sandbox listens on loopback alone. */
import type { Balance } from "@/sandbox/balance";
import type { Chaos } from "@/sandbox/chaos";
import {
  CONTROL_PREFIX,
  controlRequests,
  type DeliverOptions,
  type JobView,
  type ReleaseOptions,
  type SandboxStats,
} from "@/sandbox/control-wire";
import type { Faults } from "@/sandbox/faults";
import type { Answer } from "@/sandbox/http";
import { type Job, type Jobs, requestFingerprint } from "@/sandbox/jobs";
import { countByPath } from "@/sandbox/queries";
import type { RateLimit } from "@/sandbox/rate-limit";
import type { ResultFiles } from "@/sandbox/result-files";
import type { Settings } from "@/sandbox/settings";
import type { Refusals } from "@/sandbox/submit";
import { parseOrRefuse } from "@/sandbox/validation";
import { hasWebhook, type Webhooks } from "@/sandbox/webhooks";

export interface Controlled {
  jobs: Jobs;
  faults: Faults;
  chaos: Chaos;
  webhooks: Webhooks;
  balance: Balance;
  refusals: Refusals;
  rateLimit: RateLimit;
  fileRateLimit: RateLimit;
  resultFiles: ResultFiles;
  settings: Settings;
  /** Stops listening for a while. */
  refuseConnections(forMs: number): void;
}

const DONE: Answer = { status: 200, body: { ok: true } };
const NOT_FOUND: Answer = { status: 404, body: { detail: "Not Found" } };

export function isControlPath(path: string): boolean {
  return path === CONTROL_PREFIX || path.startsWith(`${CONTROL_PREFIX}/`);
}

/**
 * Answers one control request.
 *
 * @throws Refusal 422 where the body has an unknown or badly typed field.
 */
export async function control(method: string, path: string, body: unknown, sandbox: Controlled): Promise<Answer> {
  const [room, id, verb, ...rest] = path.slice(CONTROL_PREFIX.length + 1).split("/");
  if (rest.length > 0) return NOT_FOUND;
  if (room === "jobs" && id) return controlJob(`${method} ${verb ?? ""}`.trim(), id, body, sandbox);
  if (room === "forget" && id && method === "POST") return controlJob("POST forget", id, body, sandbox);
  if (id !== undefined) return NOT_FOUND;

  switch (`${method} ${room}`) {
    case "GET health":
      return { status: 200, body: { status: "ok" } };
    case "GET jobs":
      return { status: 200, body: sandbox.jobs.all().map(viewJob) };
    case "GET stats":
      return { status: 200, body: readStats(sandbox) };
    case "POST hold":
      sandbox.jobs.hold(parseOrRefuse(controlRequests.hold, body).on);
      return DONE;
    case "POST next-submit": {
      const { times, ...fault } = parseOrRefuse(controlRequests.nextSubmit, body);
      sandbox.faults.add(fault, times);
      return DONE;
    }
    case "POST refuse-connections":
      sandbox.refuseConnections(parseOrRefuse(controlRequests.refuseConnections, body).forMs);
      return { ...DONE, headers: { connection: "close" } };
    case "POST webhooks":
      sandbox.webhooks.setDelivering(parseOrRefuse(controlRequests.webhooks, body).delivering);
      return DONE;
    case "POST rate-limit":
      sandbox.rateLimit.set(parseOrRefuse(controlRequests.rateLimit, body).perMinute);
      return DONE;
    case "POST file-rate-limit":
      sandbox.fileRateLimit.set(parseOrRefuse(controlRequests.rateLimit, body).perMinute);
      return DONE;
    case "POST credits":
      sandbox.balance.set(parseOrRefuse(controlRequests.credits, body).credits);
      return DONE;
    case "POST link-lifetime":
      sandbox.resultFiles.setLinkLifetime(parseOrRefuse(controlRequests.linkLifetime, body).ms);
      return DONE;
    case "POST settings":
      sandbox.settings.set(parseOrRefuse(controlRequests.settings, body));
      return DONE;
    case "POST chaos":
      sandbox.chaos.set(parseOrRefuse(controlRequests.chaos, body));
      return DONE;
    case "POST reset":
      sandbox.webhooks.cancelAll();
      sandbox.jobs.clear();
      sandbox.faults.clear();
      sandbox.chaos.clear();
      sandbox.refusals.clear();
      sandbox.balance.set(null);
      sandbox.rateLimit.clear();
      sandbox.fileRateLimit.clear();
      sandbox.resultFiles.clear();
      sandbox.settings.clear();
      return DONE;
    default:
      return NOT_FOUND;
  }
}

async function controlJob(action: string, taskId: string, body: unknown, sandbox: Controlled): Promise<Answer> {
  const job = sandbox.jobs.find(taskId);
  if (!job) return { status: 404, body: { detail: "Job not found" } };
  switch (action) {
    case "GET":
      return { status: 200, body: viewJob(job) };
    case "POST release":
      return release(job, parseOrRefuse(controlRequests.release, body ?? {}), sandbox.jobs);
    case "POST deliver":
      return deliver(job, parseOrRefuse(controlRequests.deliver, body ?? {}), sandbox.webhooks);
    case "POST say":
      job.runningStatus = parseOrRefuse(controlRequests.say, body).status;
      return { status: 200, body: viewJob(job) };
    case "POST progress":
      job.progress = parseOrRefuse(controlRequests.progress, body);
      return { status: 200, body: viewJob(job) };
    case "POST drop":
      sandbox.jobs.drop(job);
      return { status: 200, body: viewJob(job) };
    case "POST forget":
      sandbox.jobs.forget(job);
      return { status: 200, body: viewJob(job) };
    default:
      return NOT_FOUND;
  }
}

function release(job: Job, override: ReleaseOptions, jobs: Jobs): Answer {
  if (!jobs.end(job, override)) return { status: 409, body: { detail: "The job has ended already." } };
  return { status: 200, body: viewJob(job) };
}

async function deliver(job: Job, options: DeliverOptions, webhooks: Webhooks): Promise<Answer> {
  if (!hasWebhook(job)) return { status: 409, body: { detail: "The job was submitted without a webhook_url." } };
  const { times = 1, ...forgery } = options;
  if (!job.outcome && forgery.body === undefined) {
    return { status: 409, body: { detail: "The job is still running: release it first, or give a body." } };
  }
  const attempts = await Promise.all(Array.from({ length: times }, () => webhooks.deliverNow(job, forgery)));
  return { status: 200, body: { statuses: attempts.map(({ status }) => status) } };
}

function viewJob(job: Job): JobView {
  const { outcome } = job;
  return {
    taskId: job.taskId,
    path: job.path,
    taskType: job.taskType,
    body: job.body,
    idempotencyKey: job.idempotencyKey,
    status: outcome?.status ?? "running",
    held: !outcome && job.endsAtMs === null,
    result: outcome?.result,
    error: outcome?.error,
    dropped: job.dropped,
    forgotten: job.forgotten,
    acceptedAt: new Date(job.acceptedAtMs).toISOString(),
    closedAt: outcome ? new Date(outcome.closedAtMs).toISOString() : null,
    webhookAttempts: job.attempts,
    fate: job.fate,
  };
}

function readStats({ jobs: { all }, chaos, rateLimit, fileRateLimit }: Controlled): SandboxStats {
  const jobs = all();
  const fates = jobs.map((job) => job.fate).filter((fate) => fate !== null);
  return {
    requests: rateLimit.counts().requests,
    rateLimited: rateLimit.counts().rateLimited + fileRateLimit.counts().rateLimited,
    accepted: jobs.length,
    byPath: countByPath(jobs),
    duplicates: jobs.length - new Set(jobs.map(requestFingerprint)).size,
    webhookAttempts: jobs.reduce((total, job) => total + job.attempts.length, 0),
    unfinished: jobs.filter((job) => !job.outcome || job.isDelivering).length,
    chaos: {
      refused: chaos.refusals(),
      answersLost: fates.filter((fate) => fate.isAnswerLost).length,
      webhooksLost: fates.filter((fate) => fate.isWebhookLost).length,
      late: fates.filter((fate) => fate.waitMs > 0).length,
      twice: fates.filter((fate) => fate.againAfterMs !== null).length,
      forged: fates.filter((fate) => fate.forged !== null).length,
    },
  };
}
