import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { type App, type AppOptions, startApp } from "@/scripts/local/app-process";
import { freePort } from "@/scripts/local/free-port";
import { type PgBouncer, requirePgBouncer, startPgBouncer } from "@/scripts/local/pgbouncer";
import { startSandbox } from "@/scripts/local/sandbox-process";
import { testDatabaseServer } from "@/scripts/local/test-database";

/** The whole product as it is in production, and what stands around it. */
export interface Stack {
  app: App;
  sandboxUrl: string;
  webhookSecret: string;
  databaseUrl: string;
  /** Another copy of the app on this database and sandbox, with other variables; an empty one counts as unset. */
  startAppWith(env: Record<string, string>, port?: number, mode?: AppOptions["mode"]): Promise<App>;
  stop(): Promise<void>;
}

/** Jobs take a fraction of a second, and a webhook is tried again at once. */
const SANDBOX_ENV = { SANDBOX_SPEED: "20", SANDBOX_RETRY_BASE_MS: "50", SANDBOX_RATE_LIMIT: "0" };

/**
 * `sandboxEnv` and `appEnv` are variables of the sandbox and the app besides those that every stack has. With `databaseUrl` it
 * stands on a database that is there already, and leaves it.
 */
export async function startStack({
  sandboxEnv = {},
  appEnv = {},
  databaseUrl,
}: {
  sandboxEnv?: Record<string, string>;
  appEnv?: Record<string, string>;
  databaseUrl?: string;
} = {}): Promise<Stack> {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-e2e-"));
  const webhookSecret = `sk_whsec_${randomBytes(32).toString("hex")}`;
  const [server, sandbox] = await Promise.all([
    databaseUrl ? { url: databaseUrl, stop: async () => {} } : testDatabaseServer(process.env.TEST_DATABASE_URL),
    startSandbox({
      webhookSecret,
      stateFile: path.join(folder, "sandbox.jsonl"),
      env: { ...SANDBOX_ENV, ...sandboxEnv },
    }),
  ]);
  const database = databaseUrl ? { url: databaseUrl, drop: async () => {} } : await createDatabase(server.url);
  const pooler = await startPoolerWhereAsked(database.url);
  const startAppWith: Stack["startAppWith"] = async (env, port, mode = "start") =>
    startApp({
      mode,
      port: port ?? (await freePort()),
      env: {
        ...(pooler
          ? { DATABASE_URL: pooler.url, DATABASE_POOLED: "true", DATABASE_URL_UNPOOLED: database.url }
          : { DATABASE_URL: database.url }),
        SIXTYFOUR_API_KEY: "sandbox",
        SIXTYFOUR_API_URL: sandbox.url,
        SIXTYFOUR_WEBHOOK_SECRET: webhookSecret,
        APP_URL: "",
        ACCESS: "open",
        CRON_SECRET: "",
        METRICS_TOKEN: "",
        LOG_LEVEL: "error",
        ...env,
      },
    });
  const app = await startAppWith(appEnv);
  return {
    app,
    sandboxUrl: sandbox.url,
    webhookSecret,
    databaseUrl: database.url,
    startAppWith,
    async stop() {
      await app.stop();
      await sandbox.stop();
      await pooler?.stop();
      await database.drop();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** With E2E_POOLED the app reaches its database through a PgBouncer that has one connection for it. */
async function startPoolerWhereAsked(databaseUrl: string): Promise<PgBouncer | undefined> {
  if (!process.env.E2E_POOLED) return undefined;
  return startPgBouncer(databaseUrl, { file: requirePgBouncer(), poolSize: 1 });
}

async function createDatabase(serverUrl: string): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `e2e_${randomUUID().replaceAll("-", "")}`;
  const run = async (statement: (sql: postgres.Sql) => postgres.PendingQuery<postgres.Row[]>) => {
    const sql = postgres(serverUrl, { max: 1, onnotice: () => {} });
    await statement(sql);
    await sql.end();
  };
  await run((sql) => sql`create database ${sql(name)}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  return { url: url.href, drop: () => run((sql) => sql`drop database if exists ${sql(name)} with (force)`) };
}
