import { randomUUID } from "node:crypto";
import { findBehaviours } from "@/sandbox/behaviours";
import type { ChaosFate } from "@/sandbox/chaos";
import type { Endpoint, RequestBody } from "@/sandbox/endpoints";
import { findEndpoint } from "@/sandbox/file-endpoints";
import type { Journal, JournalEntry, WebhookAttempt } from "@/sandbox/journal";
import { canonicalJson, seededRandom } from "@/sandbox/seeded-random";

/** One accepted request. `path` and `body` are as they came in. */
export interface Job {
  taskId: string;
  runId: string;
  path: string;
  taskType: string;
  body: RequestBody;
  webhookUrl: string | null;
  /** A request to the same path with the same one is the same request. */
  idempotencyKey: string | null;
  /** The most that it may cost. */
  estimatedCents: number;
  acceptedAtMs: number;
  /** Null for a job that is held until it is released. */
  endsAtMs: number | null;
  outcome: JobOutcome | null;
  /** Its webhook is never sent (again). */
  dropped: boolean;
  /** job-status doesn't know it (any more). */
  forgotten: boolean;
  /** How often its webhook comes. */
  copies: number;
  attempts: WebhookAttempt[];
  /** Something about it is on its way to its webhook_url, or will be. */
  isDelivering: boolean;
  /** How long its webhook waits. */
  delayMs: number;
  /** A forged webhook comes before the right one. */
  isForged: boolean;
  /** Its webhook is signed with another secret than the app's. */
  isSecretRotated: boolean;
  /** What chaos does to it. */
  fate: ChaosFate | null;
}

export interface AcceptedRequest {
  path: string;
  endpoint: Endpoint;
  body: RequestBody;
  idempotencyKey?: string | null;
}

export interface JobOutcome {
  status: "completed" | "failed";
  result?: unknown;
  error?: string;
  costCents: number;
  closedAtMs: number;
  /** Of the webhook about it; the same on each of its attempts. */
  eventId: string;
}

/** What a release may say instead of the outcome that the request would have had. */
export interface OutcomeOverride {
  status?: "completed" | "failed";
  result?: unknown;
  error?: string;
}

export interface Jobs {
  /** Takes a body that the endpoint's schema has accepted; the job ends by itself unless jobs are being held. */
  accept(request: AcceptedRequest, fate?: ChaosFate | null): Job;
  find(taskId: string): Job | undefined;
  /** The job that an earlier request to the path with this key has started. */
  findByIdempotencyKey(path: string, key: string): Job | undefined;
  /** In the order of acceptance. */
  all(): Job[];
  /** Jobs accepted while this is on stay running until they are released. */
  hold(on: boolean): void;
  /** Ends a running job now; false where it had ended already. */
  end(job: Job, override?: OutcomeOverride): boolean;
  drop(job: Job): void;
  forget(job: Job): void;
  recordAttempt(job: Job, attempt: WebhookAttempt): void;
  /** Takes up what the journal holds; jobs whose time has passed end at once. Answers those that had ended before. */
  replay(): Job[];
  /** Forgets everything, on disk as well. */
  clear(): void;
  /** Stops the clocks, and keeps what is on disk. */
  close(): void;
}

const SLOW_MS = 60_000;
const LATE_MS = 15_000;

/** The jobs of one sandbox. `onEnd` hears of each job that ends. */
export function createJobs(options: { journal: Journal; speed: number; onEnd: (job: Job) => void }): Jobs {
  const { journal } = options;
  const jobs = new Map<string, Job>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isHolding = false;

  const add = (
    entry: Extract<JournalEntry, { type: "accepted" }>,
    endpoint: Endpoint,
    fate: ChaosFate | null = null,
  ): Job => {
    const { type: _, ...accepted } = entry;
    const behaviours = findBehaviours(endpoint.leadsOf(entry.body));
    const webhookUrl = entry.body.webhook_url;
    const job: Job = {
      ...accepted,
      taskType: endpoint.taskType,
      webhookUrl: typeof webhookUrl === "string" ? webhookUrl : null,
      idempotencyKey: entry.idempotencyKey ?? null,
      estimatedCents: endpoint.estimateCents(entry.body),
      outcome: null,
      dropped: behaviours.has("neverDelivers"),
      forgotten: false,
      copies: behaviours.has("twice") ? 2 : 1,
      delayMs: behaviours.has("late") ? LATE_MS / options.speed : 0,
      isForged: behaviours.has("forged"),
      isSecretRotated: behaviours.has("rotated"),
      attempts: [],
      isDelivering: false,
      fate,
    };
    jobs.set(job.taskId, job);
    return job;
  };

  const schedule = (job: Job) => {
    if (job.outcome || job.endsAtMs === null) return;
    const delayMs = Math.max(0, job.endsAtMs - Date.now());
    timers.set(
      job.taskId,
      setTimeout(() => end(job), delayMs),
    );
  };

  const end = (job: Job, override: OutcomeOverride = {}): boolean => {
    if (job.outcome) return false;
    clearTimeout(timers.get(job.taskId));
    timers.delete(job.taskId);
    job.outcome = { ...makeOutcome(job, override), closedAtMs: Date.now(), eventId: randomUUID() };
    journal.append({ type: "ended", taskId: job.taskId, ...job.outcome });
    options.onEnd(job);
    return true;
  };

  const drop = (job: Job) => {
    job.dropped = true;
    journal.append({ type: "dropped", taskId: job.taskId });
  };

  const stopTimers = () => {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  };

  return {
    accept({ path, endpoint, body, idempotencyKey = null }, fate = null) {
      const acceptedAtMs = Date.now();
      const endsAtMs = isHolding ? null : acceptedAtMs + durationMs(endpoint, body) / options.speed;
      const ids = { taskId: randomUUID(), runId: randomUUID() };
      const entry = { type: "accepted" as const, ...ids, path, body, idempotencyKey, acceptedAtMs, endsAtMs };
      const job = add(entry, endpoint, fate);
      journal.append(entry);
      if (fate?.isWebhookLost) drop(job);
      schedule(job);
      return job;
    },
    find: (taskId) => jobs.get(taskId),
    findByIdempotencyKey: (path, key) =>
      [...jobs.values()].find((job) => job.path === path && job.idempotencyKey === key),
    all: () => [...jobs.values()],
    hold: (on) => {
      isHolding = on;
    },
    end,
    drop,
    forget(job) {
      job.forgotten = true;
      journal.append({ type: "forgotten", taskId: job.taskId });
    },
    recordAttempt(job, attempt) {
      job.attempts.push(attempt);
      journal.append({ type: "attempted", taskId: job.taskId, attempt });
    },
    replay() {
      for (const entry of journal.read()) {
        if (entry.type === "accepted") {
          const endpoint = findEndpoint(entry.path);
          if (endpoint) add(entry, endpoint);
        } else {
          const job = jobs.get(entry.taskId);
          if (job) applyEntry(job, entry);
        }
      }
      const ended = [...jobs.values()].filter((job) => job.outcome);
      for (const job of jobs.values()) schedule(job);
      return ended;
    },
    clear() {
      stopTimers();
      jobs.clear();
      isHolding = false;
      journal.clear();
    },
    close: stopTimers,
  };
}

/** What a request says, apart from where its webhook goes. Equal text means a submit that was made twice. */
export function requestFingerprint(job: Job): string {
  return canonicalJson({ taskType: job.taskType, body: { ...job.body, webhook_url: undefined } });
}

function applyEntry(job: Job, entry: Exclude<JournalEntry, { type: "accepted" }>): void {
  switch (entry.type) {
    case "ended": {
      const { type: _, taskId: __, ...outcome } = entry;
      job.outcome = outcome;
      break;
    }
    case "attempted":
      job.attempts.push(entry.attempt);
      break;
    case "dropped":
      job.dropped = true;
      break;
    case "forgotten":
      job.forgotten = true;
  }
}

function durationMs(endpoint: Endpoint, body: RequestBody): number {
  if (findBehaviours(endpoint.leadsOf(body)).has("slow")) return SLOW_MS;
  return seededRandom({ duration: endpoint.taskType, ...body, webhook_url: undefined }).int(...endpoint.durationInMs);
}

function makeOutcome(
  job: Job,
  override: OutcomeOverride,
): Pick<JobOutcome, "status" | "result" | "error" | "costCents"> {
  const endpoint = findEndpoint(job.path);
  const fails = endpoint ? findBehaviours(endpoint.leadsOf(job.body)).has("fails") : true;
  const isMeantToFail = override.error !== undefined || (fails && override.result === undefined);
  if ((override.status ?? (isMeantToFail ? "failed" : "completed")) === "failed") {
    return {
      status: "failed",
      error: override.error ?? "The job failed: no source could be reached. Nothing was charged.",
      costCents: 0,
    };
  }
  const made = endpoint?.makeResult(job.body) ?? { result: {}, costCents: 0 };
  const result = override.result === undefined ? made.result : override.result;
  return { status: "completed", result, costCents: made.costCents };
}
