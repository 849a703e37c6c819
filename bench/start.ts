/**
 * How soon a process that has just been started takes a webhook: `npm run bench:start`, after `npm run build`. Time runs from
 * the start of the process, by `next start` and as the image does it, until a signed delivery has its 2xx, beside the smallest
 * app of the same Next whose route does nothing, in turn. Then how long `npm run dev` takes on a copy of the project that was
 * never run, until its first page is there. Exits 1 where the bar is missed. `--rounds=<n>` does as it says.
 */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";
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

const { values: options } = parseArgs({ options: { rounds: { type: "string", default: "15" } } });
const rounds = Number(options.rounds);

const run = promisify(execFile);

interface App {
  name: string;
  /** The folders of its builds: the one for `next start`, and the one that runs alone. */
  folder: string;
  standaloneFolder: string;
  /** Its route, below a build's `server/app`. */
  route: string;
  env: Record<string, string>;
  next: () => Delivery;
}

interface Way {
  name: string;
  command: (app: App, port: number) => { cwd: string; args: string[] };
}

const WAYS: Way[] = [
  {
    name: "next start",
    command: ({ folder }, port) => ({
      cwd: folder,
      args: [nextCommand(folder), "start", "-H", "127.0.0.1", "-p", String(port)],
    }),
  },
  {
    name: "as the image",
    command: ({ standaloneFolder }) => ({
      cwd: path.join(standaloneFolder, ".next/standalone"),
      args: ["server.js"],
    }),
  },
];

await runScript(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-start-"));
  const postgres = await startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: true });
  try {
    const noOpFolder = path.join(folder, "no-op");
    await buildNoOpApp(noOpFolder);
    const noOpStandaloneFolder = path.join(folder, "no-op-standalone");
    await buildNoOpApp(noOpStandaloneFolder, { isStandalone: true });
    const standaloneFolder = path.join(folder, "standalone");
    await copyProject(standaloneFolder);
    await run("npm", ["run", "build:standalone"], { cwd: standaloneFolder, maxBuffer: 64_000_000 });
    const databaseUrl = await createOurDatabase(postgres.url, rounds * WAYS.length + 1);
    let task = 0;
    const deliver = (route: string) => {
      task += 1;
      const [delivery] = makeDeliveries(route, task, 1);
      if (!delivery) throw new Error("There is no delivery to send.");
      return delivery;
    };
    const ours: App = {
      name: "this app",
      folder: PROJECT_DIR,
      standaloneFolder,
      route: WEBHOOK_PATH,
      env: appEnv(databaseUrl),
      next: () => deliver(WEBHOOK_PATH),
    };
    const [anything] = makeDeliveries(NO_OP_PATH, 1, 1);
    if (!anything) throw new Error("There is no delivery to send.");
    const noOp: App = {
      name: "Next, a route that does nothing",
      folder: noOpFolder,
      standaloneFolder: noOpStandaloneFolder,
      route: NO_OP_PATH,
      env: {},
      next: () => anything,
    };
    const measured = WAYS.map((way) => ({ way, ofOurs: [] as Start[], ofNoOp: [] as Start[] }));
    for (let round = 0; round < rounds; round += 1) {
      for (const { way, ofOurs, ofNoOp } of measured) {
        ofOurs.push(await start(ours, way, folder));
        ofNoOp.push(await start(noOp, way, folder));
      }
    }
    const row = async (app: App, way: Way, starts: Start[]) => [
      `${app.name}, ${way.name}`,
      medianMs(starts).toFixed(0),
      Math.max(...starts.map(({ ms }) => ms)).toFixed(0),
      median(starts.map(({ modules }) => modules)),
      ((await bytesOfRoute(app)) / 1000).toFixed(0),
    ];
    const rows = await Promise.all(
      measured.flatMap(({ way, ofOurs, ofNoOp }) => [row(ours, way, ofOurs), row(noOp, way, ofNoOp)]),
    );
    console.info(
      textTable(["from nothing to a webhook's 2xx", "median, ms", "worst, ms", "modules", "kB of the route"], rows),
    );
    const ratios = measured.map(({ ofOurs, ofNoOp }) => medianRatio(ofOurs, ofNoOp));
    measured.forEach(({ way }, at) => {
      console.info(`We take ${ratios[at]?.toFixed(2)} times as long, ${way.name}.`);
    });

    const dev = await startDev(path.join(folder, "project"));
    console.info(
      `\`npm run dev\` on a fresh copy: ${dev.readyMs} ms until it says so, ${dev.pageMs} ms to the first page.`,
    );
    return ratios.every((ratio) => ratio <= BAR) ? 0 : 1;
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

function medianMs(starts: Start[]): number {
  return median(starts.map(({ ms }) => ms));
}

/** Of each start and the one that came right after it: the machine is not as fast in each round. */
function medianRatio(starts: Start[], rivals: Start[]): number {
  return median(starts.map(({ ms }, round) => ms / (rivals[round]?.ms ?? 0)));
}

async function start(app: App, way: Way, folder: string): Promise<Start> {
  const port = await freePort();
  const modulesFile = path.join(folder, randomUUID());
  const delivery = app.next();
  const { cwd, args } = way.command(app, port);
  const startedAt = performance.now();
  const child = startChild(process.execPath, args, {
    cwd,
    env: {
      ...process.env,
      NODE_ENV: "production",
      NODE_OPTIONS: `--require ${path.join(PROJECT_DIR, "bench/count-modules.cjs")}`,
      MODULES_FILE: modulesFile,
      NEXT_TELEMETRY_DISABLED: "1",
      HOSTNAME: "127.0.0.1",
      PORT: String(port),
      ...app.env,
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
async function bytesOfRoute({ folder, route }: App): Promise<number> {
  const trace = path.join(folder, ".next/server/app", `${route}/route.js.nft.json`);
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
