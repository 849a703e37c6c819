/**
 * `npm run build:standalone`: the app as a folder that runs alone, without npm and node_modules: .next/standalone has
 * `node server.js`, `node migrate.mjs`, and all that they read.
 */
import { spawn } from "node:child_process";
import { cp, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { build } from "esbuild";
import { ConfigError } from "@/lib/errors";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { runScript } from "@/scripts/local/run-script";

const STANDALONE_DIR = path.join(PROJECT_DIR, ".next/standalone");

await runScript(async () => {
  await nextBuild();
  await Promise.all([
    // Next leaves these to a CDN.
    cp(path.join(PROJECT_DIR, ".next/static"), path.join(STANDALONE_DIR, ".next/static"), { recursive: true }),
    cp(path.join(PROJECT_DIR, "public"), path.join(STANDALONE_DIR, "public"), { recursive: true }),
    cp(path.join(PROJECT_DIR, "db/migrations"), path.join(STANDALONE_DIR, "migrations"), { recursive: true }),
    bundleMigrate(),
    removeEnvFiles(),
  ]);
  console.info("The app is in .next/standalone: node migrate.mjs && node server.js");
  return 0;
});

async function nextBuild(): Promise<void> {
  const next = path.join(path.dirname(createRequire(import.meta.url).resolve("next/package.json")), "dist/bin/next");
  const child = spawn(process.execPath, [next, "build"], {
    cwd: PROJECT_DIR,
    env: { ...process.env, BUILD_STANDALONE: "true" },
    stdio: "inherit",
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new ConfigError(`next build ended with code ${code}.`);
}

/** Neither tsx nor the sources are there, so it is one file of plain JavaScript, beside the folder `migrations`. */
async function bundleMigrate(): Promise<void> {
  await build({
    entryPoints: [path.join(PROJECT_DIR, "scripts/standalone-migrate.ts")],
    outfile: path.join(STANDALONE_DIR, "migrate.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.9",
    logLevel: "warning",
  });
}

/** Next copies them beside the server; what is handed on must hold no secrets of this machine. */
async function removeEnvFiles(): Promise<void> {
  for (const name of await readdir(STANDALONE_DIR)) {
    if (name === ".env" || name.startsWith(".env.")) await rm(path.join(STANDALONE_DIR, name));
  }
}
