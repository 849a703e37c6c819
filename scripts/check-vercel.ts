/**
 * `npm run check:vercel`: builds as Vercel would, and fails where the output is not what it should be. Needs no account,
 * and no network but npm's.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { ConfigError } from "@/lib/errors";
import { copyProject } from "@/scripts/local/copy-project";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";
import { type BuildOutput, readBuildOutput } from "@/scripts/vercel/build-output";
import { callWebhook } from "@/scripts/vercel/call-webhook";
import { type CodeFile, findFaults, findFaultsOfCode, WEBHOOK_ROUTE } from "@/scripts/vercel/find-faults";

/** Its next major needs a package that no registry has. */
const CLI = "vercel@60.1.3";

await runScript(async () => {
  const startedAt = Date.now();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "sixtyfour-vercel-")));
  try {
    const projectDir = path.join(folder, "project");
    const sourceFiles = await copyProject(projectDir);
    const secret = `canary-${randomBytes(16).toString("hex")}`;
    await build(projectDir, secret);
    const output = await readBuildOutput(projectDir);
    const webhook = output.functions.find(({ name }) => name === WEBHOOK_ROUTE);
    if (!webhook) throw new ConfigError(`The output has no function ${WEBHOOK_ROUTE}.`);
    const call = await callWebhook(webhook, path.join(folder, "function"));
    const traced = await tracedCode(projectDir, WEBHOOK_ROUTE);
    console.info(`\n${table(output)}\n\n${webhookLine(call)}`);
    const faults = [
      ...findFaults(output, sourceFiles),
      ...call.faults,
      ...findFaultsOfCode({ traced, loaded: call.loaded }),
      ...(await filesWith(secret, path.join(projectDir, ".vercel/output"), output)).map(
        (file) => `${file} holds the value of a secret of the build.`,
      ),
    ];
    for (const fault of faults) console.error(`- ${fault}`);
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.info(`check:vercel ${faults.length === 0 ? "passed" : `found ${faults.length} faults`} after ${seconds} s`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function build(projectDir: string, secret: string): Promise<void> {
  const settings = { framework: "nextjs", nodeVersion: "22.x", installCommand: "" };
  await mkdir(path.join(projectDir, ".vercel"));
  await writeFile(
    path.join(projectDir, ".vercel/project.json"),
    JSON.stringify({ projectId: "prj_check", orgId: "team_check", settings }),
  );
  const child = spawn("npx", ["-y", CLI, "build", "--yes"], {
    cwd: projectDir,
    env: {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: "1",
      VERCEL_TELEMETRY_DISABLED: "1",
      SIXTYFOUR_API_KEY: secret,
      SIXTYFOUR_WEBHOOK_SECRET: secret,
      CRON_SECRET: secret,
      VERCEL_AUTOMATION_BYPASS_SECRET: secret,
      DATABASE_URL: `postgres://app:${secret}@127.0.0.1:9/app`,
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new ConfigError(`vercel build ended with code ${code}.`);
}

/** The code that Next says a route may load, before Vercel adds what it answers a 404 with. */
async function tracedCode(projectDir: string, route: string): Promise<CodeFile[]> {
  const trace = path.join(projectDir, ".next/server/app", route, "route.js.nft.json");
  const { files } = JSON.parse(await readFile(trace, "utf8")) as { files: string[] };
  const own = files.map((file) => path.resolve(path.dirname(trace), file)).filter((file) => file.includes("/.next/"));
  return Promise.all(
    own.map(async (file) => ({ file: path.relative(projectDir, file), text: await readFile(file, "utf8") })),
  );
}

async function filesWith(secret: string, outputDir: string, output: BuildOutput): Promise<string[]> {
  const written = await readdir(outputDir, { recursive: true, withFileTypes: true });
  const files = new Set(output.functions.flatMap((built) => [...built.files.values()]));
  for (const file of written) if (file.isFile()) files.add(path.join(file.parentPath ?? file.path, file.name));
  const found: string[] = [];
  for (const file of files) if ((await readFile(file)).includes(secret)) found.push(file);
  return found;
}

function table({ functions }: BuildOutput): string {
  const rows = [...functions]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, routes, bytes, maxDuration, memory, runtime }) => [
      name,
      routes.filter((route) => !route.includes(".rsc")).length,
      Math.round(bytes / 1000),
      maxDuration ?? "default",
      memory ?? "default",
      runtime,
    ]);
  return textTable(["function", "routes", "kB", "seconds", "memory", "runtime"], rows);
}

function webhookLine({ loaded, tookMs }: { loaded: CodeFile[]; tookMs: number }): string {
  const bytes = loaded.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
  return `A first webhook loads ${Math.round(bytes / 1000)} kB of our code, and is answered after ${tookMs} ms.`;
}
