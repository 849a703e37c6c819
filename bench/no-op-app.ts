import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { linkPackages } from "@/scripts/local/copy-project";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const run = promisify(execFile);

/** Its one route, which answers each POST with a 200 and does nothing else. */
export const NO_OP_PATH = "/api/no-op";

/**
 * Builds the smallest app there can be of our version of Next, with one route handler: what Next itself costs. `isStandalone`
 * makes a folder that runs without packages of it, as our image has one.
 */
export async function buildNoOpApp(folder: string, { isStandalone = false } = {}): Promise<void> {
  const route = "export const POST = () => Response.json({ received: true });\n";
  await buildApp(folder, { [`app${NO_OP_PATH}/route.js`]: route }, { isStandalone });
}

/** Builds an app of our version of Next with these files, and our packages to import. */
export async function buildApp(
  folder: string,
  given: Record<string, string>,
  { isStandalone = false } = {},
): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(path.join(PROJECT_DIR, "package.json"), "utf8"));
  const { next, react, "react-dom": reactDom } = dependencies;
  const files = {
    "package.json": JSON.stringify({ private: true, dependencies: { next, react, "react-dom": reactDom } }),
    ...given,
    // Each app that `create-next-app` makes with TypeScript has one, and `next start` loads a compiler to read it.
    "next.config.ts": `export default ${isStandalone ? '{ output: "standalone" }' : "{}"};\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  await linkPackages(folder);
  await run(process.execPath, [nextCommand(folder), "build"], {
    cwd: folder,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
}

export const nextCommand = (folder: string) => path.join(folder, "node_modules/next/dist/bin/next");
