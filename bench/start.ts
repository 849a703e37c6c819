/**
 * How soon a process that has just been started takes a webhook: `npm run bench:start`, after `npm run build`. Time runs from
 * the start of `next start` until a signed delivery has its 2xx, beside the smallest app of the same Next whose route does
 * nothing, in turn. Then how long `npm run dev` takes on a copy of the project that was never run, until its first page is
 * there. Exits 1 where the bar is missed. `--rounds=<n>` does as it says.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { median } from "@/bench/figures";
import { buildNoOpApp, NO_OP_PATH, nextCommand } from "@/bench/no-op-app";
import { appEnv, createOurDatabase } from "@/bench/webhook/contenders";
import { type Delivery, makeDeliveries } from "@/bench/webhook/deliveries";
import { post } from "@/bench/webhook/load";
import { WEBHOOK_PATH } from "@/lib/env";
import { type Child, startChild } from "@/scripts/local/child-process";
import { copyProject } from "@/scripts/local/copy-project";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { freePort } from "@/scripts/local/free-port";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const BAR = 1.3;
const ASK_EVERY_MS = 5;
const GIVEN_UP_AFTER_MS = 120_000;
const STOP_PATIENCE_MS = 10_000;

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const rounds = Number(options.rounds);

interface Server {
  name: string;
  /** The folder of its build. */
  cwd: string;
  /** Its route, below the build's `server/app`. */
  route: string;
  env: Record<string, string>;
  next: () => Delivery;
}

await runScript(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-start-"));
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: true });
  try {
    const noOpFolder = path.join(folder, "no-op");
    await buildNoOpApp(noOpFolder);
    const databaseUrl = await createOurDatabase(postgres.url, rounds + 1);
    let task = 0;
    const deliver = (route: string) => {
      task += 1;
      const [delivery] = makeDeliveries(route, task, 1);
      if (!delivery) throw new Error("There is no delivery to send.");
      return delivery;
    };
    const ours: Server = {
      name: "this app",
      cwd: PROJECT_DIR,
      route: WEBHOOK_PATH,
      env: appEnv(databaseUrl),
      next: () => deliver(WEBHOOK_PATH),
    };
    const [anything] = makeDeliveries(NO_OP_PATH, 1, 1);
    if (!anything) throw new Error("There is no delivery to send.");
    const noOp: Server = {
      name: "Next, a route that does nothing",
      cwd: noOpFolder,
      route: NO_OP_PATH,
      env: {},
      next: () => anything,
    };
    const started = new Map<Server, Start[]>([
      [ours, []],
      [noOp, []],
    ]);
    for (let round = 0; round < rounds; round += 1) {
      for (const [server, starts] of started) starts.push(await start(server, folder));
    }
    const took = (server: Server) => median((started.get(server) ?? []).map(({ ms }) => ms));
    const ratio = took(ours) / took(noOp);
    const rows = await Promise.all(
      [...started].map(async ([server, starts]) => [
        server.name,
        took(server).toFixed(0),
        Math.max(...starts.map(({ ms }) => ms)).toFixed(0),
        median(starts.map(({ modules }) => modules)),
        ((await bytesOfRoute(server)) / 1000).toFixed(0),
      ]),
    );
    console.info(
      textTable(["from nothing to a webhook's 2xx", "median, ms", "worst, ms", "modules", "kB of the route"], rows),
    );
    console.info(`We take ${ratio.toFixed(2)} times as long.`);

    const dev = await startDev(path.join(folder, "project"));
    console.info(
      `\`npm run dev\` on a fresh copy: ${dev.readyMs} ms until it says so, ${dev.pageMs} ms to the first page.`,
    );
    return ratio <= BAR ? 0 : 1;
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

interface Start {
  ms: number;
  /** Files that were loaded as modules. */
  modules: number;
}

async function start({ cwd, env, next }: Server, folder: string): Promise<Start> {
  const port = await freePort();
  const modulesFile = path.join(folder, randomUUID());
  const delivery = next();
  const startedAt = performance.now();
  const child = startChild(process.execPath, [nextCommand(cwd), "start", "-H", "127.0.0.1", "-p", String(port)], {
    cwd,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NODE_OPTIONS: `--require ${path.join(PROJECT_DIR, "bench/count-modules.cjs")}`,
      MODULES_FILE: modulesFile,
      NEXT_TELEMETRY_DISABLED: "1",
      ...env,
    },
    lifeline: "pipe",
  });
  await until(child, () => post(`http://127.0.0.1:${port}`, delivery));
  const ms = performance.now() - startedAt;
  await child.end(["SIGTERM"], STOP_PATIENCE_MS);
  const counts = (await readFile(modulesFile, "utf8")).trim().split("\n").map(Number);
  return { ms, modules: Math.max(...counts) };
}

/** Of the code that the build says the route needs, chunks of ours and what is left of packages. */
async function bytesOfRoute({ cwd, route }: Server): Promise<number> {
  const trace = path.join(cwd, ".next/server/app", `${route}/route.js.nft.json`);
  const { files } = JSON.parse(await readFile(trace, "utf8")) as { files: string[] };
  const code = files.filter((file) => /\.[cm]?js$/.test(file)).map((file) => path.resolve(path.dirname(trace), file));
  const sizes = await Promise.all(code.map(async (file) => (await stat(file)).size));
  return sizes.reduce((total, size) => total + size, 0);
}

async function startDev(folder: string): Promise<{ readyMs: number; pageMs: number }> {
  await copyProject(folder);
  const port = await freePort();
  const startedAt = performance.now();
  const child = startChild("npm", ["run", "dev"], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), NODE_ENV: "development" },
    lifeline: "pipe",
  });
  try {
    await until(child, async () => child.output().includes(`http://localhost:${port}`));
    const readyMs = Math.round(performance.now() - startedAt);
    await until(child, () => fetch(`http://localhost:${port}/`).then(({ ok }) => ok));
    return { readyMs, pageMs: Math.round(performance.now() - startedAt) };
  } finally {
    await child.end(["SIGINT"], STOP_PATIENCE_MS * 3);
  }
}

/** @throws where the process ends before, or it takes too long */
async function until(child: Child, isSo: () => Promise<boolean>): Promise<void> {
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  const startedAt = Date.now();
  while (!(await isSo().catch(() => false))) {
    if (hasEnded || Date.now() - startedAt > GIVEN_UP_AFTER_MS) throw new Error(child.output());
    await sleep(ASK_EVERY_MS);
  }
}
