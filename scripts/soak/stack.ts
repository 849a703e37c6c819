import { randomBytes } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "@/lib/errors";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type App, startApp } from "@/scripts/local/app-process";
import { applyMigrations } from "@/scripts/local/database-setup";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { freePort } from "@/scripts/local/free-port";
import { requirePgBouncer, startPgBouncer } from "@/scripts/local/pgbouncer";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { startSandbox } from "@/scripts/local/sandbox-process";

/** The product as in production, whose app and database can be made to fail. */
export interface FailingStack {
  /** Of the first copy of the app. */
  appUrl: string;
  /** Of all copies. */
  appUrls: string[];
  /** Of the first copy's process group, as it runs now. */
  appPid(): number;
  webhookSecret: string;
  sandbox: SandboxControl;
  /** kill -9, and a start on the same port at once; of several copies each in turn. */
  killApp(): Promise<void>;
  /** Stops Postgres for so long, and starts it again under the same URL. */
  stopDatabase(seconds: number): Promise<void>;
  /** How the app ended where nobody killed it: none is right. */
  crashes: string[];
  /** All that the app has written. */
  logFile: string;
  stop(options: { keepLog: boolean }): Promise<void>;
}

/**
 * Starts Postgres, sandbox and the last build on this machine. Nothing of it outlives this process.
 *
 * @param env more variables for the app
 * @throws ConfigError where there is no build, or a part can't start.
 */
export async function startFailingStack(options: {
  /** Copies of the app, all on the one database. */
  instances: number;
  /** Whether webhooks are signed. */
  signed: boolean;
  /** The app reaches its database through a PgBouncer that has one connection for all copies. */
  pooled?: boolean;
  sandboxEnv: Record<string, string>;
  appEnv: Record<string, string>;
}): Promise<FailingStack> {
  if (!existsSync(path.join(PROJECT_DIR, ".next/BUILD_ID"))) {
    throw new ConfigError("There is no build of the app yet: run `npm run build` first.");
  }
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-soak-"));
  const logFile = path.join(folder, "app.log");
  const log = createWriteStream(logFile);
  const webhookSecret = options.signed ? `sk_whsec_${randomBytes(32).toString("hex")}` : "";
  const databasePort = await freePort();
  const startDatabase = () =>
    startEmbeddedPostgres({ dataDir: path.join(folder, "postgres"), durable: true, port: databasePort });

  let database = await startDatabase();
  const { url: databaseUrl } = database;
  await applyMigrations(databaseUrl);
  const pooler = options.pooled
    ? await startPgBouncer(databaseUrl, { file: requirePgBouncer(), poolSize: 1 })
    : undefined;
  const sandbox = await startSandbox({
    webhookSecret,
    stateFile: path.join(folder, "sandbox.jsonl"),
    env: options.sandboxEnv,
  });

  const crashes: string[] = [];
  const startCopy = async () => {
    const port = await freePort();
    let wanted: App | undefined;
    const start = async () => {
      const app = await startApp({
        mode: "start",
        port,
        env: {
          DATABASE_URL: pooler?.url ?? databaseUrl,
          DATABASE_POOLED: pooler ? "true" : "",
          SIXTYFOUR_API_KEY: "sandbox",
          SIXTYFOUR_API_URL: sandbox.url,
          SIXTYFOUR_WEBHOOK_SECRET: webhookSecret,
          APP_URL: "",
          ACCESS: "open",
          CRON_SECRET: "",
          ...options.appEnv,
        },
        onOutput: (text) => log.write(text),
      });
      wanted = app;
      void app.ended.then((words) => {
        if (wanted === app) crashes.push(words);
      });
    };
    const end = async (how: "kill" | "stop") => {
      const app = wanted;
      wanted = undefined;
      await app?.[how]();
    };
    await start();
    return { url: `http://localhost:${port}`, pid: () => wanted?.pid ?? 0, start, end };
  };
  const copies: Awaited<ReturnType<typeof startCopy>>[] = [];
  for (let number = 0; number < options.instances; number += 1) copies.push(await startCopy());
  const [first] = copies;
  if (!first) throw new Error("A stack has at least one copy of the app.");
  let kills = 0;

  return {
    appUrl: first.url,
    appUrls: copies.map(({ url }) => url),
    appPid: first.pid,
    webhookSecret,
    sandbox: createSandboxControl(sandbox.url),
    async killApp() {
      const copy = copies[kills % copies.length];
      kills += 1;
      log.write("\n── killed with -9\n");
      await copy?.end("kill");
      await copy?.start();
    },
    async stopDatabase(seconds) {
      log.write("\n── the database is stopped\n");
      await database.stop();
      await sleep(seconds * 1000);
      database = await startDatabase();
      log.write("\n── the database is back\n");
    },
    crashes,
    logFile,
    async stop({ keepLog }) {
      for (const copy of copies) await copy.end("stop");
      await sandbox.stop();
      await pooler?.stop();
      await database.stop();
      await new Promise((resolve) => log.end(resolve));
      if (keepLog) await rm(path.join(folder, "postgres"), { recursive: true, force: true });
      else await rm(folder, { recursive: true, force: true });
    },
  };
}
