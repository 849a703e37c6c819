import { execFile } from "node:child_process";
import { cp, mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const run = promisify(execFile);

/**
 * Copies the project as a fresh checkout would have it, with what is not committed yet, to build it without touching this
 * one. Packages come as hard links: a link to a folder outside is no part of a project.
 *
 * @returns the files that were copied, packages apart
 */
export async function copyProject(target: string): Promise<string[]> {
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: PROJECT_DIR,
    maxBuffer: 64_000_000,
  });
  const files = stdout.split("\0").filter(Boolean);
  for (const file of files) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true });
    await cp(path.join(PROJECT_DIR, file), path.join(target, file));
  }
  await linkPackages(target);
  return files;
}

/** Gives a folder the packages of this project, as hard links. */
export async function linkPackages(target: string): Promise<void> {
  const modules = [path.join(PROJECT_DIR, "node_modules"), path.join(target, "node_modules")];
  // Another disk takes no hard links; a copy does as well.
  await run("cp", ["-al", ...modules]).catch(() => run("cp", ["-a", ...modules]));
}
