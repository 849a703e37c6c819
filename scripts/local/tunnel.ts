import { access, constants } from "node:fs/promises";
import path from "node:path";
import { ConfigError } from "@/lib/errors";
import { type Child, RUN_WITH_WATCHER, startChild, within } from "@/scripts/local/child-process";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const URL_WITHIN_MS = 30_000;
const STOP_PATIENCE_MS = 5_000;
const REPEATED_OUTPUT_LINES = 10;

/** A program that gives an address of this machine a public one. */
interface TunnelProgram {
  name: string;
  args(localUrl: string): string[];
  /** Finds the public address in all that it has written so far. */
  readUrl(output: string): string | undefined;
}

/** In the order of preference: cloudflared needs no account. */
const PROGRAMS: TunnelProgram[] = [
  {
    name: "cloudflared",
    args: (localUrl) => ["tunnel", "--no-autoupdate", "--url", localUrl],
    // Its complaints name api.trycloudflare.com.
    readUrl: (output) => /https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com/.exec(output)?.[0],
  },
  {
    name: "ngrok",
    args: (localUrl) => ["http", localUrl, "--log=stdout", "--log-format=json"],
    readUrl: (output) => /"msg":"started tunnel".*"url":"(https:[^"]+)"/.exec(output)?.[1],
  },
];

const HOW_TO_GET_ONE = `--tunnel needs cloudflared or ngrok, and neither is installed. To get one:
  macOS          brew install cloudflared
  Linux, WSL     https://github.com/cloudflare/cloudflared/releases
  with npm       npm install --no-save cloudflared
  ngrok          https://ngrok.com/download (needs a free account)`;

export interface Tunnel {
  /** The public https origin. */
  url: string;
  /** The program that makes it. */
  name: string;
  pid: number;
  /** Resolves to words for how it ended, whether we stopped it or not. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a tunnel from a public https address to `localUrl` with what is installed, on the PATH or as a package. It ends
 * with this process, even if that is killed.
 *
 * @throws ConfigError where nothing is installed, the program ends, or it tells no address in 30 seconds.
 */
export async function startTunnel(localUrl: string, folders = programFolders()): Promise<Tunnel> {
  const found = await findProgram(folders);
  if (!found) throw new ConfigError(HOW_TO_GET_ONE);
  const { program, file } = found;
  const child = startWatched(file, program.args(localUrl));
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.process.stdout, child.process.stderr]) {
      stream?.on("data", () => {
        const read = program.readUrl(child.output());
        if (read) resolve(read);
      });
    }
  });
  const outcome = await within(Promise.race([url, child.ended]), URL_WITHIN_MS);
  if (!outcome?.startsWith("https:")) {
    await child.end(["SIGINT"], STOP_PATIENCE_MS);
    const what = outcome ? outcome : `told no address within ${URL_WITHIN_MS / 1000} seconds`;
    throw new ConfigError(`${program.name} ${what}. It wrote:\n${lastLines(child.output())}`);
  }
  return {
    url: new URL(outcome).origin,
    name: program.name,
    pid: child.process.pid ?? 0,
    ended: child.ended,
    stop: () => child.end(["SIGINT"], STOP_PATIENCE_MS),
  };
}

function startWatched(file: string, args: string[]): Child {
  const [command, commandArgs] =
    process.platform === "win32" ? [file, args] : ["/bin/sh", ["-c", RUN_WITH_WATCHER, "sh", file, ...args]];
  return startChild(command, commandArgs, { cwd: PROJECT_DIR, env: process.env, lifeline: "pipe" });
}

async function findProgram(folders: string[]): Promise<{ program: TunnelProgram; file: string } | undefined> {
  for (const program of PROGRAMS) {
    for (const folder of folders) {
      const file = path.join(folder, program.name);
      if (await isExecutable(file)) return { program, file };
    }
  }
  return undefined;
}

/** Packages put their programs into node_modules/.bin, which npm alone adds to the PATH. */
function programFolders(): string[] {
  const onPath = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return [...onPath, path.join(PROJECT_DIR, "node_modules/.bin")];
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false, // missing or not ours to run: another folder may have it
  );
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-REPEATED_OUTPUT_LINES).join("\n");
}
