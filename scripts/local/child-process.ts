import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

const IS_WINDOWS = process.platform === "win32";
const KEPT_OUTPUT_CHARACTERS = 64 * 1024;
const LAST_WORDS_WITHIN_MS = 500;

/**
 * For `/bin/sh -c`, with the command after it: becomes the command, and leaves behind a watcher that is no child of it and
 * interrupts it when our end of descriptor 3 closes, which happens even if we are killed. `$$` stays the id of the command.
 */
export const RUN_WITH_WATCHER = '( ( read -r _ <&3; kill -INT $$ ) >/dev/null 2>&1 & ); exec "$@" 3<&-';

export interface Child {
  process: ChildProcess;
  /** The last part of what it wrote to stdout and stderr. */
  output(): string;
  /** Resolves once it has ended, for whatever reason, to words for that: "ended with code 1". */
  ended: Promise<string>;
  /**
   * Sends each signal in turn, waits after each one, and at last kills the whole process group. Resolves when nothing
   * of it is left; does nothing more where it had ended before.
   */
  end(signals: NodeJS.Signals[], patienceMs: number): Promise<void>;
}

export interface ChildOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  uid?: number | undefined;
  gid?: number | undefined;
  /** File descriptor 3: how the child notices that this process is gone, even if that was killed. */
  lifeline: "ipc" | "pipe";
  onOutput?: ((text: string) => void) | undefined;
}

/**
 * Starts a child in a process group of its own, so that a terminal's Ctrl-C reaches only this process, which then ends
 * its children in the right order.
 */
export function startChild(command: string, args: string[], options: ChildOptions): Child {
  const spawnOptions: SpawnOptions = {
    cwd: options.cwd,
    env: options.env,
    stdio: ["ignore", "pipe", "pipe", options.lifeline],
    detached: !IS_WINDOWS,
    windowsHide: true,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
  };
  const child = spawn(command, args, spawnOptions);

  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      // Now and then, since each cut copies all of it.
      if (output.length > 2 * KEPT_OUTPUT_CHARACTERS) output = output.slice(-KEPT_OUTPUT_CHARACTERS);
      options.onOutput?.(text);
    });
  }
  let hasEnded = false;
  const isClosed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be run: ${error.message}`));
    child.once("exit", (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  });
  const ended = exited.then(async (words) => {
    hasEnded = true;
    killGroup(child);
    // Its last words may still be on their way.
    await within(isClosed, LAST_WORDS_WITHIN_MS);
    return words;
  });

  return {
    process: child,
    output: () => output,
    ended,
    async end(signals, patienceMs) {
      for (const signal of signals) {
        if (hasEnded) return;
        child.kill(signal);
        await within(ended, patienceMs);
      }
      if (!hasEnded) killGroup(child);
      await ended;
    },
  };
}

/** Waits for the promise, but no longer than so many milliseconds; `undefined` when that was too short. */
export async function within<Value>(promise: Promise<Value>, patienceMs: number): Promise<Value | undefined> {
  const timer = new AbortController();
  try {
    return await Promise.race([promise, sleep(patienceMs, undefined, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

/** Whether a process of this id exists, of whichever user. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What a child left behind shares its group, whose id stays taken as long as any member lives. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (IS_WINDOWS) {
    spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // macOS answers EPERM, not ESRCH, where only an unreaped process is left.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
