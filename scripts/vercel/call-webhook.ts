import { fork } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import postgres from "postgres";
import { migrateDatabase } from "@/db/migrate";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { testDatabaseServer } from "@/scripts/local/test-database";
import type { BuiltFunction } from "@/scripts/vercel/build-output";
import type { CodeFile } from "@/scripts/vercel/find-faults";

const LAUNCHER = fileURLToPath(new URL("call-function.mjs", import.meta.url));

/**
 * Puts the webhook's function together in a folder as it would be uploaded, and posts one signed delivery to it.
 *
 * @returns what is wrong with what came of it, and the code of ours that it has loaded
 */
export async function callWebhook(
  webhook: BuiltFunction,
  folder: string,
): Promise<{ faults: string[]; loaded: CodeFile[]; tookMs: number }> {
  for (const [name, file] of webhook.files) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await cp(file, target, { dereference: true });
  }
  const server = await testDatabaseServer();
  try {
    await migrateDatabase(server.url);
    const secret = `sk_whsec_${randomBytes(32).toString("hex")}`;
    const started = Date.now();
    const child = fork(LAUNCHER, [folder], {
      cwd: folder,
      execArgv: [],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        VERCEL: "1",
        VERCEL_ENV: "production",
        VERCEL_PROJECT_PRODUCTION_URL: "leads.example.com",
        DATABASE_URL: server.url,
        SIXTYFOUR_API_KEY: "none",
        // Nothing listens there, and nothing is queued that would be sent.
        SIXTYFOUR_API_URL: "http://127.0.0.1:9",
        SIXTYFOUR_WEBHOOK_SECRET: secret,
      },
    });
    try {
      const [{ port }] = (await once(child, "message")) as [{ port: number }];
      const loading = once(child, "message") as Promise<[{ loaded: string[] }]>;
      const jobId = randomUUID();
      const status = await post(`http://127.0.0.1:${port}/api/webhooks/sixtyfour`, jobId, secret);
      const tookMs = Date.now() - started;
      const [{ loaded }] = await loading;
      const isStored = await isDeliveryStored(server.url, jobId);
      const faults = [
        ...(status === 200 ? [] : [`The webhook's function answered a delivery with ${status}.`]),
        ...(isStored ? [] : ["The webhook's function stored no delivery."]),
      ];
      return { faults, loaded: await readCode(folder, loaded), tookMs };
    } finally {
      child.kill("SIGKILL");
    }
  } finally {
    await server.stop();
  }
}

async function post(url: string, jobId: string, secret: string): Promise<number> {
  const body = new TextEncoder().encode(JSON.stringify({ task_id: jobId, status: "completed", result: {} }));
  const signature = signatureHeader([secret], Math.floor(Date.now() / 1000), body);
  const headers = { "content-type": "application/json", [SIXTYFOUR_HEADERS.signature]: signature };
  const response = await fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(60_000) });
  await response.arrayBuffer();
  return response.status;
}

async function isDeliveryStored(databaseUrl: string, jobId: string): Promise<boolean> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const rows = await sql`select from deliveries where sixtyfour_task_id = ${jobId} and answer = 200`;
    return rows.length === 1;
  } finally {
    await sql.end();
  }
}

/** Of the files that a process has loaded, those that the build of the app has made. */
async function readCode(folder: string, files: string[]): Promise<CodeFile[]> {
  const ours = files.map((file) => path.relative(folder, file)).filter((file) => file.startsWith(".next/server/"));
  return Promise.all(ours.map(async (file) => ({ file, text: await readFile(path.join(folder, file), "utf8") })));
}
