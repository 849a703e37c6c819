import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ConfigError } from "@/lib/errors";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { freePort } from "@/scripts/local/free-port";

const PROJECT_DIR = fileURLToPath(new URL("../..", import.meta.url));
const TIMEOUT_MS = 60_000;

/** Starts a database as `npm run dev` does, acknowledges one row to us and waits to be killed. */
const OWNER_SCRIPT = `
  import postgres from "postgres";
  import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
  const database = await startEmbeddedPostgres({ dataDir: process.argv[1], durable: true });
  const sql = postgres(database.url, { onnotice: () => {} });
  await sql\`create table if not exists leads (name text)\`;
  await sql\`insert into leads values ('Ada')\`;
  process.send(database.pid);
  setInterval(() => {}, 1000);
`;

let folder: string;
let dataDir: string;
let running: { stop(): Promise<void> }[];
let owners: ChildProcess[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "embedded-postgres-"));
  dataDir = path.join(folder, "postgres");
  running = [];
  owners = [];
});

afterEach(async () => {
  for (const owner of owners) owner.kill("SIGKILL");
  for (const database of running) await database.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function start(durable = true): Promise<EmbeddedPostgres> {
  const database = await startEmbeddedPostgres({ dataDir, durable });
  running.push(database);
  return database;
}

async function startOwner(): Promise<{ owner: ChildProcess; serverPid: number }> {
  const owner = spawn(
    process.execPath,
    ["--import", "tsx", "--input-type=module", "--eval", OWNER_SCRIPT.replaceAll("@/", `${PROJECT_DIR}/`), dataDir],
    { cwd: PROJECT_DIR, stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  owners.push(owner);
  const [serverPid] = await Promise.race([
    once(owner, "message"),
    once(owner, "exit").then(([code]) => Promise.reject(new Error(`the owner ended with code ${code}`))),
  ]);
  return { owner, serverPid: Number(serverPid) };
}

async function killOwner(owner: ChildProcess): Promise<void> {
  const exit = once(owner, "exit");
  owner.kill("SIGKILL");
  await exit;
}

async function leadNames(url: string): Promise<string[]> {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ name: string }[]>`select name from leads`.finally(() => sql.end());
  return rows.map(({ name }) => name);
}

test("a restart loses nothing", { timeout: TIMEOUT_MS }, async () => {
  const first = await start();
  const sql = postgres(first.url, { max: 1 });
  await sql`create table leads (name text)`;
  await sql`insert into leads values ('Ada')`;
  await sql.end();
  await first.stop();

  const second = await start();
  expect(await leadNames(second.url)).toEqual(["Ada"]);
});

test("a second copy on the same data folder is refused by the folder's name", { timeout: TIMEOUT_MS }, async () => {
  const { owner } = await startOwner();

  const refusal = await start().catch((error: unknown) => error);

  expect(refusal).toBeInstanceOf(ConfigError);
  expect(String(refusal)).toContain(`${dataDir} is in use by another copy of this app (process ${owner.pid})`);
});

test("of two first starts at the same moment, one wins and one is refused", { timeout: TIMEOUT_MS }, async () => {
  const outcomes = await Promise.allSettled([start(false), start(false)]);

  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refusal = outcomes.find((outcome) => outcome.status === "rejected");
  expect(String(refusal?.reason)).toContain("is in use by another copy of this app");
});

test("after kill -9 of the app, the next start has every acknowledged row", { timeout: TIMEOUT_MS }, async () => {
  const { owner } = await startOwner();
  await killOwner(owner);

  const next = await start();
  expect(await leadNames(next.url)).toEqual(["Ada"]);
});

test("after kill -9 of app and Postgres, the next start has every acknowledged row", {
  timeout: TIMEOUT_MS,
}, async () => {
  const { owner, serverPid } = await startOwner();
  process.kill(serverPid, "SIGKILL");
  await killOwner(owner);

  const next = await start();
  expect(await leadNames(next.url)).toEqual(["Ada"]);
});

test("a first start that was killed halfway does not stand in the way", { timeout: TIMEOUT_MS }, async () => {
  const idOfNoProcess = 2 ** 22 + 1;
  const draft = `${dataDir}.draft-${idOfNoProcess}-0badcafe`;
  await mkdir(path.join(draft, "data"), { recursive: true });
  await writeFile(path.join(draft, "data", "PG_VERSION"), "18\n");

  const database = await start(false);
  await database.stop();
  expect(await readdir(folder)).toEqual(["postgres"]);
});

test("a folder with other things in it is refused and left alone", { timeout: TIMEOUT_MS }, async () => {
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, "thesis.txt"), "");

  await expect(start()).rejects.toThrow(`The folder ${dataDir} is not empty and holds no Postgres database.`);
  expect(await readdir(dataDir)).toEqual(["thesis.txt"]);
});

test("data of another Postgres version are refused by both versions", { timeout: TIMEOUT_MS }, async () => {
  await mkdir(dataDir);
  await writeFile(path.join(dataDir, "PG_VERSION"), "12\n");

  await expect(start()).rejects.toThrow(/was made by Postgres 12, but Postgres 18 is installed/);
});

test("on a fixed port, a server that was stopped comes back under the same address", {
  timeout: TIMEOUT_MS,
}, async () => {
  const port = await freePort();
  const first = await startEmbeddedPostgres({ dataDir, durable: false, port });
  await first.stop();

  const second = await startEmbeddedPostgres({ dataDir, durable: false, port });
  await second.stop();
  expect(second.url).toBe(first.url);
  expect(new URL(second.url).port).toBe(String(port));
});
