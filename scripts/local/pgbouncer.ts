import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ConfigError } from "@/lib/errors";
import { type Child, RUN_WITH_WATCHER, startChild } from "@/scripts/local/child-process";
import { freePort, portState } from "@/scripts/local/free-port";
import { postgresUser } from "@/scripts/local/postgres-user";
import { asRoot, onPath, warnIfFailed } from "@/scripts/local/system-command";

const READY_WITHIN_MS = 20_000;
const STOP_PATIENCE_MS = 5_000;
const INSTALL_TIMEOUT_MS = 5 * 60_000;
const MAX_PREPARED_STATEMENTS = 200;
/** Folders for administrators are not on everybody's PATH. */
const ADMIN_FOLDERS = ["/usr/sbin", "/usr/local/sbin"];

export interface PgBouncer {
  /** The given address, through the pooler. */
  url: string;
  /** The last part of the pooler's log. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * Starts a PgBouncer in transaction mode before a Postgres server, on a port of 127.0.0.1. It lets everybody in as the
 * user of the given address, keeps `poolSize` connections for each database, and ends with this process.
 *
 * @param file the program, as `findPgBouncer` returns it
 * @throws ConfigError where it does not start.
 */
export async function startPgBouncer(
  databaseUrl: string,
  { file, poolSize, port }: { file: string; poolSize: number; port?: number },
): Promise<PgBouncer> {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-pgbouncer-"));
  try {
    const url = new URL(databaseUrl);
    url.hostname = "127.0.0.1";
    url.port = String(port ?? (await freePort()));
    const configFile = path.join(folder, "pgbouncer.ini");
    await writeFile(configFile, configuration(file, new URL(databaseUrl), url.port, poolSize), { mode: 0o600 });
    const child = await startAsOrdinaryUser(file, configFile, folder);
    await becomesReady(child, Number(url.port));
    return {
      url: url.href,
      output: child.output,
      async stop() {
        // At SIGINT it waits for clients; at SIGTERM it ends at once.
        await child.end(["SIGTERM"], STOP_PATIENCE_MS);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A PgBouncer that runs on this machine, or `undefined` where there is none. */
export function findPgBouncer(): string | undefined {
  const file = onPath("pgbouncer", ADMIN_FOLDERS);
  return file && spawnSync(file, ["--version"], { stdio: "ignore" }).status === 0 ? file : undefined;
}

/** @throws ConfigError where there is none. */
export function requirePgBouncer(): string {
  const file = findPgBouncer();
  if (!file)
    throw new ConfigError("There is no PgBouncer on this machine. Install it, as with apt-get install pgbouncer.");
  return file;
}

/** As `findPgBouncer`; where there is none, tries to install one and says so. */
export function ensurePgBouncer(): string | undefined {
  const found = findPgBouncer();
  if (found || !onPath("apt-get")) return found;
  console.info("No PgBouncer was found: installing it with apt-get …");
  for (const step of [["update"], ["install", "-y", "--no-install-recommends", "pgbouncer"]]) {
    // Debian would start a pooler of its own.
    const variables = ["DEBIAN_FRONTEND=noninteractive", "SYSTEMD_OFFLINE=1"];
    const [command, ...args] = asRoot(["env", ...variables, "apt-get", ...step]);
    warnIfFailed(spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"], timeout: INSTALL_TIMEOUT_MS }));
  }
  return findPgBouncer();
}

/** True from version 1.21 on, which follows a client's prepared statements from server to server. */
export function canKeepStatements(file: string): boolean {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8" });
  const [, major = "0", minor = "0"] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
  return Number(major) > 1 || Number(minor) >= 21;
}

function configuration(file: string, server: URL, port: string, poolSize: number): string {
  const quoted = (value: string) => `'${decodeURIComponent(value).replaceAll("'", "''")}'`;
  const settings = {
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "any",
    pool_mode: "transaction",
    default_pool_size: poolSize,
    max_client_conn: 500,
    // It would wait 15 seconds before it tries a server again that was away.
    server_login_retry: 1,
    ...(canKeepStatements(file) && { max_prepared_statements: MAX_PREPARED_STATEMENTS }),
  };
  return [
    "[databases]",
    `* = host=${server.hostname} port=${server.port || 5432} user=${quoted(server.username)} password=${quoted(server.password)}`,
    "[pgbouncer]",
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    "",
  ].join("\n");
}

/** PgBouncer refuses to run as root, as Postgres does. */
async function startAsOrdinaryUser(file: string, configFile: string, folder: string): Promise<Child> {
  const user = await postgresUser(path.join(folder, "owner"));
  await user.own(folder);
  const { command, args, ...identity } = user.command("/bin/sh", ["-c", RUN_WITH_WATCHER, "sh", file, configFile]);
  return startChild(command, args, { cwd: "/", env: process.env, lifeline: "pipe", ...identity });
}

async function becomesReady(child: Child, port: number): Promise<void> {
  let endedBecause: string | undefined;
  void child.ended.then((words) => {
    endedBecause = words;
  });
  const startedAt = Date.now();
  while (Date.now() - startedAt < READY_WITHIN_MS && !endedBecause) {
    if ((await portState(port)) === "taken") return;
    await sleep(20);
  }
  await child.end(["SIGTERM"], STOP_PATIENCE_MS);
  throw new ConfigError(`PgBouncer ${endedBecause ?? "did not become ready"}. It wrote:\n${child.output()}`);
}
