/**
 * `npm run dev`: everything the dashboard needs, on this machine, until Ctrl-C. With `-- --tunnel`, webhooks from the
 * internet reach it too.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";
import { isLoopback, parseVariables, type Variables, WEBHOOK_PATH } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { startApp } from "@/scripts/local/app-process";
import { applyMigrations, migrationAddress, requireDatabase } from "@/scripts/local/database-setup";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";
import { readEnvFiles } from "@/scripts/local/env-files";
import { keptSecret } from "@/scripts/local/kept-secret";
import { makePrivateFolder } from "@/scripts/local/private-folder";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { requireFreePort, requireNodeVersion } from "@/scripts/local/requirements";
import { runScript } from "@/scripts/local/run-script";
import { startSandbox } from "@/scripts/local/sandbox-process";
import { startupOutput } from "@/scripts/local/startup-output";
import { startTunnel } from "@/scripts/local/tunnel";
import { startWebhookForwarder } from "@/scripts/local/webhook-forwarder";

const DATA_DIR = path.join(PROJECT_DIR, ".data");
/** npm passes a terminal's Ctrl-C on, so that one press may arrive twice. */
const SAME_PRESS_WITHIN_MS = 1_000;
const PARENT_CHECK_INTERVAL_MS = 300;
const EXIT_CODE_OF_INTERRUPTED = 130;

/** One of the processes that make up the stack. */
interface Part {
  ended: Promise<string>;
  stop(): Promise<void>;
}

class Interrupted extends Error {}

await runScript(async () => {
  requireNodeVersion();
  const { isTunnelWanted } = readArguments();
  const given = readEnvFiles("development");
  const variables = parseVariables(given);
  const isApiUrlGiven = Boolean(given.SIXTYFOUR_API_URL?.trim());
  if (isApiUrlGiven && !variables.SIXTYFOUR_API_KEY) {
    throw new ConfigError(
      "SIXTYFOUR_API_URL is set, but SIXTYFOUR_API_KEY is not. Set the key as well, or unset the URL to use the sandbox.",
    );
  }
  await requireFreePort(variables.PORT);

  const ending = new AbortController();
  onInterrupt(() => ending.abort(new Interrupted()));
  const parts: Part[] = [];
  const watch = (name: string, part: Part) => {
    parts.unshift(part);
    void part.ended.then((words) => ending.abort(new ConfigError(`${name} ${words}, so everything was stopped.`)));
  };
  try {
    await makePrivateFolder(DATA_DIR);
    await startEverything(variables, { isTunnelWanted, watch, signal: ending.signal });
    if (!ending.signal.aborted) await once(ending.signal, "abort");
    throw ending.signal.reason;
  } catch (error) {
    if (!(error instanceof Interrupted || ending.signal.reason instanceof Interrupted)) throw error;
    return 0;
  } finally {
    for (const part of parts) await part.stop();
  }
});

/** @throws ConfigError naming the argument that is not known. */
function readArguments(): { isTunnelWanted: boolean } {
  try {
    const { values } = parseArgs({ options: { tunnel: { type: "boolean", default: false } } });
    return { isTunnelWanted: values.tunnel };
  } catch (error) {
    throw new ConfigError(`${(error as Error).message}\nThe only argument is --tunnel: npm run dev -- --tunnel`);
  }
}

async function startEverything(
  variables: Variables,
  {
    isTunnelWanted,
    watch,
    signal,
  }: { isTunnelWanted: boolean; watch: (name: string, part: Part) => void; signal: AbortSignal },
): Promise<void> {
  // First of all: where there is none to be had, nothing else need start.
  const tunnel = isTunnelWanted ? await openTunnel(variables, watch) : undefined;
  signal.throwIfAborted();

  const databaseUrl = variables.DATABASE_URL ?? (await startDatabase(watch));
  if (variables.DATABASE_URL) {
    progress("Connecting to the database in DATABASE_URL …");
    await requireDatabase(databaseUrl, "DATABASE_URL");
  }
  signal.throwIfAborted();

  progress("Applying migrations …");
  await applyMigrations(variables.DATABASE_URL ? migrationAddress(variables).url : databaseUrl);
  signal.throwIfAborted();

  const sandboxVariables = variables.SIXTYFOUR_API_KEY ? {} : await startSandboxApi(variables, watch);
  signal.throwIfAborted();

  progress("Starting Next …");
  const output = startupOutput((text) => process.stdout.write(text));
  const app = await startApp({
    mode: "dev",
    port: variables.PORT,
    env: {
      DATABASE_URL: databaseUrl,
      ...(await accessVariables(variables)),
      ...sandboxVariables,
      ...(tunnel ? { APP_URL: tunnel.url } : {}),
      ...(process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {}),
    },
    onOutput: output.push,
    signal,
  });
  watch("Next", app);
  output.ready();
  if (!variables.SIXTYFOUR_API_KEY) progress("Sandbox: results are made up; set SIXTYFOUR_API_KEY for real ones");
  if (tunnel) progress(`Tunnel: webhooks reach ${tunnel.url}${WEBHOOK_PATH}, and nothing else is open to the internet`);
  progress(`Ready: ${app.url}`);
}

/**
 * With the sandbox nobody needs to sign in, unless sign-in is what is worked on. With a real key people do, as in
 * production; only the secret that signs their cookies need not be made by hand.
 */
async function accessVariables(variables: Variables): Promise<Record<string, string>> {
  if (!variables.SIXTYFOUR_API_KEY && !variables.ADMIN_EMAIL) return { ACCESS: "open" };
  if (variables.AUTH_SECRET) return {};
  return { AUTH_SECRET: await keptSecret(path.join(DATA_DIR, "auth-secret"), () => randomBytes(32).toString("hex")) };
}

/** Through the tunnel only the webhook's door is reached: the dashboard itself stays on this machine. */
async function openTunnel(
  { PORT, SIXTYFOUR_API_KEY, SIXTYFOUR_API_URL, LOCALTUNNEL_SERVER }: Variables,
  watch: (name: string, part: Part) => void,
): Promise<{ url: string }> {
  progress("Starting a tunnel …");
  const isSandbox = !SIXTYFOUR_API_KEY || isLoopback(new URL(SIXTYFOUR_API_URL).hostname);
  const forwarder = await startWebhookForwarder(PORT);
  try {
    const tunnel = await startTunnel(forwarder.url, { localtunnelServer: LOCALTUNNEL_SERVER, needsHttps: !isSandbox });
    const stop = async () => {
      await tunnel.stop();
      await forwarder.close();
    };
    watch(`The tunnel of ${tunnel.name}`, { ended: tunnel.ended, stop });
    return tunnel;
  } catch (error) {
    await forwarder.close();
    throw error;
  }
}

async function startDatabase(watch: (name: string, part: Part) => void): Promise<string> {
  progress("Starting Postgres in .data/postgres …");
  const database = await startEmbeddedPostgres({
    dataDir: path.join(DATA_DIR, "postgres"),
    durable: true,
    log: progress,
  });
  watch("Postgres", database);
  return database.url;
}

/** @returns the variables by which the app uses the sandbox. */
async function startSandboxApi(
  variables: Variables,
  watch: (name: string, part: Part) => void,
): Promise<Record<string, string>> {
  progress("Starting the sandbox API …");
  const webhookSecret =
    variables.SIXTYFOUR_WEBHOOK_SECRET.join(",") ||
    (await keptSecret(path.join(DATA_DIR, "webhook-secret"), () => `sk_whsec_${randomBytes(32).toString("hex")}`));
  const sandbox = await startSandbox({
    webhookSecret,
    stateFile: path.join(DATA_DIR, "sandbox.jsonl"),
    onOutput: (text) => process.stderr.write(text),
  });
  watch("The sandbox API", sandbox);
  return {
    SIXTYFOUR_API_URL: sandbox.url,
    SIXTYFOUR_API_KEY: "sandbox",
    SIXTYFOUR_WEBHOOK_SECRET: webhookSecret,
  };
}

/**
 * The first signal asks for an orderly end. A second press does not wait for it: the children end with us. A signal sent
 * to npm may end only the shell between npm and us, which shows as a new parent.
 */
function onInterrupt(stop: () => void): void {
  let firstAt: number | undefined;
  const parentPid = process.ppid;
  const isUnderNpm = Boolean(process.env.npm_lifecycle_event);
  if (isUnderNpm) setInterval(() => process.ppid !== parentPid && stop(), PARENT_CHECK_INTERVAL_MS).unref();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (firstAt === undefined) {
        firstAt = Date.now();
        progress("Stopping …");
        stop();
      } else if (Date.now() - firstAt > SAME_PRESS_WITHIN_MS) {
        process.exit(EXIT_CODE_OF_INTERRUPTED);
      }
    });
  }
}

function progress(line: string): void {
  console.info(line);
}
