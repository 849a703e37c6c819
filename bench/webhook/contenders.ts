import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { buildApp, buildNoOpApp, NO_OP_PATH, nextCommand } from "@/bench/no-op-app";
import { seedTasks } from "@/bench/seed-tasks";
import { SECRET, seedRunningTasks } from "@/bench/webhook/deliveries";
import { migrateDatabase } from "@/db/migrate";
import { WEBHOOK_PATH } from "@/lib/env";
import { startApp } from "@/scripts/local/app-process";
import { startChild } from "@/scripts/local/child-process";
import { freePort } from "@/scripts/local/free-port";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const run = promisify(execFile);
const RIVALS = path.join(PROJECT_DIR, "bench/rivals");

/** A database that was just made has no statistics, and plans for none are kept: so each has some history. */
const TASKS_BEFORE = 20_000;

const OURS_ENDED = "select count(*)::int from tasks where status = 'completed' and sixtyfour_task_id like 'door_%'";

/** A server that takes webhooks, with a database of its own and tasks that wait for them. */
export interface Contender {
  name: string;
  origin: string;
  path: string;
  /** How many of its tasks have ended; null for the one that stores nothing. */
  countEnded(): Promise<number | null>;
  stop(): Promise<void>;
}

/** Our route, as it is deployed. */
export async function startOurs(serverUrl: string, tasks: number): Promise<Contender> {
  const databaseUrl = await createOurDatabase(serverUrl, tasks);
  const app = await startApp({
    mode: "start",
    port: await freePort(),
    env: { ...appEnv(databaseUrl), LOG_LEVEL: process.env.LOG_LEVEL },
  });
  return {
    name: "this app",
    origin: app.url,
    path: WEBHOOK_PATH,
    countEnded: () => count(databaseUrl, OURS_ENDED),
    stop: app.stop,
  };
}

/** The variables that the app needs, with nobody to send anything to. */
export function appEnv(databaseUrl: string): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SIXTYFOUR_API_KEY: "none",
    SIXTYFOUR_API_URL: "http://127.0.0.1:9",
    SIXTYFOUR_WEBHOOK_SECRET: SECRET,
    APP_URL: "",
    ACCESS: "open",
  };
}

/** A route of Next that does nothing: what is left for all the rest. */
export async function startNoOp(folder: string): Promise<Contender> {
  await buildNoOpApp(folder);
  const port = await freePort();
  const server = await startServer([nextCommand(folder), "start", "-H", "localhost", "-p", String(port)], {
    cwd: folder,
    origin: `http://localhost:${port}`,
  });
  return { name: "Next, a route that does nothing", path: NO_OP_PATH, countEnded: async () => null, ...server };
}

/** Express and pg, as a customer would write it. Its packages come from the registry, since only this needs them. */
export async function startExpress(serverUrl: string, folder: string, tasks: number): Promise<Contender> {
  await cp(path.join(RIVALS, "express"), folder, { recursive: true });
  await run("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], { cwd: folder });
  const databaseUrl = await createDatabase(serverUrl);
  const sql = postgres(databaseUrl, { max: 1 });
  await sql.unsafe(await readFile(path.join(folder, "schema.sql"), "utf8"));
  await sql`insert into jobs (task_id, lead) select 'door_' || n, '{}' from generate_series(1, ${tasks}) as n`;
  await sql`insert into jobs (task_id, lead, status, result, completed_at)
    select 'job_' || n, '{}', 'completed', '{"found": true}', now() from generate_series(1, ${TASKS_BEFORE}) as n`;
  await sql`insert into webhook_events (event_id, task_id, attempt, payload)
    select 'event_' || n, 'job_' || n, 1, convert_to(repeat('{}', 15), 'UTF8') from generate_series(1, ${TASKS_BEFORE}) as n`;
  await sql`vacuum analyze`;
  await sql.end();
  const port = await freePort();
  const server = await startServer([path.join(folder, "server.mjs")], {
    cwd: folder,
    origin: `http://127.0.0.1:${port}`,
    env: { DATABASE_URL: databaseUrl, WEBHOOK_SECRET: SECRET, PORT: String(port) },
  });
  return {
    name: "Express 5 with pg",
    path: "/webhook",
    countEnded: () =>
      count(databaseUrl, "select count(*)::int from jobs where status = 'completed' and task_id like 'door_%'"),
    ...server,
  };
}

/** A route handler of Next with a Drizzle transaction, as a customer would write it with this app's guarantees. */
export async function startDrizzleRoute(serverUrl: string, folder: string, tasks: number): Promise<Contender> {
  const rival = path.join(RIVALS, "drizzle-route");
  const route = "app/webhook/route.js";
  await buildApp(folder, { [route]: await readFile(path.join(rival, route), "utf8") });
  const databaseUrl = await createDatabase(serverUrl);
  const sql = postgres(databaseUrl, { max: 1 });
  await sql.unsafe(await readFile(path.join(rival, "schema.sql"), "utf8"));
  const insertJobs = (prefix: string, status: string, count: number) => sql`
    insert into jobs (task_id, token_hash, lead, status)
    select ${prefix}::text || '_' || n, sha256(convert_to(case when ${prefix} = 'door' then 'token_' else 'other_' end || n, 'UTF8')),
      '{}', ${status} from generate_series(1, ${count}) as n`;
  await insertJobs("job", "completed", TASKS_BEFORE);
  await insertJobs("door", "running", tasks);
  await sql`insert into webhook_events (event_id, task_id, attempt, outcome, headers, payload, payload_sha256)
    select 'event_' || n, 'job_' || n, 1, 'applied', '{}', convert_to(repeat('{}', 15), 'UTF8'), sha256('{}')
    from generate_series(1, ${TASKS_BEFORE}) as n`;
  await sql`insert into job_history (job_id, type, detail) select id, 'ended', '{}' from jobs where status = 'completed'`;
  await sql`vacuum analyze`;
  await sql.end();
  const port = await freePort();
  const server = await startServer([nextCommand(folder), "start", "-H", "localhost", "-p", String(port)], {
    cwd: folder,
    origin: `http://localhost:${port}`,
    env: { DATABASE_URL: databaseUrl, WEBHOOK_SECRET: SECRET },
  });
  return {
    name: "Next and Drizzle, a transaction",
    path: "/webhook",
    countEnded: () =>
      count(databaseUrl, "select count(*)::int from jobs where status = 'completed' and task_id like 'door_%'"),
    ...server,
  };
}

/** Another version of this app, from a checkout that is built. */
export async function startOtherVersion(serverUrl: string, folder: string, tasks: number): Promise<Contender> {
  const databaseUrl = await createOurDatabase(serverUrl, tasks);
  const port = await freePort();
  const server = await startServer([nextCommand(folder), "start", "-H", "localhost", "-p", String(port)], {
    cwd: folder,
    origin: `http://localhost:${port}`,
    env: { ...appEnv(databaseUrl), PORT: String(port) },
  });
  return {
    name: "the other version",
    path: WEBHOOK_PATH,
    countEnded: () => count(databaseUrl, OURS_ENDED),
    ...server,
  };
}

/** @returns the address of a new database of ours, with tasks that run and others that have ended */
export async function createOurDatabase(serverUrl: string, tasks: number): Promise<string> {
  const databaseUrl = await createDatabase(serverUrl);
  await migrateDatabase(databaseUrl);
  await seedTasks(databaseUrl, TASKS_BEFORE);
  await seedRunningTasks(databaseUrl, tasks);
  return databaseUrl;
}

async function createDatabase(serverUrl: string): Promise<string> {
  const name = `bench_${randomUUID().replaceAll("-", "")}`;
  const sql = postgres(serverUrl, { max: 1 });
  await sql`create database ${sql(name)}`;
  await sql.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function startServer(
  args: string[],
  given: { cwd: string; origin: string; env?: Record<string, string> },
): Promise<Pick<Contender, "origin" | "stop">> {
  const child = startChild(process.execPath, args, {
    cwd: given.cwd,
    env: { ...process.env, NODE_ENV: "production", ...given.env },
    lifeline: "pipe",
  });
  let hasEnded = false;
  void child.ended.then(() => {
    hasEnded = true;
  });
  while (!(await fetch(given.origin).then(Boolean, () => false))) {
    if (hasEnded) throw new Error(`A server ended before it answered:\n${child.output()}`);
    await sleep(100);
  }
  return { origin: given.origin, stop: () => child.end(["SIGTERM"], 10_000) };
}

async function count(databaseUrl: string, query: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 });
  const [row] = await sql.unsafe<{ count: number }[]>(query);
  await sql.end();
  return row?.count ?? 0;
}
