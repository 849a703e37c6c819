import path from "node:path";
import { ConfigError } from "@/lib/errors";
import { startChild, within } from "@/scripts/local/child-process";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const LISTENING_WITHIN_MS = 30_000;
const STOP_PATIENCE_MS = 5_000;

export interface SandboxOptions {
  /** Signs the webhooks. */
  webhookSecret: string;
  /** Where it keeps its tasks, so that a restart of it loses none. */
  stateFile: string;
  /** 0, the default, takes a free one. */
  port?: number;
  /** More variables of the sandbox's own. */
  env?: Record<string, string>;
  onOutput?: (text: string) => void;
}

export interface Sandbox {
  url: string;
  output(): string;
  /** Resolves to words for how it ended, whether we stopped it or not. */
  ended: Promise<string>;
  stop(): Promise<void>;
  /** As kill -9. */
  kill(): Promise<void>;
}

/** Starts the stand-in for Sixtyfour's API as a process of its own, which ends with this one, even if that is killed. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const main = path.join(PROJECT_DIR, "sandbox/main.ts");
  const child = startChild(process.execPath, ["--import", "tsx", main], {
    cwd: PROJECT_DIR,
    env: {
      ...process.env,
      ...options.env,
      SANDBOX_PORT: String(options.port ?? 0),
      SANDBOX_WEBHOOK_SECRET: options.webhookSecret,
      SANDBOX_STATE_FILE: options.stateFile,
    },
    lifeline: "ipc",
    onOutput: options.onOutput,
  });

  const listening = new Promise<number>((resolve) => {
    child.process.on("message", (message) => {
      const port = listeningPort(message);
      if (port !== undefined) resolve(port);
    });
  });
  const outcome = await within(Promise.race([listening, child.ended]), LISTENING_WITHIN_MS);
  if (typeof outcome !== "number") {
    await child.end([], 0);
    throw new ConfigError(
      `The sandbox API ${outcome ?? `was not ready within ${LISTENING_WITHIN_MS / 1000} seconds`}.\n${child.output().trim()}`,
    );
  }
  return {
    url: `http://127.0.0.1:${outcome}`,
    output: child.output,
    ended: child.ended,
    stop: () => child.end(["SIGTERM"], STOP_PATIENCE_MS),
    kill: () => child.end([], 0),
  };
}

function listeningPort(message: unknown): number | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  if (!("type" in message) || message.type !== "listening" || !("port" in message)) return undefined;
  return typeof message.port === "number" ? message.port : undefined;
}
