import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";

/** One function as it would be deployed; several routes may share it. */
export interface BuiltFunction {
  /** Its folder, below `functions`, without the ending: `api/webhooks/sixtyfour`. */
  name: string;
  /** The routes that it answers, its own first. */
  routes: string[];
  maxDuration: number | undefined;
  memory: number | undefined;
  runtime: string;
  /** All that would be uploaded: path within the function → file on this machine. */
  files: Map<string, string>;
  bytes: number;
}

/** What `vercel build` has made: https://vercel.com/docs/build-output-api */
export interface BuildOutput {
  functions: BuiltFunction[];
  cronPaths: string[];
}

const functionConfig = z.object({
  runtime: z.string(),
  maxDuration: z.number().optional(),
  memory: z.number().optional(),
  filePathMap: z.record(z.string(), z.string()).default({}),
});

const outputConfig = z.object({ crons: z.array(z.object({ path: z.string() })).default([]) });

const SUFFIX = ".func";

/** Reads the output below a project's folder. */
export async function readBuildOutput(projectDir: string): Promise<BuildOutput> {
  const outputDir = path.join(projectDir, ".vercel/output");
  const functionsDir = await realpath(path.join(outputDir, "functions"));
  const { crons } = outputConfig.parse(JSON.parse(await readFile(path.join(outputDir, "config.json"), "utf8")));
  const functions = new Map<string, BuiltFunction>();
  for (const folder of await functionFolders(functionsDir)) {
    const target = await realpath(folder);
    const built = functions.get(target) ?? (await readFunction(projectDir, functionsDir, target));
    functions.set(target, built);
    const route = nameOf(functionsDir, folder);
    if (!built.routes.includes(route)) built.routes.push(route);
  }
  return { functions: [...functions.values()], cronPaths: crons.map((cron) => cron.path) };
}

/** Routes that share a function are links to one of them. */
async function functionFolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map((entry) => {
      const entryPath = path.join(folder, entry.name);
      if (entry.name.endsWith(SUFFIX)) return [entryPath];
      return entry.isDirectory() ? functionFolders(entryPath) : [];
    }),
  );
  return found.flat();
}

async function readFunction(projectDir: string, functionsDir: string, folder: string): Promise<BuiltFunction> {
  const text = await readFile(path.join(folder, ".vc-config.json"), "utf8");
  const { filePathMap, maxDuration, memory, runtime } = functionConfig.parse(JSON.parse(text));
  const files = new Map(Object.entries(filePathMap).map(([name, file]) => [name, path.join(projectDir, file)]));
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const filePath = path.join(file.parentPath ?? file.path, file.name);
    if (file.isFile()) files.set(path.relative(folder, filePath), filePath);
  }
  const sizes = await Promise.all([...files.values()].map(async (file) => (await stat(file)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const name = nameOf(functionsDir, folder);
  return { name, routes: [name], maxDuration, memory, runtime, files, bytes };
}

function nameOf(functionsDir: string, folder: string): string {
  return path.relative(functionsDir, folder).slice(0, -SUFFIX.length);
}
