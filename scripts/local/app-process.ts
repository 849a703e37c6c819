import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { ConfigError } from "@/lib/errors";
import { startChild } from "@/scripts/local/child-process";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

/**
 * Given `localhost`, Next would listen on the first of its addresses alone, which is ::1 on many machines: 127.0.0.1 would then
 * be refused. Browsers and Node try both addresses of localhost.
 */
const LISTEN_ADDRESS = "127.0.0.1";
const HEALTH_PATH = "/api/health";
const READY_WITHIN_MS = 180_000;
const HEALTH_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 100;
/** `next start` finishes what it has begun, which takes up to 25 seconds; on a developer's machine nobody waits for so long. */
const STOP_PATIENCE_MS = { dev: 10_000, start: 30_000 };
const REPEATED_OUTPUT_LINES = 30;

export interface AppOptions {
  /** `start` serves what `next build` made. */
  mode: "dev" | "start";
  port: number;
  /**
   * Variables on top of this process's own. The app still reads the project's .env files; an empty string counts as
   * unset there and keeps them from setting it.
   */
  env: Record<string, string | undefined>;
  /** Told what Next writes. Without it, an error repeats the last of that. */
  onOutput?: (text: string) => void;
  /** Gives up waiting for the app, and ends it. */
  signal?: AbortSignal;
}

export interface App {
  url: string;
  /** Of the process group that all its processes share. */
  pid: number;
  /** The last part of what Next wrote. */
  output(): string;
  /** Resolves to words for how it ended, whether we stopped it or not. */
  ended: Promise<string>;
  /** Lets running requests finish. Resolves when no process of it is left. */
  stop(): Promise<void>;
  /** As kill -9 of the server and all its processes. */
  kill(): Promise<void>;
}

/**
 * Starts Next on this machine's loopback address, which other machines can't reach, and waits until the health route answers
 * 200. It ends with this process, even if that is killed.
 *
 * @throws ConfigError where Next ends or does not become healthy.
 */
export async function startApp({ mode, port, env, onOutput, signal }: AppOptions): Promise<App> {
  const nextCommand = path.join(
    path.dirname(createRequire(import.meta.url).resolve("next/package.json")),
    "dist/bin/next",
  );
  const runner = path.join(PROJECT_DIR, "scripts/local/next-process.mjs");
  const child = startChild(process.execPath, [runner, nextCommand, mode, "-H", LISTEN_ADDRESS, "-p", String(port)], {
    cwd: PROJECT_DIR,
    env: {
      ...process.env,
      // `next dev` kills its server this soon after asking it to end; 100 ms is too short for a running request.
      NEXT_EXIT_TIMEOUT_MS: String(STOP_PATIENCE_MS.dev / 2),
      NEXT_TELEMETRY_DISABLED: "1",
      NODE_ENV: mode === "dev" ? "development" : "production",
      ...env,
      PORT: String(port),
    },
    lifeline: "ipc",
    onOutput,
  });
  const app: App = {
    url: `http://localhost:${port}`,
    pid: child.process.pid ?? 0,
    output: child.output,
    ended: child.ended,
    stop: () => child.end(["SIGTERM"], STOP_PATIENCE_MS[mode]),
    kill: () => child.end([], 0),
  };
  try {
    await becomesHealthy(app, { signal, repeatsOutput: onOutput === undefined });
    return app;
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function becomesHealthy(
  app: App,
  { signal, repeatsOutput }: { signal: AbortSignal | undefined; repeatsOutput: boolean },
): Promise<void> {
  const lastWords = () => (repeatsOutput ? `\n${lastLines(app.output())}` : "");
  let endedBecause: string | undefined;
  void app.ended.then((words) => {
    endedBecause = words;
  });
  const startedAt = Date.now();
  let answer = "no answer";
  while (Date.now() - startedAt < READY_WITHIN_MS) {
    signal?.throwIfAborted();
    if (endedBecause) throw endedEarly(app.output(), endedBecause, lastWords());
    answer = await healthAnswer(app.url, signal);
    if (answer === "200") return;
    await sleep(POLL_INTERVAL_MS);
  }
  throw new ConfigError(
    `The app did not become healthy within ${READY_WITHIN_MS / 1000} seconds (${HEALTH_PATH}: ${answer}).${lastWords()}`,
  );
}

async function healthAnswer(url: string, signal: AbortSignal | undefined): Promise<string> {
  const timeout = AbortSignal.timeout(HEALTH_TIMEOUT_MS);
  try {
    const response = await fetch(url + HEALTH_PATH, { signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return (error as Error).message;
  }
}

function endedEarly(output: string, words: string, lastWords: string): ConfigError {
  const plain = stripVTControlCharacters(output);
  if (/another next dev server is already running/i.test(plain)) {
    const pid = /PID:\s*(\d+)/.exec(plain)?.[1];
    return new ConfigError(
      `The folder ${PROJECT_DIR} already runs \`next dev\`${pid ? ` (process ${pid})` : ""}. Stop that one first.`,
    );
  }
  return new ConfigError(`Next ${words} before it was ready.${lastWords}`);
}

function lastLines(output: string): string {
  return output.trimEnd().split("\n").slice(-REPEATED_OUTPUT_LINES).join("\n");
}
