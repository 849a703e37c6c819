/** `npm test` and `npm run verify`: all that CI checks, in turn, up to the first step that fails. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError } from "@/lib/errors";
import { ensureChromium } from "@/scripts/chromium";
import { ensurePgBouncer } from "@/scripts/local/pgbouncer";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { isNodeAtLeast, requireNodeVersion } from "@/scripts/local/requirements";
import { runScript } from "@/scripts/local/run-script";
import {
  addCounts,
  countsLine,
  NO_TESTS,
  readTestCounts,
  type TestCounts,
  type TestRunner,
} from "@/scripts/local/test-counts";

interface Step {
  /** A script of package.json. */
  script: string;
  runner?: TestRunner;
  /** The oldest Node on which its tool runs, where that is newer than ours. */
  oldestNode?: string;
  args?: string[];
  /** More variables, found out when the step's turn has come. */
  env?: () => Promise<Record<string, string>>;
  /** Tells this step from another one of the same script. */
  title?: string;
  /** Whether the step needs PgBouncer, which not every machine can have. */
  needsPgBouncer?: boolean;
}

/** What goes through a pooler once: signing in, forms, webhooks, polls, lists and figures. */
const POOLED_SPECS = [
  "e2e/access.spec.ts",
  "e2e/submit.spec.ts",
  "e2e/webhook.spec.ts",
  "e2e/poll-now.spec.ts",
  "e2e/overview.spec.ts",
];

await runScript(async () => {
  // Interrupted, the step ends by itself; we stay to print the counts.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
  const reportsDir = await mkdtemp(path.join(tmpdir(), "sixtyfour-verify-"));
  let counts = NO_TESTS;
  try {
    requireNodeVersion();
    for (const step of steps(reportsDir)) {
      const { isOk, tests } = await runStep(step, reportsDir);
      counts = addCounts(counts, tests);
      if (!isOk) break;
    }
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error);
    counts = addCounts(counts, { ...NO_TESTS, failed: 1 });
  } finally {
    await rm(reportsDir, { recursive: true, force: true });
  }
  console.info(`\n${countsLine(counts)}`);
  return counts.failed === 0 ? 0 : 1;
});

function steps(reportsDir: string): Step[] {
  return [
    { script: "lint" },
    { script: "typecheck" },
    { script: "deps", oldestNode: "20.12" },
    { script: "audit:dependencies" },
    {
      script: "test:unit",
      runner: "vitest",
      args: ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile(reportsDir, "vitest")}`],
      // Some of its tests skip themselves without a PgBouncer.
      env: async () => {
        ensurePgBouncer();
        return {};
      },
    },
    { script: "build" },
    { script: "soak", args: ["--preset", "ci"] },
    {
      script: "test:e2e",
      runner: "playwright",
      args: ["--reporter=list,json"],
      env: async () => ({
        CHROMIUM_PATH: await ensureChromium(),
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(reportsDir, "playwright"),
      }),
    },
    { script: "soak", title: "soak through PgBouncer", args: ["--preset", "ci", "--pooled"], needsPgBouncer: true },
    {
      script: "test:e2e",
      title: "test:e2e through PgBouncer",
      runner: "playwright",
      args: ["--reporter=list,json", ...POOLED_SPECS],
      env: async () => ({
        CHROMIUM_PATH: await ensureChromium(),
        E2E_POOLED: "1",
        PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile(reportsDir, "playwright"),
      }),
      needsPgBouncer: true,
    },
  ];
}

/** A step that fails without a failed test counts as one, and so does a test step without tests. */
async function runStep(step: Step, reportsDir: string): Promise<{ isOk: boolean; tests: TestCounts }> {
  const title = step.title ?? step.script;
  console.info(`\n── ${title}`);
  if (step.needsPgBouncer && !ensurePgBouncer()) {
    console.info(`── ${title}: skipped, there is no PgBouncer on this machine and none could be installed`);
    return { isOk: true, tests: { ...NO_TESTS, skipped: 1 } };
  }
  // Another step's report would be counted twice.
  if (step.runner) await rm(reportFile(reportsDir, step.runner), { force: true });
  if (step.oldestNode && !isNodeAtLeast(step.oldestNode)) {
    console.info(`── ${title}: skipped, its tool needs Node ${step.oldestNode}`);
    return { isOk: true, tests: { ...NO_TESTS, skipped: 1 } };
  }
  const startedAt = Date.now();
  const exitCode = await npmRun(step.script, step.args ?? [], (await step.env?.()) ?? {});
  console.info(
    `── ${title}: ${exitCode === 0 ? "ok" : "failed"} after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`,
  );

  const tests = step.runner ? await readTestCounts(step.runner, reportFile(reportsDir, step.runner)) : NO_TESTS;
  const hasNoTests = step.runner !== undefined && tests.passed + tests.failed + tests.flaky === 0;
  if (hasNoTests && exitCode === 0) console.error(`${title} ran no test, which counts as a failure.`);
  const isOk = exitCode === 0 && tests.failed === 0 && !hasNoTests;
  return { isOk, tests: isOk || tests.failed > 0 ? tests : { ...tests, failed: 1 } };
}

function npmRun(script: string, args: string[], env: Record<string, string>): Promise<number> {
  // Under npm its own file is known, and needs neither a shell nor a PATH.
  const npmFile = process.env.npm_execpath;
  const [command, npmArgs] = npmFile ? [process.execPath, [npmFile]] : ["npm", []];
  const child = spawn(command, [...npmArgs, "run", script, ...(args.length > 0 ? ["--", ...args] : [])], {
    cwd: PROJECT_DIR,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
    stdio: ["ignore", "inherit", "inherit"],
    shell: !npmFile && process.platform === "win32",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function reportFile(reportsDir: string, runner: TestRunner): string {
  return path.join(reportsDir, `${runner}.json`);
}
