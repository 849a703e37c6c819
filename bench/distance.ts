/**
 * What a database that is far away costs: `npm run bench:distance`, after `npm run build`. Asks pages and routes of the
 * production build through HTTP, with 10,000 tasks in a Postgres on this machine and with the same one so many
 * milliseconds away, for a server with its pool and for one with a single connection, as a serverless host has it. The
 * difference over the distance is how many round trips a page waits for, one after the other. Then leads are submitted,
 * one by one and as a list, without an app around. `--ms=<n>` and `--rounds=<n>` do as they say.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ask } from "@/bench/ask";
import { median } from "@/bench/figures";
import { type Sample, seededDatabase } from "@/bench/seeded-database";
import { sendAfar } from "@/bench/send-afar";
import { startStack } from "@/e2e/stack";
import type { App } from "@/scripts/local/app-process";
import { type DistantPostgres, startDistantPostgres } from "@/scripts/local/distant-postgres";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const TASKS = 10_000;
const WARM_UP = 8;

const { values: options } = parseArgs({
  options: { ms: { type: "string", default: "50" }, rounds: { type: "string", default: "15" } },
});
const distanceMs = Number(options.ms);
const rounds = Number(options.rounds);

const CASES: [name: string, path: (sample: Sample) => string][] = [
  ["dashboard, page", () => "/"],
  ["task, page", ({ taskId }) => `/tasks/${taskId}`],
  ["overview, page", () => "/overview"],
  ["deliveries, page", () => "/deliveries"],
  ["list", () => "/api/tasks"],
  ["search", () => "/api/tasks?q=ada"],
  ["counts", () => "/api/tasks/counts"],
  ["counts, search", () => "/api/tasks/counts?q=ada"],
  ["attention", () => "/api/attention"],
];

interface Side {
  app: App;
  postgres: DistantPostgres;
}

await runScript(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-distance-"));
  const server = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: false });
  const distances: DistantPostgres[] = [];
  try {
    const { url, sample } = await seededDatabase(server.url, TASKS);
    const stand = async () => {
      const postgres = await startDistantPostgres(url, { roundTripMs: 0 });
      distances.push(postgres);
      return postgres;
    };
    const ofPool = await stand();
    const ofOne = await stand();
    const stack = await startStack({ databaseUrl: ofPool.url });
    try {
      const alone = await stack.startAppWith({ DATABASE_URL: ofOne.url, DATABASE_MAX_CONNECTIONS: "1" });
      const sides: Side[] = [
        { app: stack.app, postgres: ofPool },
        { app: alone, postgres: ofOne },
      ];
      const rows: string[][] = [];
      for (const [name, pathOf] of CASES) {
        const figures: string[] = [];
        for (const { app, postgres } of sides) {
          const address = app.url + pathOf(sample);
          for (let round = 0; round < WARM_UP; round += 1) await ask(address);
          const nearMs = await medianOf(address);
          postgres.setRoundTrip(distanceMs);
          const farMs = await medianOf(address);
          postgres.setRoundTrip(0);
          figures.push(nearMs.toFixed(0), farMs.toFixed(0), ((farMs - nearMs) / distanceMs).toFixed(1));
        }
        rows.push([name, ...figures]);
      }
      await alone.stop();
      await stack.app.stop();
      const far = `${distanceMs} ms away`;
      console.info(
        textTable(["ms", "pool, here", far, "round trips", "one connection, here", far, "round trips"], rows),
      );
      const sent: string[][] = [];
      for (const [name, postgres, maxConnections] of [
        ["a pool", ofPool, 10],
        ["one connection", ofOne, 1],
      ] as const) {
        const { sandboxUrl } = stack;
        const given = { near: url, sandboxUrl, maxConnections, roundTripMs: distanceMs, rounds };
        const { submitMs, perMinute } = await sendAfar(postgres, given);
        sent.push([name, submitMs.toFixed(0), (submitMs / distanceMs).toFixed(1), perMinute.toFixed(0)]);
      }
      console.info(textTable([`${distanceMs} ms away`, "a lead, ms", "round trips", "a list, leads a minute"], sent));
      return 0;
    } finally {
      await stack.stop();
    }
  } finally {
    for (const distance of distances) await distance.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

async function medianOf(address: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) times.push(await ask(address));
  return median(times);
}
