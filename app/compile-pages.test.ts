import { existsSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { compilePages, FIRST_ROUTES } from "@/app/compile-pages";
import { divertLog } from "@/lib/log";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

/** What the server did, in order: routes that it was asked to compile, and paths that it answered to people. */
let events: string[];
let lines: string[];
let answerCall: (route: string) => string | Promise<string>;
let onSlowPage: () => void;
let ending: AbortController;
let server: Server;
let url: string;
let restoreLog: () => void;

const ANSWER = '{"result":{"content":[]},"jsonrpc":"2.0","id":1}';
const SLOW_PAGE_MS = 600;

/** Answers as `next dev` does: its tools to us, anything else to people. */
const listener: RequestListener = async (request, response) => {
  if (request.url === "/_next/mcp") {
    let body = "";
    for await (const chunk of request) body += chunk;
    const route = JSON.parse(body).params.arguments.routeSpecifier;
    events.push(`compile ${route}`);
    const answer = await answerCall(route);
    response.writeHead(200, { "content-type": "text/event-stream" }).end(`event: message\ndata: ${answer}\n\n`);
    return;
  }
  if (request.url === "/slow") {
    onSlowPage();
    await new Promise((resolve) => setTimeout(resolve, SLOW_PAGE_MS));
  }
  events.push(`answer ${request.url}`);
  if (request.url === "/stream") response.writeHead(200).write(": open\n\n");
  else response.end();
};

beforeEach(async () => {
  events = [];
  lines = [];
  answerCall = () => ANSWER;
  ending = new AbortController();
  restoreLog = divertLog((line) => lines.push(line));
  server = createServer(listener).listen(0, "localhost");
  await vi.waitUntil(() => server.listening);
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  ending.abort();
  restoreLog();
  server.close();
  server.closeAllConnections();
});

function compile(routes: string[]): Promise<void> {
  return compilePages({ port: Number(new URL(url).port), routes, signal: ending.signal });
}

test("each route in the list exists", () => {
  const missing = FIRST_ROUTES.filter(
    (route) => !["page.tsx", "route.ts"].some((file) => existsSync(path.join(PROJECT_DIR, "app", route, file))),
  );
  expect(missing).toEqual([]);
});

test("routes are compiled in order, once the server has answered its first request", async () => {
  const done = compile(["/", "/tasks/[id]", "/setup"]);
  await fetch(`${url}/api/health`);
  await done;
  expect(events).toEqual(["answer /api/health", "compile /", "compile /tasks/[id]", "compile /setup"]);
  expect(lines).toEqual([]);
});

test("a page that somebody opens meanwhile comes first, and an open stream keeps nothing waiting", async () => {
  let opened: Promise<unknown> | undefined;
  answerCall = async (route) => {
    if (route !== "/") return ANSWER;
    const isAsked = new Promise<void>((resolve) => {
      onSlowPage = resolve;
    });
    opened = fetch(`${url}/slow`);
    await isAsked;
    return ANSWER;
  };
  const done = compile(["/", "/overview"]);
  const stream = await fetch(`${url}/stream`);
  await fetch(`${url}/api/health`);
  await done;
  await opened;
  expect(events).toEqual(["answer /stream", "answer /api/health", "compile /", "answer /slow", "compile /overview"]);
  await stream.body?.cancel();
});

test.each([
  ["a route is unknown", '{"result":{"isError":true,"content":[]},"jsonrpc":"2.0","id":1}'],
  ["the tool is unknown", '{"error":{"code":-32601},"jsonrpc":"2.0","id":1}'],
])("if %s, one line is logged and nothing more is compiled", async (_, answer) => {
  answerCall = () => answer;
  const done = compile(["/", "/setup"]);
  await fetch(`${url}/api/health`);
  await done;
  expect(events).toEqual(["answer /api/health", "compile /"]);
  expect(lines.map((line) => JSON.parse(line).event)).toEqual(["pages_not_compiled"]);
});

test("a process that is ending compiles nothing more and logs nothing", async () => {
  answerCall = () => {
    ending.abort();
    return ANSWER;
  };
  const done = compile(["/", "/setup"]);
  await fetch(`${url}/api/health`);
  await done;
  expect(events).toEqual(["answer /api/health", "compile /"]);
  expect(lines).toEqual([]);
});
