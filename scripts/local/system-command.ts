import type { SpawnSyncReturns } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";

/** The command as root runs it. Without a terminal to ask in, sudo must either work at once or not at all. */
export function asRoot(command: string[]): [string, ...string[]] {
  const [name = "", ...args] = command;
  return process.getuid?.() === 0 ? [name, ...args] : ["sudo", "-n", name, ...args];
}

/** Prints a line for a step that failed; the caller tries the next way, or says at the end that there is none. */
export function warnIfFailed({ status, signal, error }: SpawnSyncReturns<Buffer>): void {
  if (status === 0) return;
  console.warn(`That did not work (${error?.message ?? signal ?? `code ${status}`}).`);
}

/** The program of this name on the PATH or in one of the folders, or `undefined`. */
export function onPath(command: string, moreFolders: string[] = []): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  return [...folders, ...moreFolders].map((folder) => path.join(folder, command)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // It is missing or may not be run: no candidate either way.
  }
}
