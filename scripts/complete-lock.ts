/**
 * Adds to package-lock.json the platform packages that npm left out, for example because the registry in use does not
 * serve them: with any of them missing, `npm ci` fails on some versions of npm, and other platforms lack their binary.
 * Then it asks the registry for the integrity hash of every entry that lacks one.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LockedPackages, missingPlatformPackages, withoutIntegrity } from "@/scripts/local/platform-packages";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const file = path.join(PROJECT_DIR, "package-lock.json");
const lock: { packages: LockedPackages } = JSON.parse(readFileSync(file, "utf8"));
const missing = missingPlatformPackages(lock.packages);
const all = { ...lock.packages, ...missing };
const unhashed = withoutIntegrity(all);
for (const [place, { name, version }] of Object.entries(unhashed)) {
  const view = execFileSync("npm", ["view", `${name}@${version}`, "dist.integrity"], { encoding: "utf8" }).trim();
  if (!/^sha512-/.test(view)) throw new Error(`The registry has no integrity hash of ${name}@${version}.`);
  const { version: _, ...rest } = all[place] ?? {};
  all[place] = { version, integrity: view, ...rest };
}
const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.info(
  `Added ${Object.keys(missing).length} packages and ${Object.keys(unhashed).length} hashes to package-lock.json.`,
);
