import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { endingSignal } from "@/lib/shutdown";

/** Next's own tools for a running `next dev`: https://nextjs.org/docs/app/guides/mcp */
const TOOLS_PATH = "/_next/mcp";
/** A browser that loads a page sends its next request within this time. */
const QUIET_MS = 300;
const CHECK_INTERVAL_MS = 50;

/** The main pages in the order in which a newcomer opens them, with the routes that each page requests or leads to. */
export const FIRST_ROUTES = [
  ...["/", "/api/news", "/api/news/stream"],
  ...["/submissions/new", "/api/webhooks/sixtyfour", "/api/tasks", "/api/tasks/counts", "/api/attention"],
  ...["/tasks/[id]", "/api/tasks/[id]"],
  ...["/submissions/list", "/submissions/[id]", "/api/submissions/[id]"],
  ...["/overview", "/api/overview"],
  ...["/deliveries", "/api/deliveries"],
  ...["/settings", "/settings/users", "/setup"],
  "/submissions",
];

/**
 * Compiles the main pages of `next dev` in the background, so that nobody waits for that when opening one for the first
 * time. Starts once the server has answered its first request, and ends with the process.
 */
export function compilePagesSoon({ port, access }: Pick<Env, "port" | "access">): void {
  const routes = access.mode === "open" ? FIRST_ROUTES : ["/sign-in", ...FIRST_ROUTES];
  void compilePages({ port, routes, signal: endingSignal() });
}

/**
 * Compiles routes one after the other, each only while nobody waits for an answer of this process. Nothing of a page runs:
 * Next compiles it without a request to it, so no one signs in and no row is read or written. A failure is logged once and
 * ends it; a page that does not compile is no failure, and shows its error when it is opened.
 */
export async function compilePages(options: { port: number; routes: string[]; signal: AbortSignal }): Promise<void> {
  const { port, routes, signal } = options;
  const requests = watchRequests();
  try {
    await until(requests.hasAnswered, signal);
    for (const route of routes) {
      await until(requests.isQuiet, signal);
      await compileRoute(port, route, signal);
    }
  } catch (error) {
    if (!signal.aborted) log.error("pages_not_compiled", error);
  } finally {
    requests.stop();
  }
}

async function compileRoute(port: number, route: string, signal: AbortSignal): Promise<void> {
  const call = { name: "compile_route", arguments: { routeSpecifier: route } };
  const response = await fetch(`http://localhost:${port}${TOOLS_PATH}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json, text/event-stream" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: call }),
    signal,
  });
  const answer = await response.text();
  if (!response.ok || !answer.includes('"result"') || answer.includes('"isError":true')) {
    throw new Error(`Next did not compile ${route}: ${response.status}`);
  }
}

/** Node's own words for what these channels tell: https://nodejs.org/api/diagnostics_channel.html#http */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** Watches what other clients request from the HTTP servers of this process. */
function watchRequests() {
  const open = new Set<ServerResponse>();
  let hasAnswered = false;
  let lastAt = 0;
  const onRequest = (message: unknown) => {
    const { request, response } = message as Exchange;
    if (request.url === TOOLS_PATH) return;
    open.add(response);
    lastAt = performance.now();
    response.once("close", () => {
      open.delete(response);
      lastAt = performance.now();
    });
  };
  // Next registers instrumentation while the first request waits, so only the end of that one is seen here.
  const onAnswer = () => {
    hasAnswered = true;
  };
  subscribe("http.server.request.start", onRequest);
  subscribe("http.server.response.finish", onAnswer);
  return {
    hasAnswered: () => hasAnswered,
    // A response whose headers are sent needs no compiling any more; a stream stays open for as long as its page.
    isQuiet: () => performance.now() - lastAt >= QUIET_MS && [...open].every(({ headersSent }) => headersSent),
    stop() {
      unsubscribe("http.server.request.start", onRequest);
      unsubscribe("http.server.response.finish", onAnswer);
    },
  };
}

async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo()) await sleep(CHECK_INTERVAL_MS, undefined, { signal, ref: false });
}
