/**
 * `npm run fuzz`: odd bodies, headers and framings at the webhook route of the last build, with and without a signing
 * secret. It ends with a table of the answers, and with 1 at a 5xx, a hang, a crash, a page that no longer comes, a task
 * that a forgery has ended, or memory that has grown.
 */
import { parseArgs } from "node:util";
import { ConfigError } from "@/lib/errors";
import { type FuzzOutcome, runFuzz } from "@/scripts/fuzz/run-fuzz";
import { requireNodeVersion } from "@/scripts/local/requirements";
import { runScript } from "@/scripts/local/run-script";
import { startFailingStack } from "@/scripts/soak/stack";
import { textTable } from "@/scripts/soak/text-table";

const MIB = 1024 * 1024;
const MAX_TOLD = 20;
/** With the memory of a whole machine, Node collects garbage so late that a leak can't be told from it. */
const SMALL_HEAP = "--max-old-space-size=192";

await runScript(async () => {
  requireNodeVersion();
  const { cases, seed } = readOptions();
  let isGood = true;
  for (const [index, signed] of [true, false].entries()) {
    const name = signed ? "with a signing secret" : "without a signing secret";
    console.info(`Sending ${cases} requests to an app ${name} …`);
    const stack = await startFailingStack({
      instances: 1,
      signed,
      sandboxEnv: {},
      appEnv: { NODE_OPTIONS: SMALL_HEAP },
    });
    let failures = 1;
    try {
      const outcome = await runFuzz(stack, { cases, seed: 2 * seed + index });
      failures = outcome.failures.length;
      console.info(`\n${fuzzReport(outcome, name)}\n`);
    } finally {
      await stack.stop({ keepLog: failures > 0 });
      if (failures > 0) console.info(`What the app wrote: ${stack.logFile}\n`);
    }
    isGood &&= failures === 0;
  }
  console.info(`fuzz ${isGood ? "passed" : "FAILED"} (seed ${seed}): ${2 * cases} requests`);
  return isGood ? 0 : 1;
});

/** @throws ConfigError naming the argument that can't be read. */
function readOptions(): { cases: number; seed: number } {
  const read = (name: string, text: string) => {
    if (!/^[1-9]\d{0,6}$/.test(text))
      throw new ConfigError(`--${name} must be a whole number above 0, and not ${text}.`);
    return Number(text);
  };
  try {
    const { values } = parseArgs({
      options: { cases: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
    });
    return { cases: read("cases", values.cases), seed: read("seed", values.seed) };
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}

function fuzzReport({ answers, failures, memory, tookMs }: FuzzOutcome, name: string): string {
  const kinds = [...new Set([...answers.values()].flatMap((row) => [...row.keys()]))].sort((a, b) =>
    String(a).localeCompare(String(b)),
  );
  const rows = [...answers].sort(([a], [b]) => a.localeCompare(b));
  const table = textTable(
    [name, ...kinds.map(String)],
    rows.map(([category, row]) => [category, ...kinds.map((kind) => row.get(kind) ?? "")]),
  );
  const inMib = (bytes: number) => `${Math.round(bytes / MIB)} MiB`;
  return [
    table,
    "",
    memory
      ? `Memory of the server: ${inMib(memory.warmBytes)} after the first fifth, ${inMib(memory.endBytes)} at the end.`
      : "Memory of the server: can't be measured on this system.",
    `Time: ${(tookMs / 1000).toFixed(1)} s.`,
    ...failures.slice(0, MAX_TOLD).map((failure) => `- ${failure}`),
    ...(failures.length > MAX_TOLD ? [`… and ${failures.length - MAX_TOLD} more.`] : []),
  ].join("\n");
}
