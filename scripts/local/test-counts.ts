import { readFile } from "node:fs/promises";
import { z } from "zod";

export interface TestCounts {
  passed: number;
  failed: number;
  /** Failed first and passed when tried again. */
  flaky: number;
  skipped: number;
}

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, flaky: 0, skipped: 0 };

const vitestReport = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number(),
    numTodoTests: z.number(),
  })
  .transform((report) => ({
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    flaky: 0,
    skipped: report.numPendingTests + report.numTodoTests,
  }));

const playwrightReport = z
  .object({
    stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
  })
  .transform(({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected,
    flaky: stats.flaky,
    skipped: stats.skipped,
  }));

const REPORTS = { vitest: vitestReport, playwright: playwrightReport };
export type TestRunner = keyof typeof REPORTS;

/** What the runner's JSON report counts; nothing where the run ended before it wrote one. */
export async function readTestCounts(runner: TestRunner, file: string): Promise<TestCounts> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? NO_TESTS : REPORTS[runner].parse(JSON.parse(text));
}

export function addCounts(one: TestCounts, other: TestCounts): TestCounts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    flaky: one.flaky + other.flaky,
    skipped: one.skipped + other.skipped,
  };
}

/** The last line of a verification, such as "213 passed, 0 failed"; flaky and skipped tests are told where there are. */
export function countsLine({ passed, failed, flaky, skipped }: TestCounts): string {
  const rare = [flaky > 0 ? `, ${flaky} flaky` : "", skipped > 0 ? `, ${skipped} skipped` : ""].join("");
  return `${passed} passed, ${failed} failed${rare}`;
}
