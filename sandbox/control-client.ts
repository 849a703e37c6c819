import type { z } from "zod";
import type { ChaosOptions } from "@/sandbox/chaos";
import {
  CONTROL_PREFIX,
  controlAnswers,
  type DeliverOptions,
  type JobView,
  type NextSubmitOptions,
  type ReleaseOptions,
  type SandboxStats,
} from "@/sandbox/control-wire";
import type { Progress } from "@/sandbox/jobs";
import type { FileDamage, SettingsPatch } from "@/sandbox/settings";

/** Steers a running sandbox from a test. Each call is through when it resolves, and throws where it is refused. */
export interface SandboxControl {
  /** All accepted jobs, in the order of acceptance. */
  jobs(): Promise<JobView[]>;
  job(taskId: string): Promise<JobView>;
  stats(): Promise<SandboxStats>;
  /** Jobs accepted while this is on stay running until they are released. */
  hold(on: boolean): Promise<void>;
  /** Ends a running job now, as it would have ended or as told; its webhook is then on its way. */
  release(taskId: string, outcome?: ReleaseOptions): Promise<JobView>;
  /** Sets the status that job-status says while the job runs, such as `continued_as_new`; null is `running` again. */
  say(taskId: string, status: string | null): Promise<JobView>;
  /** Sets the progress that job-status shows while the job runs. */
  setProgress(taskId: string, progress: Progress): Promise<JobView>;
  /** Delivers a job's webhook now; resolves to the status of each answer, null where there was none. */
  deliver(taskId: string, options?: DeliverOptions): Promise<(number | null)[]>;
  /** Never sends this job's webhook (again); a poll still works. */
  drop(taskId: string): Promise<JobView>;
  /** From now on job-status answers 404 for it. */
  forget(taskId: string): Promise<JobView>;
  /** Sets up a fault for the next valid submit, or the next `times`. */
  nextSubmit(fault: NextSubmitOptions): Promise<void>;
  /** Stops listening on the port for this time, also for this control. */
  refuseConnections(forMs: number): Promise<void>;
  /** While off, no webhook is sent and no attempt is used up; those that waited are sent once it is on. */
  setDelivering(delivering: boolean): Promise<void>;
  /** Answers 429 past this number of requests in a minute; null removes the limit. */
  setRateLimit(perMinute: number | null): Promise<void>;
  /** Sets the limit for files alone, which is 10 a minute by default. */
  setFileRateLimit(perMinute: number | null): Promise<void>;
  /** Sets the credits that are left; a submit that may cost more is refused with 402. Null removes the limit. */
  setCredits(credits: number | null): Promise<void>;
  /** Sets how long links to result files are valid; 0 gives links that have expired already. */
  setLinkLifetime(ms: number): Promise<void>;
  /** False: a people request's dispatch_id is ignored, and named in unrecognized_fields. */
  setDispatchIds(understood: boolean): Promise<void>;
  /** True: the tiers high, xhigh and scout are accepted. They are refused with 403 by default. */
  setTierAccess(on: boolean): Promise<void>;
  /** True: numbers come as texts, task_type as a number, and the submit's status as null. */
  setLooseTypes(on: boolean): Promise<void>;
  /** The next answers of job-status about a file job have no link to the enrichment's file, or to those of `blocks`. */
  setNullLinks(count: number, options?: { blocks?: number[] }): Promise<void>;
  /** True: the rows of result files of up to 100 rows stand inline in `results`, without a link. */
  setInlineResults(on: boolean): Promise<void>;
  /** The webhook of a file job: the task's, or a workflow's envelope without a task_id. */
  setFileWebhook(form: "task" | "workflow"): Promise<void>;
  /** The columns of the webhook's block: those of the enrichment's file and its own, or its own alone. */
  setWebhookBlock(form: "all_columns" | "own_columns"): Promise<void>;
  /** Damages the enrichment's file from now on, in this way; null ends it. */
  setFileDamage(damage: FileDamage | null): Promise<void>;
  /** Causes faults by chance from now on, until a reset. The faults of a job are its `fate`. */
  setChaos(chaos: ChaosOptions): Promise<void>;
  /** Forgets all jobs, faults and settings. */
  reset(): Promise<void>;
}

/** A client of the control endpoint of the sandbox at `url`, its origin. */
export function createSandboxControl(url: string): SandboxControl {
  const call = async <T>(method: "GET" | "POST", path: string, answer: z.ZodType<T>, body?: object): Promise<T> => {
    const response = await fetch(`${url}${CONTROL_PREFIX}${path}`, {
      method,
      ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`The sandbox refused ${method} ${path} with ${response.status}: ${text}`);
    return answer.parse(JSON.parse(text));
  };
  const post = async (path: string, body?: object): Promise<void> => {
    await call("POST", path, controlAnswers.done, body);
  };
  const onJob = (taskId: string, verb: string, body?: object) =>
    call("POST", `/jobs/${encodeURIComponent(taskId)}/${verb}`, controlAnswers.job, body);

  const set = (patch: SettingsPatch) => post("/settings", patch);

  return {
    jobs: () => call("GET", "/jobs", controlAnswers.jobs),
    job: (taskId) => call("GET", `/jobs/${encodeURIComponent(taskId)}`, controlAnswers.job),
    stats: () => call("GET", "/stats", controlAnswers.stats),
    hold: (on) => post("/hold", { on }),
    release: (taskId, outcome = {}) => onJob(taskId, "release", outcome),
    async deliver(taskId, options = {}) {
      const path = `/jobs/${encodeURIComponent(taskId)}/deliver`;
      const { statuses } = await call("POST", path, controlAnswers.delivered, options);
      return statuses;
    },
    say: (taskId, status) => onJob(taskId, "say", { status }),
    setProgress: (taskId, progress) => onJob(taskId, "progress", progress),
    drop: (taskId) => onJob(taskId, "drop"),
    forget: (taskId) => call("POST", `/forget/${encodeURIComponent(taskId)}`, controlAnswers.job),
    nextSubmit: (fault) => post("/next-submit", fault),
    refuseConnections: (forMs) => post("/refuse-connections", { forMs }),
    setDelivering: (delivering) => post("/webhooks", { delivering }),
    setRateLimit: (perMinute) => post("/rate-limit", { perMinute }),
    setFileRateLimit: (perMinute) => post("/file-rate-limit", { perMinute }),
    setCredits: (credits) => post("/credits", { credits }),
    setLinkLifetime: (ms) => post("/link-lifetime", { ms }),
    setDispatchIds: (dispatchIds) => set({ dispatchIds }),
    setTierAccess: (tierAccess) => set({ tierAccess }),
    setLooseTypes: (looseTypes) => set({ looseTypes }),
    setNullLinks: (count, { blocks } = {}) => set({ nullLinks: { count, blocks } }),
    setInlineResults: (inlineResults) => set({ inlineResults }),
    setFileWebhook: (fileWebhook) => set({ fileWebhook }),
    setWebhookBlock: (webhookBlock) => set({ webhookBlock }),
    setFileDamage: (fileDamage) => set({ fileDamage }),
    setChaos: (chaos) => post("/chaos", chaos),
    reset: () => post("/reset"),
  };
}
