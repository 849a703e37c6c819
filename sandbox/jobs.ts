import { randomUUID } from "node:crypto";
import { findBehaviours } from "@/sandbox/behaviours";
import type { ChaosFate } from "@/sandbox/chaos";
import type { Endpoint, RequestBody } from "@/sandbox/endpoints";
import { findEndpoint } from "@/sandbox/file-endpoints";
import type { Journal, JournalEntry, WebhookAttempt } from "@/sandbox/journal";
import { seedOf } from "@/sandbox/made-result";
import { makeOutcome, type Outcome, type OutcomeOverride } from "@/sandbox/outcomes";
import { isAtlasTier } from "@/sandbox/prices";
import { canonicalJson, seededRandom } from "@/sandbox/seeded-random";

/** One accepted request. `path` and `body` are as they came in. */
export interface Job {
  taskId: string;
  runId: string;
  path: string;
  taskType: string;
  body: RequestBody;
  webhookUrl: string | null;
  /** A request of the same task type with an equal key is a replay of this one. */
  idempotencyKey: string | null;
  /** Its highest possible cost. */
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
  /** Its answers don't keep the documented types. */
  isLoose: boolean;
  /** The progress that a test has set; null while it follows from the time. */
  progress: Progress | null;
  /** The status that job-status says while the job runs, where a test has set one. */
  runningStatus: string | null;
  /** The faults that chaos causes to it. */
  fate: ChaosFate | null;
}

export interface AcceptedRequest {
  path: string;
  endpoint: Endpoint;
  body: RequestBody;
  idempotencyKey?: string | null;
}

export interface JobOutcome extends Outcome {
  closedAtMs: number;
  /** The id of the webhook about it, equal on each of its attempts. */
  eventId: string;
}

export interface Progress {
  completed: number;
  total: number;
}

export interface Jobs {
  /** Takes a body that the endpoint's schema has accepted; the job ends by itself unless jobs are being held. */
  accept(request: AcceptedRequest, fate?: ChaosFate | null): Job;
  find(taskId: string): Job | undefined;
  /** Finds the job that an earlier request of this task type has started with this key. */
  findByIdempotencyKey(taskType: string, key: string): Job | undefined;
  /** In the order of acceptance. */
  all(): Job[];
  /** Jobs accepted while this is on stay running until they are released. */
  hold(on: boolean): void;
  /** Ends a running job now; false where it had ended already. */
  end(job: Job, override?: OutcomeOverride): boolean;
  drop(job: Job): void;
  forget(job: Job): void;
  recordAttempt(job: Job, attempt: WebhookAttempt): void;
  /** Restores the jobs of the journal; those whose time has passed end at once. Returns those that had ended before. */
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
      isLoose: behaviours.has("looseTypes"),
      progress: null,
      runningStatus: null,
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
    findByIdempotencyKey: (taskType, key) =>
      [...jobs.values()].find((job) => job.taskType === taskType && job.idempotencyKey === key),
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
          // A request of an earlier version may not be valid any more.
          if (endpoint?.schema.safeParse(entry.body).success) add(entry, endpoint);
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

/** Returns the request as text, without its webhook_url and dispatch_id. Equal text means a submit that was made twice. */
export function requestFingerprint(job: Job): string {
  return canonicalJson({ taskType: job.taskType, body: seedOf(job.body) });
}

/** Returns the progress of a running job with many leads, which grows with the time; null for any other job. */
export function progressOf(job: Job, nowMs = Date.now()): Progress | null {
  if (job.outcome) return null;
  if (job.progress) return job.progress;
  const endpoint = findEndpoint(job.path);
  if (!endpoint?.hasProgress) return null;
  const total = endpoint.leadsOf(job.body).length;
  const share = job.endsAtMs === null ? 0 : (nowMs - job.acceptedAtMs) / (job.endsAtMs - job.acceptedAtMs);
  // The last lead is only done when the job ends.
  return { completed: Math.min(total - 1, Math.max(0, Math.floor(share * total))), total };
}

/** Returns the field `investigation` of an answer about a job whose tier has one, and nothing for any other job. */
export function investigationFields(job: Job): { investigation?: { id: string; workspace_url: string } } {
  if (!isAtlasTier(job.body.tier) || "file" in job.body) return {};
  const { investigation_id: given } = job.body;
  const id = typeof given === "string" ? given : `inv_${job.runId}`;
  const workspace_url = `https://app.sixtyfour.example/investigations/${encodeURIComponent(id)}`;
  return { investigation: { id, workspace_url } };
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
  return seededRandom({ duration: endpoint.taskType, ...seedOf(body) }).int(...endpoint.durationInMs);
}
