import { chmod, mkdir, readdir } from "node:fs/promises";
import path from "node:path";

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Root runs Postgres as another user, who has to pass through to a folder of its own; names can't be listed. */
const PASSABLE_FOLDER = 0o711;

/**
 * Makes sure that a folder is there, and that nobody but its owner can read what is directly in it: also where an earlier
 * version, or a copy, left it open. Folders in it are closed as well, and keep their owners.
 */
export async function makePrivateFolder(folder: string): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
  await chmod(folder, isRoot ? PASSABLE_FOLDER : PRIVATE_FOLDER);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile()) await chmod(path.join(folder, entry.name), PRIVATE_FILE);
    if (entry.isDirectory()) await chmod(path.join(folder, entry.name), PRIVATE_FOLDER);
  }
}
