import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const KIB = 1024;

/** Bytes of main memory that a process group occupies; null on Windows, which has no such groups. */
export async function residentBytes(processGroupId: number): Promise<number | null> {
  if (process.platform === "win32") return null;
  return process.platform === "linux" ? fromProc(processGroupId) : fromPs(processGroupId);
}

/** A slim container has /proc, but often no `ps`. */
async function fromProc(processGroupId: number): Promise<number> {
  let total = 0;
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const files = await Promise.all([
      readFile(`/proc/${pid}/stat`, "utf8"),
      readFile(`/proc/${pid}/status`, "utf8"),
    ]).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ESRCH" || error.code === "EACCES") return null;
      throw error;
    });
    if (!files) continue; // It has ended meanwhile, or is not ours.
    const [stat, status] = files;
    // The name in parentheses may hold anything; after it come state, parent, and group.
    const group = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[2]);
    if (group === processGroupId) total += KIB * Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return total;
}

async function fromPs(processGroupId: number): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pgid=,rss="]);
  return stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .reduce((total, [group, kib]) => (group === processGroupId ? total + KIB * (kib ?? 0) : total), 0);
}
