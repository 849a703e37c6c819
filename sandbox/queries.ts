/** The endpoints that only look: job-status, check-balance and usage. */
import { z } from "zod";
import { type Balance, CENTS_PER_CREDIT } from "@/sandbox/balance";
import type { Answer } from "@/sandbox/http";
import type { Job, Jobs } from "@/sandbox/jobs";
import type { ResultFiles } from "@/sandbox/result-files";
import { parseOrRefuse } from "@/sandbox/validation";

const jobStatusQuery = z.looseObject({ cost_units: z.enum(["cents", "credits"]).default("cents") });
const usageQuery = z.looseObject({
  time_window: z.coerce.number("Input should be a valid integer").int().min(1).default(3600),
});

/** `GET /job-status/{task_id}` */
export function jobStatus(
  { jobs, resultFiles }: { jobs: Jobs; resultFiles: ResultFiles },
  taskId: string,
  query: URLSearchParams,
): Answer {
  const { cost_units } = parseOrRefuse(jobStatusQuery, Object.fromEntries(query), "query");
  const job = jobs.find(taskId);
  if (!job || job.forgotten) return { status: 404, body: { detail: "Job not found" } };
  const known = {
    id: job.taskId,
    run_id: job.runId,
    task_type: job.taskType,
    start_time: new Date(job.acceptedAtMs).toISOString(),
  };
  if (!job.outcome) return { status: 200, body: { ...known, status: "running", close_time: null } };

  const { status, result, error, costCents, closedAtMs } = job.outcome;
  return {
    status: 200,
    body: {
      ...known,
      status,
      close_time: new Date(closedAtMs).toISOString(),
      ...(status === "completed"
        ? resultFiles.has(job)
          ? { results: resultFiles.list(job) }
          : { result }
        : { error }),
      ...(cost_units === "cents" ? { charge_amount: costCents } : { charge_credits: costCents / CENTS_PER_CREDIT }),
    },
  };
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

/** How many jobs each path has accepted. */
export function countByPath(jobs: Job[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { path } of jobs) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}

function totalCents(jobs: Job[]): number {
  return jobs.reduce((total, job) => total + (job.outcome?.costCents ?? 0), 0);
}
