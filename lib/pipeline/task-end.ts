import type { TaskEnd } from "@/lib/pipeline/complete";
import { readResultFiles } from "@/lib/sixtyfour/result-files";
import { cutErrorText, readErrorText, readJobState } from "@/lib/sixtyfour/wire";
import { storableJson } from "@/lib/storable-json";

/**
 * Reads how a job ended from what a webhook or job-status says of it; null while it is still going. Both name the
 * reason of a failure differently, and neither promises one.
 */
export function readTaskEnd(report: {
  status: string | null;
  result?: unknown;
  results?: unknown;
  error?: unknown;
  message?: unknown;
  detail?: unknown;
}): TaskEnd | null {
  switch (readJobState(report)) {
    case "running":
      return null;
    case "completed":
      return { status: "completed", result: report.result ?? withoutLinks(report.results) ?? null };
    case "cancelled":
      return { status: "cancelled" };
    case "failed": {
      const reason = [report.error, report.message, report.detail].find((given) => given);
      const errorMessage =
        readErrorText(reason) ?? (reason ? cutErrorText(JSON.stringify(storableJson(reason))) : null);
      return { status: "failed", errorCode: "job_failed", errorMessage };
    }
  }
}

/** Links to files are keys of their own, and good for minutes: what is kept of them is which files there were. */
function withoutLinks(results: unknown): unknown {
  const files = readResultFiles(results);
  if (files.length === 0) return results;
  return files.map(({ fileName, blockNumber, rowCount }) => ({ fileName, blockNumber, rowCount }));
}

/** What the job cost in US cents, where the finders' result says so; of a bulk job, what its results say together. */
export function readCostInCents(result: unknown): number | null {
  if (Array.isArray(result)) {
    const costs = result.map((one) => (Array.isArray(one) ? null : readCostInCents(one)));
    return costs.some((cost) => cost !== null) ? costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0) : null;
  }
  const cents = typeof result === "object" && result !== null && "cost_cents" in result ? result.cost_cents : null;
  const isNumeric = typeof cents === "number" || (typeof cents === "string" && /^\d+(\.\d+)?$/.test(cents.trim()));
  return isNumeric && Number.isFinite(Number(cents)) && Number(cents) >= 0 ? Number(cents) : null;
}
