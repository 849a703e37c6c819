/**
 * `npm run vercel-build`, which Vercel runs in place of `build`: builds, and then applies the migrations, so that a build
 * that fails leaves the database alone, and one whose migrations fail is not deployed.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { parseVariables } from "@/lib/env";
import { migrateGivenDatabase } from "@/scripts/local/migrate-database";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { runScript } from "@/scripts/local/run-script";
import { reasonNotToMigrate } from "@/scripts/vercel/reason-not-to-migrate";

await runScript(async () => {
  // A wrong variable is told before a minute's work.
  const reason = reasonNotToMigrate(parseVariables(process.env));
  const exitCode = await nextBuild();
  if (exitCode !== 0) return exitCode;
  if (reason === null) await migrateGivenDatabase(process.env);
  else console.info(`No migrations were applied: ${reason}`);
  return 0;
});

function nextBuild(): Promise<number> {
  const nextPackage = createRequire(import.meta.url).resolve("next/package.json");
  const next = path.join(path.dirname(nextPackage), "dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], { cwd: PROJECT_DIR, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
