/**
 * `npm run check:standalone`: builds what the Dockerfile builds, and runs it as the Dockerfile runs it, on a folder that has
 * nothing but what the Dockerfile copies. All but Docker itself.
 */
import { execFile, spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, realpath, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import postgres from "postgres";
import { ConfigError } from "@/lib/errors";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { copyProject } from "@/scripts/local/copy-project";
import { freePort } from "@/scripts/local/free-port";
import { runScript } from "@/scripts/local/run-script";
import { testDatabaseServer } from "@/scripts/local/test-database";

const HEALTHY_WITHIN_MS = 30_000;
const EXIT_CODE_OF_SIGTERM = 143;

const run = promisify(execFile);

await runScript(async () => {
  const startedAt = Date.now();
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), "sixtyfour-standalone-")));
  try {
    const projectDir = path.join(folder, "project");
    await copyProject(projectDir);
    const dockerfile = readDockerfile(await readFile(path.join(projectDir, "Dockerfile"), "utf8"));
    await run("npm", ["run", dockerfile.buildScript], { cwd: projectDir, maxBuffer: 64_000_000 });
    const imageDir = path.join(folder, "image");
    await rename(path.join(projectDir, dockerfile.copied), imageDir);
    // So that nothing is found in it by chance.
    await rm(projectDir, { recursive: true });
    const checks = await runImage(imageDir, dockerfile);
    for (const [what, isOk] of checks) console.info(`${isOk ? "ok    " : "FAILED"} ${what}`);
    const failed = checks.filter(([, isOk]) => !isOk).length;
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.info(`check:standalone ${failed === 0 ? "passed" : `failed ${failed} checks`} after ${seconds} s`);
    return failed === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

interface Dockerfile {
  buildScript: string;
  /** The one folder that the image gets, within the project. */
  copied: string;
  command: string[];
  healthCheck: string[];
}

function readDockerfile(text: string): Dockerfile {
  const find = (what: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (!found) throw new ConfigError(`The Dockerfile has no ${what} where it is looked for.`);
    return found;
  };
  const copies = [...text.matchAll(/^COPY --from=build .*$/gm)];
  if (copies.length !== 1) throw new ConfigError("The image gets more than the one folder that this check runs.");
  return {
    buildScript: find("build", /^RUN npm run (\S+)$/m),
    copied: find("folder", /^COPY --from=build \/app\/(\S+) \.\/$/m),
    command: JSON.parse(find("command", /^CMD (\[.*\])$/m)),
    healthCheck: JSON.parse(find("health check", /^HEALTHCHECK [^[]*CMD (\[.*\])$/m)),
  };
}

async function runImage(imageDir: string, { command, healthCheck }: Dockerfile): Promise<[string, boolean][]> {
  const server = await testDatabaseServer();
  const secret = `sk_whsec_${randomBytes(32).toString("hex")}`;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: "production" as const,
    HOSTNAME: "0.0.0.0",
    PORT: String(port),
    DATABASE_URL: server.url,
    SIXTYFOUR_API_KEY: "none",
    SIXTYFOUR_API_URL: "http://127.0.0.1:9",
    SIXTYFOUR_WEBHOOK_SECRET: secret,
  };
  const isHealthy = () => succeeds(healthCheck, imageDir, env);
  try {
    const isMigrated = await succeeds(["node", "migrate.mjs"], imageDir, env);
    const isMigratedTwice = await succeeds(["node", "migrate.mjs"], imageDir, env);
    const isHealthyBefore = await isHealthy();
    const [program = "", ...args] = command;
    const app = spawn(program, args, { cwd: imageDir, env, stdio: ["ignore", "inherit", "inherit"] });
    const exited = once(app, "exit");
    try {
      const deadline = Date.now() + HEALTHY_WITHIN_MS;
      while (!(await isHealthy()) && Date.now() < deadline && app.exitCode === null) await sleep(200);
      const page = await get(`${url}/`);
      const assets = [...page.text.matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map((match) => match[1] ?? "");
      const answers = await Promise.all([...new Set(assets)].map((asset) => get(url + asset)));
      const robots = await get(`${url}/robots.txt`);
      const delivered = await deliver(url, secret, server.url);
      const isHealthyAfter = await isHealthy();
      app.kill("SIGTERM");
      const [code] = await exited;
      return [
        ["the migrations are applied", isMigrated],
        ["once more they change nothing", isMigratedTwice],
        ["the health check fails while nothing runs", !isHealthyBefore],
        ["the health check passes while the app runs", isHealthyAfter],
        ["a page is served", page.status === 200 && page.text.includes("Sixtyfour dashboard")],
        [
          `its ${answers.length} scripts and styles are`,
          answers.length > 3 && answers.every((it) => it.status === 200),
        ],
        ["the files of public/ are", robots.status === 200 && robots.text.includes("Disallow: /")],
        ["a webhook is answered with 200 and stored", delivered],
        ["SIGTERM ends it in order", code === EXIT_CODE_OF_SIGTERM],
      ];
    } finally {
      app.kill("SIGKILL");
    }
  } finally {
    await server.stop();
  }
}

async function succeeds([program = "", ...args]: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return run(program, args, { cwd, env }).then(
    () => true,
    () => false, // what it wrote matters to no check
  );
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

async function deliver(url: string, secret: string, databaseUrl: string): Promise<boolean> {
  const jobId = randomUUID();
  const body = new TextEncoder().encode(JSON.stringify({ task_id: jobId, status: "completed", result: {} }));
  const signature = signatureHeader([secret], Math.floor(Date.now() / 1000), body);
  const response = await fetch(`${url}/api/webhooks/sixtyfour`, {
    method: "POST",
    headers: { "content-type": "application/json", [SIXTYFOUR_HEADERS.signature]: signature },
    body,
  });
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  const rows = await sql`select from deliveries where sixtyfour_task_id = ${jobId}`;
  await sql.end();
  return response.status === 200 && rows.length === 1;
}
