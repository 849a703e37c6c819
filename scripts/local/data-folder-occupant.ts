import { readFile, realpath, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { ConfigError } from "@/lib/errors";
import { isAlive } from "@/scripts/local/child-process";
import { SUPERUSER } from "@/scripts/local/data-folder";

const OWNER_SETTING = "sixtyfour.owner_pid";
/** The owner of a data folder holds this lock on its server, in the database `postgres`, for as long as it lives. */
const OWNER_LOCK = { classId: 64_064, objectId: 1 };

const DECISION_DEADLINE_MS = 90_000;
const OWNER_TAKES_LOCK_WITHIN_MS = 10_000;
const FAST_SHUTDOWN_WITHIN_MS = 10_000;
const PAUSE_MS = 100;

/** Answers of a server that is starting up, recovering or shutting down, or of none yet. */
const NOT_READY_CODES = ["ECONNREFUSED", "ECONNRESET", "CONNECT_TIMEOUT", "CONNECTION_CLOSED", "57P03", "57P01"];
/** Answers that only another folder's server gives to our password. */
const NOT_OURS_CODES = ["28P01", "28000"];

/** Arguments for the server, by which a second copy of the app can tell whose it is. */
export function ownerArguments(): string[] {
  return ["-c", `${OWNER_SETTING}=${process.pid}`];
}

/** A URL of the folder's server. All connections are over loopback. */
export function serverUrl(port: number, password: string, database: string): string {
  return `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`;
}

/**
 * Takes the owner's lock on the server that this process has just started and keeps it until the server ends: where the
 * connection is lost, it connects anew. The lock ends with this process, however that ends.
 */
export async function holdOwnership(url: string, serverEnded: Promise<unknown>): Promise<{ release(): Promise<void> }> {
  let isOver = false;
  void serverEnded.then(() => {
    isOver = true;
  });
  const connection = postgres(url, {
    max: 1,
    idle_timeout: 0,
    max_lifetime: null,
    connect_timeout: 5,
    onnotice: () => {},
    connection: { application_name: "data folder owner" },
    onclose: () => {
      if (isOver) return;
      take().catch((error: Error) => {
        if (!isOver) console.warn(`The lock on the data folder was lost: ${error.message}`);
      });
    },
  });
  const take = () => connection`select pg_advisory_lock(${OWNER_LOCK.classId}::int, ${OWNER_LOCK.objectId}::int)`;
  await take();
  return {
    async release() {
      isOver = true;
      await connection.end({ timeout: 1 });
    },
  };
}

/**
 * Makes sure that no server runs on the data folder: waits for one that is coming or going, and ends one whose owner was
 * killed. Postgres itself sees to a `postmaster.pid` whose process is gone.
 *
 * @throws ConfigError where another copy of the app owns the server.
 */
export async function clearOccupant(dataDir: string, password: string): Promise<void> {
  const startedAt = Date.now();
  let endingSince: number | undefined;
  while (Date.now() - startedAt < DECISION_DEADLINE_MS) {
    const file = await readPidFile(dataDir);
    if (!file || !isAlive(file.pid)) return;
    if (!(await isPostgres(file.pid))) {
      // Ids are soon used again, in a container above all; Postgres would take that process for a server.
      await rm(path.join(dataDir, "postmaster.pid"), { force: true });
      return;
    }
    const answer = await ask(dataDir, file.port, password);
    if (answer === "not ours") return;
    if (endingSince !== undefined) {
      if (Date.now() - endingSince > FAST_SHUTDOWN_WITHIN_MS) process.kill(file.pid, "SIGQUIT");
    } else if (answer !== "not ready") {
      if (answer.isLocked) throw inUse(dataDir, answer.ownerPid);
      const mayStillTakeLock = isAlive(answer.ownerPid) && Date.now() - startedAt < OWNER_TAKES_LOCK_WITHIN_MS;
      if (!mayStillTakeLock) {
        process.kill(file.pid, "SIGINT");
        endingSince = Date.now();
      }
    }
    await sleep(PAUSE_MS);
  }
  throw new ConfigError(
    `A Postgres server runs on the data folder ${dataDir} and neither answers nor ends. End it, or set DATABASE_URL to a Postgres of your own.`,
  );
}

function inUse(dataDir: string, ownerPid: number): ConfigError {
  return new ConfigError(
    `The data folder ${dataDir} is in use by another copy of this app (process ${ownerPid}). ` +
      "Stop it, or set DATABASE_URL to another database.",
  );
}

async function readPidFile(dataDir: string): Promise<{ pid: number; port: number | undefined } | undefined> {
  const text = await readFile(path.join(dataDir, "postmaster.pid"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  // https://www.postgresql.org/docs/18/storage-file-layout.html: the id comes first, the port is line 4, once known.
  const lines = text.split("\n");
  const pid = Number.parseInt(lines[0] ?? "", 10);
  const port = Number.parseInt(lines[3] ?? "", 10);
  return Number.isNaN(pid) ? undefined : { pid, port: Number.isNaN(port) ? undefined : port };
}

/** Judged by the command line where the system shows it; where it does not, the answer is yes, the careful one. */
async function isPostgres(pid: number): Promise<boolean> {
  if (process.platform !== "linux") return true;
  return readFile(`/proc/${pid}/cmdline`, "utf8").then(
    (commandLine) => /postgres/.test(commandLine.split("\0")[0] ?? ""),
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT",
  );
}

type Answer = "not ready" | "not ours" | { ownerPid: number; isLocked: boolean };

async function ask(dataDir: string, port: number | undefined, password: string): Promise<Answer> {
  if (port === undefined) return "not ready";
  const connection = postgres(serverUrl(port, password, "postgres"), {
    max: 1,
    connect_timeout: 2,
    onnotice: () => {},
  });
  try {
    const rows = await connection<{ folder: string; ownerPid: string | null; isLocked: boolean }[]>`
      select
        current_setting('data_directory') as folder,
        current_setting(${OWNER_SETTING}, true) as "ownerPid",
        exists (
          select from pg_locks
          where locktype = 'advisory' and granted
            and classid = ${OWNER_LOCK.classId}::int::oid and objid = ${OWNER_LOCK.objectId}::int::oid
            and database = (select oid from pg_database where datname = current_database())
        ) as "isLocked"`;
    const row = rows[0];
    if (!row || (await realpath(row.folder)) !== (await realpath(dataDir))) return "not ours";
    return { ownerPid: Number(row.ownerPid), isLocked: row.isLocked };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code && NOT_OURS_CODES.includes(code)) return "not ours";
    if (code && NOT_READY_CODES.includes(code)) return "not ready";
    throw error;
  } finally {
    await connection.end({ timeout: 1 });
  }
}
