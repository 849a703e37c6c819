/**
 * A stand-in for the Sixtyfour API: the same paths, shapes, refusals and webhooks, with made-up results. For local use
 * and tests, never in a deployment.
 */
import { setMaxListeners } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "@/lib/errors";
import { callApi } from "@/sandbox/api";
import { createBalance } from "@/sandbox/balance";
import { createChaos } from "@/sandbox/chaos";
import { DEFAULT_LINK_LIFETIME_MS, type SandboxConfig } from "@/sandbox/config";
import { type Controlled, control, isControlPath } from "@/sandbox/control";
import { createEvents } from "@/sandbox/events";
import { createFaults } from "@/sandbox/faults";
import { type Answer, type HANG_UP, Refusal, readJson, sendAnswer } from "@/sandbox/http";
import { createJobs } from "@/sandbox/jobs";
import { openJournal } from "@/sandbox/journal";
import { createRateLimit } from "@/sandbox/rate-limit";
import { createResultFiles, isResultFilePath } from "@/sandbox/result-files";
import { createSettings } from "@/sandbox/settings";
import { createWebhooks } from "@/sandbox/webhooks";

export interface SandboxOptions extends Partial<SandboxConfig> {
  /** How long a webhook's receiver may take; the documented 10 s by default. */
  webhookTimeoutMs?: number;
}

export interface Sandbox {
  /** Origin without a trailing slash: the API's base URL. */
  url: string;
  port: number;
  /** Stops everything, breaks open connections, and resolves when nothing of it is left running. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** As the API documents it; a sandbox is one organisation. */
const FILES_PER_MINUTE = 10;
/** Longer than clients keep an idle connection, so that none sends a request into one that is being closed. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Starts a sandbox on loopback; it shares no state with another one in this process. By default it takes any free port
 * and signs nothing.
 *
 * @throws ConfigError where the port is in use or the state file can't be read.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const closing = new AbortController();
  // Every answer that is held back listens to it.
  setMaxListeners(0, closing.signal);
  const faults = createFaults();
  const chaos = createChaos();
  const settings = createSettings();
  const webhooks = createWebhooks({
    events: createEvents({ settings, resultFiles: () => resultFiles }),
    secrets: options.webhookSecrets ?? [],
    retryBaseMs: options.retryBaseMs ?? 1000,
    timeoutMs: options.webhookTimeoutMs ?? 10_000,
    onAttempt: (job, attempt) => jobs.recordAttempt(job, attempt),
  });
  const jobs = createJobs({
    journal: openJournal(options.stateFile),
    speed: options.speed ?? 1,
    onEnd: webhooks.start,
  });

  const resultFiles = createResultFiles({
    jobs,
    settings,
    origin: () => `http://${HOST}:${port}`,
    linkLifetimeMs: options.linkLifetimeMs ?? DEFAULT_LINK_LIFETIME_MS,
  });

  let listenAgain: NodeJS.Timeout | undefined;
  const controlled: Controlled = {
    jobs,
    faults,
    chaos,
    webhooks,
    balance: createBalance(jobs),
    refusals: new Set(),
    rateLimit: createRateLimit(options.requestsPerMinute ?? null),
    fileRateLimit: createRateLimit(FILES_PER_MINUTE),
    resultFiles,
    settings,
    refuseConnections(forMs) {
      clearTimeout(listenAgain);
      if (server.listening) server.close();
      listenAgain = setTimeout(() => server.listen(port, HOST), forMs);
    },
  };

  const route = async (request: IncomingMessage): Promise<Answer | typeof HANG_UP> => {
    const url = readUrl(request);
    const method = request.method ?? "GET";
    if (isControlPath(url.pathname)) return control(method, url.pathname, await readJson(request), controlled);
    if (isResultFilePath(url.pathname)) return resultFiles.serve(url);
    return callApi(request, url, { ...controlled, closing: closing.signal });
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // A client that hangs up is its own affair.
    response.on("error", () => undefined);
    route(request)
      .catch((error: unknown) => {
        if (error instanceof Refusal) return error.answer;
        if (request.complete) console.error(error);
        return { status: 500, body: "Internal Server Error" };
      })
      .then((answer) => sendAnswer(response, answer))
      // A fault may ask for a header that can't be sent.
      .catch((error: unknown) => {
        console.error(error);
        response.destroy();
      });
  });

  // The port comes first: it also keeps two sandboxes from taking up the same state file. No request is read before
  // the state is, since nothing is awaited in between.
  const port = await listen(server, options.port ?? 0);
  try {
    for (const job of jobs.replay()) webhooks.start(job);
  } catch (error) {
    server.close();
    throw error;
  }
  // From here on an error can only come from listening again, after connections were refused for a while.
  server.on("error", (error) => console.error(error));

  let closed: Promise<void> | undefined;
  return {
    url: `http://${HOST}:${port}`,
    port,
    close() {
      closed ??= new Promise((resolve) => {
        closing.abort();
        clearTimeout(listenAgain);
        jobs.close();
        webhooks.cancelAll();
        // An error here means that it was not listening, which is what is wanted.
        server.close(() => resolve());
        server.closeAllConnections();
      });
      return closed;
    },
  };
}

function readUrl(request: IncomingMessage): URL {
  const target = `http://sandbox${request.url ?? "/"}`;
  if (!URL.canParse(target)) throw new Refusal({ status: 400, body: { detail: "Invalid request target" } });
  return new URL(target);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      reject(
        isTaken
          ? new ConfigError(`Port ${port} is in use by another program: set SANDBOX_PORT to a free one, or to 0.`)
          : error,
      );
    });
    server.listen(port, HOST, () => {
      server.removeAllListeners("error");
      resolve((server.address() as AddressInfo).port);
    });
  });
}
