import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "@/lib/errors";
import { isAlive } from "@/scripts/local/child-process";
import type { PostgresBinaries } from "@/scripts/local/postgres-binaries";
import type { Command, PostgresUser } from "@/scripts/local/postgres-user";

const run = promisify(execFile);
/** Kept inside the folder, so that folder and password come into being by the same rename. */
const PASSWORD_FILE = "app-password";

export const SUPERUSER = "postgres";

export interface DataFolderOptions {
  dataDir: string;
  durable: boolean;
  binaries: PostgresBinaries;
  user: PostgresUser;
  log: (line: string) => void;
}

/**
 * Makes sure that the data folder exists, is complete and fits this Postgres. It is built under another name and then
 * renamed, so that one that was interrupted is never mistaken for a whole one, and of two processes one wins.
 *
 * @returns the password of its superuser.
 * @throws ConfigError
 */
export async function prepareDataFolder(options: DataFolderOptions): Promise<string> {
  const { dataDir, binaries, user } = options;
  await mkdir(path.dirname(dataDir), { recursive: true });
  await removeAbandonedDrafts(dataDir);

  const isNew = (await majorVersionOf(dataDir)) === undefined;
  if (isNew) await createDataFolder(options);

  const majorVersion = await majorVersionOf(dataDir);
  if (majorVersion !== binaries.majorVersion) {
    throw new ConfigError(
      `The data folder ${dataDir} was made by Postgres ${majorVersion}, but Postgres ${binaries.majorVersion} is installed. ` +
        "Move the folder away to begin anew, or install the version of this app that made it.",
    );
  }
  if (!isNew) await mendOwnership(dataDir, user);
  return readPassword(dataDir);
}

async function createDataFolder({ dataDir, durable, binaries, user, log }: DataFolderOptions): Promise<void> {
  if (!(await isMissingOrEmpty(dataDir))) {
    throw new ConfigError(
      `The folder ${dataDir} is not empty and holds no Postgres database. Move it away; the database is kept there.`,
    );
  }
  log(`Creating a database in ${dataDir} …`);
  const draft = `${draftPrefix(dataDir)}${process.pid}-${randomBytes(4).toString("hex")}`;
  const draftData = path.join(draft, "data");
  const passwordFile = path.join(draft, PASSWORD_FILE);
  try {
    await mkdir(draft, { mode: 0o700 });
    await writeFile(passwordFile, randomBytes(24).toString("hex"), { mode: 0o600 });
    await user.own(draft);
    await user.mustReach(draft);
    await runInitdb(user.command(binaries.initdb, initdbArguments(draftData, passwordFile, durable)));
    await rename(passwordFile, path.join(draftData, PASSWORD_FILE));
    await moveIntoPlace(draftData, dataDir);
    if (durable) await flushFolder(path.dirname(dataDir));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function initdbArguments(dataDir: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${dataDir}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    ...(durable ? [] : ["--no-sync"]),
  ];
}

async function runInitdb({ command, args, uid, gid }: Command): Promise<void> {
  const identity = uid === undefined || gid === undefined ? {} : { uid, gid };
  const cwd = path.parse(process.cwd()).root;
  await run(command, args, { cwd, env: postgresEnvironment(), ...identity }).catch(
    (error: Error & { stderr?: string }) => {
      const reason = error.stderr?.trim().split("\n").at(-1) || error.message;
      throw new ConfigError(`The database could not be created: ${reason}`, { cause: error });
    },
  );
}

/** Where another process was faster, its folder stays and ours goes. */
async function moveIntoPlace(draftData: string, dataDir: string): Promise<void> {
  try {
    // Windows does not rename onto an empty folder, other systems do.
    if (process.platform === "win32") await rmdir(dataDir).catch(unless("ENOENT"));
    await rename(draftData, dataDir);
  } catch (error) {
    unless("ENOTEMPTY", "EEXIST", "EPERM")(error as NodeJS.ErrnoException);
    if ((await majorVersionOf(dataDir)) === undefined) throw error;
  }
}

/** A copied folder may have lost its owner and its mode, both of which Postgres insists on. */
async function mendOwnership(dataDir: string, user: PostgresUser): Promise<void> {
  if (process.platform === "win32") return;
  const { uid, mode } = await stat(dataDir);
  const isRootsOwn = uid === 0;
  const isOpenToOthers = (mode & 0o077) !== 0;
  if (isRootsOwn || isOpenToOthers) await user.own(dataDir);
  await user.mustReach(dataDir);
}

async function readPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, PASSWORD_FILE);
  const password = await readFile(file, "utf8").catch(unless("ENOENT"));
  if (password) return password.trim();
  throw new ConfigError(
    `The data folder ${dataDir} lacks its file ${PASSWORD_FILE}. Put it back, or remove the folder.`,
  );
}

/** A process that was killed while it built a folder leaves a draft behind, which carries its id. */
async function removeAbandonedDrafts(dataDir: string): Promise<void> {
  const prefix = path.basename(draftPrefix(dataDir));
  for (const name of await readdir(path.dirname(dataDir))) {
    if (!name.startsWith(prefix)) continue;
    const builder = Number.parseInt(name.slice(prefix.length), 10);
    if (isAlive(builder)) continue;
    await rm(path.join(path.dirname(dataDir), name), { recursive: true, force: true });
  }
}

function draftPrefix(dataDir: string): string {
  return `${dataDir}.draft-`;
}

async function majorVersionOf(dataDir: string): Promise<string | undefined> {
  const text = await readFile(path.join(dataDir, "PG_VERSION"), "utf8").catch(unless("ENOENT", "ENOTDIR"));
  return text?.trim();
}

async function isMissingOrEmpty(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(unless("ENOENT"));
  return !names || names.length === 0;
}

/** Without it, losing power soon after the first start could lose the new folder's name. */
async function flushFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

/** Only what Postgres needs: the user's PGDATA, PGPORT or locale are not meant for it. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, NODE_ENV } = process.env;
  return { NODE_ENV, PATH, SystemRoot, LC_ALL: "C", TZ: "UTC" };
}

/** For `catch`: lets errors of these codes pass as `undefined` and throws every other. */
function unless(...codes: string[]): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code && codes.includes(error.code)) return undefined;
    throw error;
  };
}
