import { mkdir, realpath } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { ConfigError } from "@/lib/errors";
import { type Child, RUN_WITH_WATCHER, startChild } from "@/scripts/local/child-process";
import { postgresEnvironment, prepareDataFolder } from "@/scripts/local/data-folder";
import { clearOccupant, holdOwnership, ownerArguments, serverUrl } from "@/scripts/local/data-folder-occupant";
import { freePort } from "@/scripts/local/free-port";
import { type PostgresBinaries, postgresBinaries } from "@/scripts/local/postgres-binaries";
import { type PostgresUser, postgresUser } from "@/scripts/local/postgres-user";

const DATABASE = "sixtyfour";
const READY = "database system is ready to accept connections";
const READY_WITHIN_MS = 120_000;
const SIGNAL_PATIENCE_MS = 10_000;
const START_ATTEMPTS = 5;
const RETRY_PAUSE_MS = 300;

export interface EmbeddedPostgresOptions {
  /** Made on the first start; its parents too. */
  dataDir: string;
  /** `false` trades surviving a power cut for speed, for tests only. */
  durable: boolean;
  /** Any free one by default. A fixed one keeps the URL the same when the server is started again. */
  port?: number;
  /** Told what takes its time. */
  log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Of the database `sixtyfour`, as its superuser. */
  url: string;
  /** Process id of the server. */
  pid: number;
  /** Resolves to words for how the server ended, whether we stopped it or not. */
  ended: Promise<string>;
  /** Ends all connections, writes everything down and resolves when the server is gone. */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres that came with npm on a data folder, on a port of 127.0.0.1 and with a password of the
 * folder's own. It ends with this process, even if that is killed; what was acknowledged is there at the next start.
 *
 * @throws ConfigError naming the folder, where another copy of the app uses it or Postgres can't.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await postgresBinaries();
  await mkdir(path.dirname(options.dataDir), { recursive: true });
  const dataDir = path.join(await realpath(path.dirname(options.dataDir)), path.basename(options.dataDir));
  const user = await postgresUser(dataDir);
  await user.mustReach(binaries.postgres);
  const log = options.log ?? (() => {});
  const password = await prepareDataFolder({ dataDir, durable: options.durable, binaries, user, log });

  const { server, port } = await startServer({
    dataDir,
    durable: options.durable,
    fixedPort: options.port,
    binaries,
    user,
    password,
  });
  try {
    const ownership = await holdOwnership(serverUrl(port, password, "postgres"), server.ended);
    await createDatabase(serverUrl(port, password, "postgres"));
    let stopping: Promise<void> | undefined;
    return {
      url: serverUrl(port, password, DATABASE),
      pid: server.process.pid ?? 0,
      ended: server.ended,
      stop() {
        stopping ??= ownership.release().then(() => stopServer(server, binaries, dataDir));
        return stopping;
      },
    };
  } catch (error) {
    await stopServer(server, binaries, dataDir);
    throw error;
  }
}

interface ServerOptions {
  dataDir: string;
  durable: boolean;
  fixedPort: number | undefined;
  binaries: PostgresBinaries;
  user: PostgresUser;
  password: string;
}

/** Another copy may start on the folder, or another program take the port, between our look and our start. */
async function startServer(options: ServerOptions): Promise<{ server: Child; port: number }> {
  let reason = "";
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    await clearOccupant(options.dataDir, options.password);
    const port = options.fixedPort ?? (await freePort());
    const server = spawnServer(options, port);
    const failure = await ready(server);
    if (!failure) return { server, port };
    await stopServer(server, options.binaries, options.dataDir);
    reason = failure;
    const mayPass = /lock file|could not bind|could not create any TCP|pre-existing shared memory/.test(
      server.output(),
    );
    if (!mayPass) break;
    await sleep(RETRY_PAUSE_MS);
  }
  throw new ConfigError(`Postgres could not start on the data folder ${options.dataDir}: ${reason}`);
}

function spawnServer({ dataDir, durable, binaries, user }: ServerOptions, port: number): Child {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    timezone: "UTC",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const serverArguments = [
    "-D",
    dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ...ownerArguments(),
  ];
  const isWindows = process.platform === "win32";
  const { command, args, ...identity } = isWindows
    ? user.command(binaries.postgres, serverArguments)
    : user.command("/bin/sh", ["-c", RUN_WITH_WATCHER, "sh", binaries.postgres, ...serverArguments]);
  return startChild(command, args, {
    cwd: path.parse(dataDir).root,
    env: postgresEnvironment(),
    lifeline: "pipe",
    ...identity,
  });
}

/** Resolves to `undefined` once the server takes connections, or to the reason why it never will. */
async function ready(server: Child): Promise<string | undefined> {
  let endedBecause: string | undefined;
  void server.ended.then((words) => {
    endedBecause = words;
  });
  const startedAt = Date.now();
  while (Date.now() - startedAt < READY_WITHIN_MS) {
    if (server.output().includes(READY)) return undefined;
    if (endedBecause) return lastComplaint(server.output()) ?? `it ${endedBecause}`;
    await sleep(20);
  }
  return `it was not ready within ${READY_WITHIN_MS / 1000} seconds`;
}

function lastComplaint(output: string): string | undefined {
  const complaints = output.split("\n").filter((line) => /(FATAL|PANIC|ERROR|HINT):/.test(line));
  return complaints.map((line) => line.replace(/^.*?((FATAL|PANIC|ERROR|HINT):)/, "$1").trim()).join(" ") || undefined;
}

async function createDatabase(serverAddress: string): Promise<void> {
  const connection = postgres(serverAddress, { max: 1, connect_timeout: 5, onnotice: () => {} });
  try {
    const existing = await connection`select from pg_database where datname = ${DATABASE}`;
    if (existing.length === 0) await connection`create database ${connection(DATABASE)}`;
  } finally {
    await connection.end({ timeout: 1 });
  }
}

/** Fast shutdown first, which waits for no client; then at once, which recovers at the next start. */
async function stopServer(server: Child, binaries: PostgresBinaries, dataDir: string): Promise<void> {
  if (process.platform !== "win32") return server.end(["SIGINT", "SIGQUIT"], SIGNAL_PATIENCE_MS);
  const pgCtl = startChild(binaries.pgCtl, ["stop", "--mode=fast", "-D", dataDir], {
    cwd: path.parse(dataDir).root,
    env: postgresEnvironment(),
    lifeline: "pipe",
  });
  await pgCtl.ended;
  await server.end([], 0);
}
