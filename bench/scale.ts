/**
 * What a million tasks cost beside ten thousand: `npm run bench:scale`, after `npm run build`. Seeds both, with half as many
 * deliveries again, and asks each route of the production build one request after the other, in turn of the two, through
 * HTTP. Exits 1 where a bar is missed. `--keep=<folder>` keeps the data for another run, which is seeded once; `--only=<text>`
 * narrows to the cases whose name has it; `--rounds=<n>` and `--tasks=<n>` do as they say.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "@/bench/ask";
import { quantile } from "@/bench/figures";
import { type Sample, seededDatabase } from "@/bench/seeded-database";
import { firstIdAt } from "@/db/first-id-at";
import { startStack } from "@/e2e/stack";
import { residentBytes } from "@/scripts/fuzz/resident-memory";
import type { App } from "@/scripts/local/app-process";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const BARS = { p95Ms: 50, growth: 1.5 };
const FEW_TASKS = 10_000;
const WARM_UP = 8;
const DAY_IN_MS = 86_400_000;
const MIB = 2 ** 20;

const { values: options } = parseArgs({
  options: {
    keep: { type: "string" },
    only: { type: "string", default: "" },
    rounds: { type: "string", default: "100" },
    tasks: { type: "string", default: "1000000" },
  },
});
const rounds = Number(options.rounds);
const manyTasks = Number(options.tasks);

const day = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_IN_MS).toISOString().slice(0, 10);
const deepCursor = firstIdAt(Date.now() - 20 * DAY_IN_MS);

/** What is asked for; the searches by how many of the tasks they find. */
const CASES: [name: string, path: (sample: Sample) => string][] = [
  ["list", () => "/api/tasks"],
  ["list, failed", () => "/api/tasks?status=failed"],
  ["list, running", () => "/api/tasks?status=running"],
  ["list, cancelled", () => "/api/tasks?status=cancelled"],
  ["list, of a kind", () => "/api/tasks?kind=qa_agent"],
  ["list, of a kind that nobody uses", () => "/api/tasks?kind=reverse_phone"],
  ["list, failed and of a kind", () => "/api/tasks?status=failed&kind=qa_agent"],
  ["list, of a day", () => `/api/tasks?from=${day(12)}&to=${day(12)}`],
  ["list, deep", () => `/api/tasks?cursor=${deepCursor}`],
  ["list, found", () => "/api/tasks?found=yes"],
  ["list, not found", () => "/api/tasks?found=no"],
  ["list, by poll", () => "/api/tasks?via=poll"],
  ["list, not delivered", () => "/api/tasks?via=none"],
  ["list, for a reason that nobody has", () => "/api/tasks?reason=Nobody+has+it"],
  ["list, for a reason", () => "/api/tasks?status=failed&reason=The+profile+is+private"],
  ["list, of a submission", ({ listId }) => `/api/tasks?submission=${listId}`],
  ["list, oldest", () => "/api/tasks?sort=oldest"],
  ["list, latest delivered", () => "/api/tasks?sort=delivered"],
  ["list, costliest", () => "/api/tasks?sort=costliest"],
  ["search, 1 in 13", () => "/api/tasks?q=noether"],
  ["search, two words", () => "/api/tasks?q=noether+copper"],
  ["search, a few", () => "/api/tasks?q=7771"],
  ["search, nothing", () => "/api/tasks?q=zebedee"],
  ["search, two characters", () => "/api/tasks?q=co"],
  ["search, of a kind", () => "/api/tasks?q=noether&kind=qa_agent"],
  ["search, failed", () => "/api/tasks?q=noether&status=failed"],
  ["counts", () => "/api/tasks/counts"],
  ["counts, of a kind", () => "/api/tasks/counts?kind=qa_agent"],
  ["counts, of 7 days", () => "/api/tasks/counts?since=7d"],
  ["counts, found", () => "/api/tasks/counts?found=yes"],
  ["counts, by poll", () => "/api/tasks/counts?via=poll"],
  ["counts, for a reason", () => "/api/tasks/counts?reason=The+profile+is+private"],
  ["counts, for a reason that nobody has", () => "/api/tasks/counts?reason=Nobody+has+it"],
  ["counts, search, 1 in 13", () => "/api/tasks/counts?q=noether"],
  ["counts, search, two words", () => "/api/tasks/counts?q=noether+copper"],
  ["counts, search, a few", () => "/api/tasks/counts?q=7771"],
  ["counts, search, two characters", () => "/api/tasks/counts?q=co"],
  ["overview, 24 hours", () => "/api/overview?since=24h"],
  ["overview, 30 days", () => "/api/overview?since=30d"],
  ["task", ({ taskId }) => `/api/tasks/${taskId}`],
  ["task, page", ({ taskId }) => `/tasks/${taskId}`],
  ["deliveries", () => "/api/deliveries"],
  ["deliveries, refused", () => "/api/deliveries?outcome=refused"],
  ["deliveries, unmatched", () => "/api/deliveries?outcome=unmatched"],
  ["deliveries, applied, of a day", () => `/api/deliveries?outcome=applied&from=${day(12)}&to=${day(12)}`],
  ["delivery, page", ({ deliveryId }) => `/deliveries/${deliveryId}`],
  ["dashboard, page", () => "/"],
  ["overview, page", () => "/overview?since=30d"],
  ["attention", () => "/api/attention"],
];

await runScript(async () => {
  const folder = options.keep ?? (await mkdtemp(path.join(tmpdir(), "sixtyfour-scale-")));
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: false });
  try {
    const [few, many] = [await seededDatabase(server.url, FEW_TASKS), await seededDatabase(server.url, manyTasks)];
    const stack = await startStack({ databaseUrl: many.url });
    try {
      const apps = [await stack.startAppWith({ DATABASE_URL: few.url }), stack.app] as const;
      const areMet = [
        await compare([
          { app: apps[0], sample: few.sample },
          { app: apps[1], sample: many.sample },
        ]),
        options.only === "" || options.only === "export" ? await measureExport(stack.app, many.sample) : true,
      ];
      await apps[0].stop();
      return areMet.every(Boolean) ? 0 : 1;
    } finally {
      await stack.stop();
    }
  } finally {
    await server.stop();
    if (!options.keep) await rm(folder, { recursive: true, force: true });
  }
});

/** Prints a table of all cases. Returns whether the bars are met. */
async function compare(sides: { app: App; sample: Sample }[]): Promise<boolean> {
  const rows: (string | number)[][] = [];
  let areMet = true;
  for (const [name, pathOf] of CASES.filter(([name]) => name.includes(options.only))) {
    const times = sides.map((): number[] => []);
    for (let round = -WARM_UP; round < rounds; round += 1) {
      for (const [index, { app, sample }] of sides.entries()) {
        const ms = await ask(app.url + pathOf(sample));
        if (round >= 0) times[index]?.push(ms);
      }
    }
    const [few = [], many = []] = times;
    const [growth, growthOfP95] = [
      quantile(many, 0.5) / quantile(few, 0.5),
      quantile(many, 0.95) / quantile(few, 0.95),
    ];
    const isMet = quantile(many, 0.95) < BARS.p95Ms && growth < BARS.growth && growthOfP95 < BARS.growth;
    areMet &&= isMet;
    const figures = [quantile(few, 0.5), quantile(few, 0.95), quantile(many, 0.5), quantile(many, 0.95)].map((ms) =>
      ms.toFixed(1),
    );
    rows.push([name, ...figures, growth.toFixed(2), growthOfP95.toFixed(2), isMet ? "" : "missed"]);
  }
  const [few, many] = [FEW_TASKS, manyTasks].map((tasks) => tasks.toLocaleString("en"));
  const head = [
    `of ${few} and ${many} tasks, ms`,
    `p50, ${few}`,
    "p95",
    `p50, ${many}`,
    "p95",
    "growth",
    "of p95",
    "bar",
  ];
  console.info(textTable(head, rows));
  return areMet;
}

/** How fast the list of the seed is exported, and with how much memory; there is no bar. */
async function measureExport(app: App, { listId }: Sample): Promise<true> {
  const rows: (string | number)[][] = [];
  for (const format of ["csv", "jsonl"]) {
    const startedAt = performance.now();
    const response = await fetch(`${app.url}/api/tasks/export?format=${format}&submission=${listId}`);
    let [bytes, lines, peak, isDone] = [0, 0, 0, false];
    const watch = (async () => {
      while (!isDone) {
        peak = Math.max(peak, (await residentBytes(app.pid)) ?? 0);
        await sleep(100);
      }
    })();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      lines += chunk.filter((byte) => byte === 10).length;
    }
    isDone = true;
    await watch;
    const took = (performance.now() - startedAt) / 1000;
    rows.push([
      format,
      lines,
      (bytes / MIB).toFixed(0),
      took.toFixed(1),
      Math.round(lines / took),
      Math.round(peak / MIB),
    ]);
  }
  console.info(textTable(["export", "lines", "MiB", "seconds", "a second", "peak of the app's memory, MiB"], rows));
  return true;
}
