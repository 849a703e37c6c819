import { z } from "zod";

const report = z.object({
  metadata: z.object({ vulnerabilities: z.object({ high: z.number(), critical: z.number() }) }),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

/**
 * What `npm audit --json` found.
 *
 * @returns the packages with high or critical findings; null where the registry had no answer, as many mirrors have none
 */
export function readAudit(output: string): string[] | null {
  let json: unknown;
  try {
    json = JSON.parse(output);
  } catch {
    return null; // no report: npm was not answered
  }
  const parsed = report.safeParse(json);
  if (!parsed.success) return null;
  return Object.entries(parsed.data.vulnerabilities)
    .filter(([, { severity }]) => severity === "high" || severity === "critical")
    .map(([name]) => name);
}
