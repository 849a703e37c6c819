/** The endpoints that only read: job-status, check-balance and usage. */
import { z } from "zod";
import { type Balance, CENTS_PER_CREDIT } from "@/sandbox/balance";
import type { Answer } from "@/sandbox/http";
import { investigationFields, type Job, type JobOutcome, type Jobs, progressOf } from "@/sandbox/jobs";
import { loosenAnswer } from "@/sandbox/loose-types";
import type { ResultFiles } from "@/sandbox/result-files";
import type { Settings } from "@/sandbox/settings";
import { parseOrRefuse } from "@/sandbox/validation";

const jobStatusQuery = z.looseObject({ cost_units: z.enum(["cents", "credits"]).default("cents") });
const usageQuery = z.looseObject({
  time_window: z.coerce.number("Input should be a valid integer").int().min(1).default(3600),
});

/** `GET /job-status/{task_id}` */
export function jobStatus(
  { jobs, resultFiles, settings }: { jobs: Jobs; resultFiles: ResultFiles; settings: Settings },
  taskId: string,
  query: URLSearchParams,
): Answer {
  const { cost_units } = parseOrRefuse(jobStatusQuery, Object.fromEntries(query), "query");
  const job = jobs.find(taskId);
  if (!job || job.forgotten) return { status: 404, body: { detail: "Job not found" } };
  const body = {
    id: job.taskId,
    run_id: job.runId,
    task_type: job.taskType,
    start_time: new Date(job.acceptedAtMs).toISOString(),
    ...investigationFields(job),
    ...(job.outcome ? ended(job, job.outcome, cost_units, resultFiles) : running(job)),
  };
  return { status: 200, body: job.isLoose || settings.get().looseTypes ? loosenAnswer(body) : body };
}

function running(job: Job): Record<string, unknown> {
  const progress = progressOf(job);
  return { status: job.runningStatus ?? "running", close_time: null, ...(progress ? { progress } : {}) };
}

function ended(job: Job, outcome: JobOutcome, units: "cents" | "credits", resultFiles: ResultFiles) {
  const { status, result, error, costCents, closedAtMs } = outcome;
  const answer = { status, close_time: new Date(closedAtMs).toISOString() };
  const cost = units === "cents" ? { charge_amount: costCents } : { charge_credits: costCents / CENTS_PER_CREDIT };
  if (status !== "completed") return { ...answer, error, ...cost };
  return { ...answer, ...(resultFiles.has(job) ? { results: resultFiles.list(job) } : { result }), ...cost };
}

/** `GET /check-balance` */
export function checkBalance(balance: Balance): Answer {
  return { status: 200, body: { credits: balance.left() } };
}

/** `GET /api/usage` */
export function usage(jobs: Jobs, query: URLSearchParams): Answer {
  const { time_window } = parseOrRefuse(usageQuery, Object.fromEntries(query), "query");
  const since = Date.now() - time_window * 1000;
  const recent = jobs.all().filter((job) => job.acceptedAtMs >= since);
  return {
    status: 200,
    body: {
      time_window,
      total_requests: recent.length,
      total_cost_cents: totalCents(recent),
      requests_by_endpoint: countByPath(recent),
    },
  };
}

/** Counts the accepted jobs of each path. */
export function countByPath(jobs: Job[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { path } of jobs) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}

function totalCents(jobs: Job[]): number {
  return jobs.reduce((total, job) => total + (job.outcome?.costCents ?? 0), 0);
}
