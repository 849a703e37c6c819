import { expect, test } from "vitest";
import { readAudit } from "@/scripts/local/read-audit";

const counts = (high: number, critical: number) => ({
  vulnerabilities: { info: 0, low: 1, moderate: 2, high, critical },
});
const found = (severities: Record<string, string>) =>
  Object.fromEntries(Object.entries(severities).map(([name, severity]) => [name, { name, severity, via: [] }]));

test("packages with high or critical findings are named, and no others", () => {
  const vulnerabilities = found({ a: "high", b: "moderate", c: "critical", d: "low" });
  expect(readAudit(JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: counts(1, 1) }))).toEqual([
    "a",
    "c",
  ]);
  expect(readAudit(JSON.stringify({ vulnerabilities: {}, metadata: counts(0, 0) }))).toEqual([]);
});

test("a registry that does not answer is told from one that finds nothing", () => {
  expect(readAudit(JSON.stringify({ message: "405 Method Not Allowed", error: { code: "EAUDIT" } }))).toBeNull();
  expect(readAudit("")).toBeNull();
});
