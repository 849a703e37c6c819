import { execFile } from "node:child_process";
import { chmod, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { ConfigError } from "@/lib/errors";

const run = promisify(execFile);
const ENTERABLE_BY_OTHERS = 0o001;
const PRIVATE = 0o700;
/** The id that Unix systems keep for `nobody`, for an image so small that it does not list the name. */
const NOBODY_ID = 65_534;

export interface Command {
  command: string;
  args: string[];
  uid?: number | undefined;
  gid?: number | undefined;
}

/** The user whom Postgres and its data folder belong to. */
export interface PostgresUser {
  /** The command, changed so that it runs as this user. */
  command(command: string, args: string[]): Command;
  /** Makes the folder and all in it this user's, and closes it to others, as Postgres demands. */
  own(folder: string): Promise<void>;
  /** @throws ConfigError naming the folder that keeps this user from the given file or folder. */
  mustReach(target: string): Promise<void>;
}

/**
 * Postgres refuses to run as root. Root starts it as the owner of the data folder or, the first time, as `postgres` or
 * `nobody`; the system is not changed. Anybody else starts it as themselves.
 *
 * @throws ConfigError where the data folder belongs to somebody else.
 */
export async function postgresUser(dataDir: string): Promise<PostgresUser> {
  const owner = await ownerOf(dataDir);
  const ownId = process.getuid?.();
  if (ownId !== 0) {
    if (owner && ownId !== undefined && owner.uid !== ownId) {
      throw new ConfigError(
        `The data folder ${dataDir} belongs to another user (id ${owner.uid}). Start the app as that user, or remove the folder to begin anew.`,
      );
    }
    return {
      command: (command, args) => ({ command, args }),
      own: (folder) => chmod(folder, PRIVATE),
      mustReach: async () => {},
    };
  }

  const user = owner && owner.uid !== 0 ? owner : await unprivilegedUser();
  const prefix = await setprivPrefix(user);
  const command = (name: string, args: string[]): Command =>
    prefix ? { command: "setpriv", args: [...prefix, name, ...args] } : { command: name, args, ...user };

  return {
    command,
    async own(folder) {
      await run("chown", ["-R", `${user.uid}:${user.gid}`, folder]).catch((error: Error) => {
        throw new ConfigError(
          `Postgres can't run as root, and root may not hand ${folder} over to another user here. ` +
            "Start the app as an ordinary user, or set DATABASE_URL to a Postgres of your own.",
          { cause: error },
        );
      });
      await chmod(folder, PRIVATE);
    },
    async mustReach(target) {
      if (await succeeds(command("/bin/sh", ["-c", 'test -x "$1"', "sh", target]))) return;
      throw new ConfigError(
        `Postgres can't run as root, and the user it runs as instead (id ${user.uid}) may not enter ${await barrier(target, user.uid)}. ` +
          "Start the app as an ordinary user, or move it to a folder that others may enter, or set DATABASE_URL to a Postgres of your own.",
      );
    },
  };
}

async function ownerOf(folder: string): Promise<{ uid: number; gid: number } | undefined> {
  return stat(folder).then(
    ({ uid, gid }) => ({ uid, gid }),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    },
  );
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  for (const name of ["postgres", "nobody"]) {
    const [uid, gid] = await Promise.all([idOf("-u", name), idOf("-g", name)]);
    if (uid && gid) return { uid, gid };
  }
  return { uid: NOBODY_ID, gid: NOBODY_ID };
}

async function idOf(flag: "-u" | "-g", name: string): Promise<number | undefined> {
  return run("id", [flag, name]).then(
    ({ stdout }) => Number(stdout),
    () => undefined, // no such user
  );
}

/**
 * A checkout in /root lies behind a folder that only root may enter. `setpriv` gives the new user the one capability to
 * pass it, where the system has that tool and, as Docker does by default, grants it. access(2), by which Postgres looks
 * for its own files, heeds that only with `no_setuid_fixup`: https://man7.org/linux/man-pages/man7/capabilities.7.html
 */
async function setprivPrefix(user: { uid: number; gid: number }): Promise<string[] | undefined> {
  if (process.platform !== "linux") return undefined;
  const prefix = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=+dac_override",
    "--ambient-caps=+dac_override",
    "--securebits=+no_setuid_fixup",
    "--",
  ];
  const isGranted = await succeeds({ command: "setpriv", args: [...prefix, "/bin/sh", "-c", ":"] });
  return isGranted ? prefix : undefined;
}

async function succeeds({ command, args, uid, gid }: Command): Promise<boolean> {
  const identity = uid === undefined || gid === undefined ? {} : { uid, gid };
  try {
    await run(command, args, { cwd: "/", ...identity });
    return true;
  } catch {
    return false; // missing, refused or answered no: all the same to the caller
  }
}

async function barrier(target: string, uid: number): Promise<string> {
  const parents: string[] = [];
  for (let folder = path.dirname(target); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    parents.unshift(folder);
  }
  for (const folder of parents) {
    const found = await stat(folder);
    if (found.uid !== uid && (found.mode & ENTERABLE_BY_OTHERS) === 0) return folder;
  }
  return target;
}
