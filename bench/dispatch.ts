/**
 * How near to the allowed rate a list goes out, and what that costs: `node --import tsx bench/dispatch.ts`, after
 * `npm run build`. The sandbox has Sixtyfour's limit of 500 requests a minute on; the app keeps to its default of 450.
 * `--singles N` and `--bulk N` change how many leads go out one by one (people intelligence), and a hundred a request
 * (find email).
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { confirmPeople, rateOf, sendingContext } from "@/bench/sending";
import { openDatabase } from "@/db/client";
import { startStack } from "@/e2e/stack";
import { getSubmission } from "@/lib/submissions/get";
import { createSandboxControl } from "@/sandbox/control-client";
import { residentBytes } from "@/scripts/fuzz/resident-memory";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const ALLOWED_PER_MINUTE = 450;
const MIB = 2 ** 20;

await runScript(async () => {
  const { values } = parseArgs({
    options: { singles: { type: "string", default: "2000" }, bulk: { type: "string", default: "10000" } },
  });
  const stack = await startStack({ sandboxEnv: { SANDBOX_RATE_LIMIT: "500" } });
  const { db, close } = openDatabase(stack.databaseUrl);
  const context = sendingContext(db, { sandboxUrl: stack.sandboxUrl, requestsPerMinute: ALLOWED_PER_MINUTE });
  const sandbox = createSandboxControl(stack.sandboxUrl);
  const rows: (string | number)[][] = [];
  try {
    for (const [kind, count] of [
      ["people_intelligence", Number(values.singles)],
      ["find_email", Number(values.bulk)],
    ] as const) {
      await sandbox.reset();
      const memory = watchMemory(stack.app.pid);
      const submissionId = await confirmPeople(context, kind, count);
      while ((await getSubmission(context, submissionId)).state !== "ended") await sleep(1_000);
      const { requests, rateLimited, accepted } = await sandbox.stats();
      const { perMinute, seconds } = await rateOf(stack.databaseUrl, submissionId);
      rows.push([
        kind,
        count,
        accepted,
        seconds.toFixed(1),
        perMinute.toFixed(1),
        `${((100 * perMinute) / ALLOWED_PER_MINUTE).toFixed(1)} %`,
        `${rateLimited} of ${requests}`,
        (memory.stop() / MIB).toFixed(0),
      ]);
    }
  } finally {
    await close();
    await stack.stop();
  }
  const head = [
    "list",
    "leads",
    "jobs",
    "seconds",
    "a minute",
    "of what is allowed",
    "answered 429",
    "peak MiB of the app",
  ];
  console.info(textTable(head, rows));
  return 0;
});

function watchMemory(processGroupId: number): { stop(): number } {
  let peak = 0;
  const timer = setInterval(async () => {
    peak = Math.max(peak, (await residentBytes(processGroupId)) ?? 0);
  }, 1_000);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}
