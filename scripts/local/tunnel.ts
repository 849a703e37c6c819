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
  args(localUrl: string, localtunnelServer: string): string[];
  /** Finds the public address in all that it has written so far. */
  readUrl(output: string): string | undefined;
  /** What the program needs or is known to fail by, for whoever reads that it has failed. */
  hints: string;
}

/** In the order of preference: cloudflared needs no account, and localtunnel's public server is often down. */
const PROGRAMS: TunnelProgram[] = [
  {
    name: "cloudflared",
    args: (localUrl) => ["tunnel", "--no-autoupdate", "--url", localUrl],
    // Its complaints name api.trycloudflare.com.
    readUrl: (output) => /https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com/.exec(output)?.[0],
    hints: "cloudflared needs no account and shows no warning page, but outgoing connections to port 7844.",
  },
  {
    name: "ngrok",
    args: (localUrl) => ["http", localUrl, "--log=stdout", "--log-format=json"],
    readUrl: (output) => /"msg":"started tunnel".*"url":"(https:[^"]+)"/.exec(output)?.[1],
    hints:
      "ngrok needs a free account: run `ngrok config add-authtoken <token>` once, with the token of dashboard.ngrok.com. " +
      "A free account has one tunnel at a time. Its warning page is for browsers: webhooks pass, and a browser with the header ngrok-skip-browser-warning.",
  },
  {
    name: "lt",
    // The forwarder listens on IPv4 alone. The program takes what is not given from variables such as HOST.
    args: (localUrl, server) => {
      const { hostname, port } = new URL(localUrl);
      return ["--port", port, "--local-host", hostname, "--host", server];
    },
    readUrl: (output) => /your url is: (https?:\S+)/.exec(output)?.[1],
    hints:
      "localtunnel needs no account. Its public server is run by volunteers and often down: try again, use cloudflared, or name another server in LOCALTUNNEL_SERVER. " +
      "Its warning page is for browsers: webhooks pass, and a browser with the header bypass-tunnel-reminder.",
  },
];

const HOW_TO_GET_ONE = `--tunnel needs cloudflared, ngrok or localtunnel, and none is installed. To get one:
  macOS          brew install cloudflared
  Linux, WSL     https://github.com/cloudflare/cloudflared/releases
  with npm       npm install --no-save cloudflared
  ngrok          https://ngrok.com/download (needs a free account)
  localtunnel    npm install --global localtunnel`;

export interface Tunnel {
  /** The public origin; https, unless LOCALTUNNEL_SERVER is a server of one's own without it. */
  url: string;
  /** The program that makes it. */
  name: string;
  pid: number;
  /** Resolves to words for how it ended, whether we stopped it or not. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a tunnel from a public address to `localUrl` with what is installed, on the PATH or as a package. It ends with
 * this process, even if that is killed.
 *
 * @param options.needsHttps Sixtyfour calls https addresses alone; the sandbox takes any
 * @throws ConfigError where nothing is installed, the program ends, it tells no address in 30 seconds, or one that is no https
 */
export async function startTunnel(
  localUrl: string,
  {
    localtunnelServer,
    needsHttps,
    folders = programFolders(),
  }: { localtunnelServer: string; needsHttps: boolean; folders?: string[] },
): Promise<Tunnel> {
  const found = await findProgram(folders);
  if (!found) throw new ConfigError(HOW_TO_GET_ONE);
  const { program, file } = found;
  const child = startWatched(file, program.args(localUrl, localtunnelServer));
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.process.stdout, child.process.stderr]) {
      stream?.on("data", () => {
        const read = program.readUrl(child.output());
        if (read) resolve(read);
      });
    }
  });
  const outcome = await within(Promise.race([url, child.ended]), URL_WITHIN_MS);
  if (!outcome?.match(/^https?:/)) {
    await child.end(["SIGINT"], STOP_PATIENCE_MS);
    const what = outcome ? outcome : `told no address within ${URL_WITHIN_MS / 1000} seconds`;
    throw new ConfigError(`${program.name} ${what}. It wrote:\n${lastLines(child.output())}\n${program.hints}`);
  }
  if (needsHttps && outcome.startsWith("http:")) {
    await child.end(["SIGINT"], STOP_PATIENCE_MS);
    throw new ConfigError(
      `The tunnel's address is ${new URL(outcome).origin}, and Sixtyfour calls https addresses alone: set LOCALTUNNEL_SERVER to a localtunnel server with https, or unset it.`,
    );
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
