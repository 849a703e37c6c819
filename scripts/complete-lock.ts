/**
 * Adds to package-lock.json the platform packages that npm left out, for example because the registry in use does not
 * serve them: with any of them missing, `npm ci` fails on some versions of npm, and other platforms lack their binary.
 * What is added has no integrity hash, which only a registry that serves it could tell.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type LockedPackages, missingPlatformPackages } from "@/scripts/local/platform-packages";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const file = path.join(PROJECT_DIR, "package-lock.json");
const lock: { packages: LockedPackages } = JSON.parse(readFileSync(file, "utf8"));
const missing = missingPlatformPackages(lock.packages);
const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(all) }, null, 2)}\n`);
console.info(`Added ${Object.keys(missing).length} packages to package-lock.json.`);
