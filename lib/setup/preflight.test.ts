import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { deliveries } from "@/db/schema";
import { getAttention } from "@/lib/attention/get";
import type { Context } from "@/lib/context";
import { receiveDelivery } from "@/lib/pipeline/receive";
import { diagnosePreflight } from "@/lib/setup/diagnose-preflight";
import { runPreflight } from "@/lib/setup/preflight";
import { readMarks } from "@/lib/setup/read-marks";
import { createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The door of an app, over HTTP, which answers as the route does. */
async function startDoor(context: Context = bench.context, { clockAheadMs = 0 } = {}): Promise<string> {
  return listen(async (request, response) => {
    const rawBody = await bodyOf(request);
    const headers = new Headers(request.headers as Record<string, string>);
    const receivedAt = new Date(Date.now() + clockAheadMs);
    const { status, outcome } = await receiveDelivery(context, { rawBody, headers, token: null, receivedAt });
    const isTaken = status === 200;
    response.writeHead(status, { "content-type": isTaken ? "application/json" : "application/problem+json" });
    response.end(JSON.stringify(isTaken ? { received: true, outcome } : { status, code: outcome }));
  });
}

interface Passed {
  body: Buffer;
  headers: Record<string, string>;
}

/** A proxy in front of a door, which may change what it passes on, or the answer. */
async function startProxy(
  doorUrl: string,
  fault: {
    request?: (passed: Passed) => Passed;
    answer?: (headers: Record<string, string>) => Record<string, string>;
    /** Answers this status instead; null: never. */
    status?: number | null;
    onPassed?: () => void;
  },
): Promise<string> {
  return listen(async (request, response) => {
    const { host: _host, "content-length": _length, connection: _connection, ...headers } = request.headers;
    const came: Passed = { body: await bodyOf(request), headers: headers as Record<string, string> };
    const passed = fault.request?.(came) ?? came;
    const init = { method: "POST", headers: passed.headers, body: new Uint8Array(passed.body) };
    const answer = await fetch(doorUrl + request.url, init);
    const text = await answer.text();
    fault.onPassed?.();
    if (fault.status === null) return;
    const answerHeaders = { "content-type": answer.headers.get("content-type") ?? "" };
    response.writeHead(fault.status ?? answer.status, fault.answer?.(answerHeaders) ?? answerHeaders);
    response.end(text);
  });
}

/** One that answers by itself, and passes nothing on. */
function startStranger(status: number, headers: Record<string, string>, body = ""): Promise<string> {
  return listen((_request, response) => {
    response.writeHead(status, headers).end(body);
  });
}

/** The app, with this as its public address. */
function appAt(origin: string, webhook: Partial<Context["webhook"]> = {}): Context {
  const target = { url: `${origin}/api/webhooks/sixtyfour` };
  return { ...bench.context, webhook: { ...bench.context.webhook, target, ...webhook } };
}

async function diagnose(context: Context, options = {}) {
  return diagnosePreflight(await runPreflight(context, options));
}

const HTML = { "content-type": "text/html" };
const withSecrets = (...secrets: string[]): Context => ({
  ...bench.context,
  webhook: { ...bench.context.webhook, secrets },
});

describe("a preflight", () => {
  test("that finds all in order has arrived, is kept in the log as what it is, and needs nobody", async () => {
    const report = await runPreflight(appAt(await startDoor()));
    expect(diagnosePreflight(report)).toMatchObject({ outcome: "arrived", state: "ok", mend: null });
    if (report.log.type !== "found") throw new Error("It is not in the log.");
    const [logged] = await bench.context.db.select().from(deliveries).where(eq(deliveries.id, report.log.deliveryId));
    expect(logged).toMatchObject({
      eventType: "dashboard.preflight",
      outcome: "workflow",
      signature: "valid",
      attempt: 1,
      taskId: null,
      sixtyfourTaskId: null,
    });
    const { unmatchedDeliveries, conflictingDeliveries } = await getAttention(bench.context);
    expect([unmatchedDeliveries.count, conflictingDeliveries.count]).toEqual([0, 0]);
  });

  test("is kept as the last one, until the next", async () => {
    const first = await runPreflight(appAt(await startDoor()));
    expect((await readMarks(bench.context)).preflight).toEqual(first);
    const second = await runPreflight(appAt(await startStranger(404, HTML)));
    expect((await readMarks(bench.context)).preflight).toEqual(second);
  });

  test("goes unsigned without a secret, says so, and arrives", async () => {
    const context = withSecrets();
    const report = await runPreflight(appAt(await startDoor(context), { secrets: [] }));
    expect(report).toMatchObject({ isSigned: false, log: { type: "found", signature: "unsigned" } });
    expect(diagnosePreflight(report)).toMatchObject({
      outcome: "arrived",
      finding: expect.stringContaining("unsigned, since no secret is set"),
    });
  });

  test("is signed with the first of two secrets", async () => {
    const door = await startDoor(withSecrets("sk_whsec_new"));
    expect(await diagnose(appAt(door, { secrets: ["sk_whsec_new", "sk_whsec_old"] }))).toMatchObject({
      outcome: "arrived",
    });
  });

  test("never shows the parameters of an address, which may be secrets", async () => {
    const door = await startDoor();
    const url = `${door}/api/webhooks/sixtyfour?x-vercel-protection-bypass=hush`;
    const report = await runPreflight(appAt(door, { target: { url } }));
    expect(diagnosePreflight(report).outcome).toBe("arrived");
    const to = await startStranger(308, { location: "https://other.example/hook?token=hush" });
    const redirected = await runPreflight(appAt(to, { target: { url: `${to}/hook?token=hush` } }));
    expect(JSON.stringify([report, redirected, diagnosePreflight(redirected)])).not.toContain("hush");
  });

  test("has a result where the database is down, which the answer alone tells", async () => {
    const { db, close } = openDatabase("postgres://nobody@127.0.0.1:1/nothing");
    try {
      const report = await runPreflight({ ...appAt(await startStranger(404, HTML)), db });
      expect(report.log).toEqual({ type: "unreadable" });
      expect(diagnosePreflight(report).outcome).toBe("other_app");
    } finally {
      await close();
    }
  });

  test("without a public address is refused, and the mend is named", async () => {
    const context = appAt("", { target: { url: null, missing: "app_url_unset" } });
    await expect(runPreflight(context)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("APP_URL"),
    });
  });
});

describe("the preflight finds", () => {
  test("Vercel's deployment protection", async () => {
    const page = "<!doctype html><title>Authentication Required</title>";
    const origin = await startStranger(401, { ...HTML, server: "Vercel", "x-vercel-id": "fra1::1" }, page);
    expect(await diagnose(appAt(origin))).toMatchObject({
      outcome: "protected",
      state: "bad",
      mend: expect.stringContaining("VERCEL_AUTOMATION_BYPASS_SECRET"),
    });
    const login = await startStranger(302, { location: "https://vercel.com/sso-api?url=x", server: "Vercel" });
    expect(await diagnose(appAt(login))).toMatchObject({ outcome: "protected" });
  });

  test("a login of another make, and a firewall's page", async () => {
    expect(await diagnose(appAt(await startStranger(401, { "www-authenticate": "Basic" })))).toMatchObject({
      outcome: "login",
    });
    const challenge = await startStranger(403, { ...HTML, server: "cloudflare", "cf-ray": "1" }, "<html>");
    expect(await diagnose(appAt(challenge))).toMatchObject({ outcome: "blocked" });
    expect(await diagnose(appAt(await startStranger(406, HTML)))).toMatchObject({ outcome: "blocked" });
  });

  test("a redirect to another origin, which is to be APP_URL", async () => {
    const location = "https://www.leads.example/api/webhooks/sixtyfour";
    expect(await diagnose(appAt(await startStranger(308, { location })))).toMatchObject({
      outcome: "redirected",
      finding: expect.stringContaining("308"),
      mend: expect.stringContaining("Set `APP_URL` to https://www.leads.example,"),
    });
  });

  test("a redirect within the origin", async () => {
    expect(await diagnose(appAt(await startStranger(307, { location: "/login" })))).toMatchObject({
      outcome: "redirected",
      finding: expect.stringContaining("/login"),
    });
  });

  test("an app that has another secret, none, or one where this has none", async () => {
    const outcome = "other_secret";
    expect(await diagnose(appAt(await startDoor(withSecrets("sk_whsec_other"))))).toMatchObject({ outcome });
    expect(await diagnose(appAt(await startDoor(withSecrets())))).toMatchObject({ outcome });
    expect(await diagnose(appAt(await startDoor(), { secrets: [] }))).toMatchObject({ outcome });
  });

  test("a body that was parsed and written anew on the way", async () => {
    const request = (passed: Passed) => ({
      ...passed,
      body: Buffer.from(JSON.stringify(JSON.parse(`${passed.body}`))),
    });
    expect(await diagnose(appAt(await startProxy(await startDoor(), { request })))).toMatchObject({
      outcome: "body_changed",
      finding: expect.stringContaining("rewritten"),
    });
  });

  test("a body in which characters were broken on the way, also where nothing is signed", async () => {
    const request = (passed: Passed) => ({ ...passed, body: Buffer.from(passed.body.toString("latin1")) });
    const proxy = await startProxy(await startDoor(withSecrets()), { request });
    expect(await diagnose(appAt(proxy, { secrets: [] }))).toMatchObject({ outcome: "body_changed" });
  });

  test("a proxy that drops the signature", async () => {
    const request = ({ body, headers: { "sixtyfour-signature": _dropped, ...headers } }: Passed) => ({ body, headers });
    expect(await diagnose(appAt(await startProxy(await startDoor(), { request })))).toMatchObject({
      outcome: "signature_lost",
    });
  });

  test("a clock that is off by minutes at the door, and one that is off at what answers", async () => {
    const door = await startDoor(bench.context, { clockAheadMs: 400_000 });
    expect(await diagnose(appAt(door))).toMatchObject({
      outcome: "clock",
      state: "bad",
      finding: expect.stringContaining("6 min ahead of"),
    });
    const clockOff = (ms: number) => (headers: Record<string, string>) => {
      return { ...headers, date: new Date(Date.now() + ms).toUTCString() };
    };
    const right = await startDoor();
    const behind = await startProxy(right, { answer: clockOff(-400_000) });
    expect(await diagnose(appAt(behind))).toMatchObject({ outcome: "clock", state: "bad" });
    const alittle = await startProxy(right, { answer: clockOff(60_000) });
    expect(await diagnose(appAt(alittle))).toMatchObject({ outcome: "clock", state: "warn" });
  });

  test("another app that says 200 to everything, and one that knows no such page", async () => {
    expect(await diagnose(appAt(await startStranger(200, HTML, "<!doctype html>Welcome")))).toMatchObject({
      outcome: "other_app",
      finding: expect.stringContaining("would be lost"),
    });
    expect(await diagnose(appAt(await startStranger(404, HTML)))).toMatchObject({ outcome: "other_app" });
  });

  test("a copy of this app on another database", async () => {
    const json = { "content-type": "application/json" };
    const copy = await startStranger(200, json, '{"received":true,"outcome":"workflow"}');
    expect(await diagnose(appAt(copy))).toMatchObject({ outcome: "other_database" });
  });

  test("a port that nothing listens on, a name that is not known, and http behind https", async () => {
    const origin = await startDoor();
    const gone = await listen(() => {});
    const server = servers.pop();
    await new Promise((resolve) => server?.close(resolve));
    const reasonAt = async (url: string) => {
      const report = await runPreflight(appAt(url));
      expect(diagnosePreflight(report)).toMatchObject({ outcome: "unreachable", state: "bad" });
      return report.answer;
    };
    expect(await reasonAt(gone)).toEqual({ type: "none", reason: "refused" });
    expect(await reasonAt("http://nowhere.invalid")).toEqual({ type: "none", reason: "dns" });
    expect(await reasonAt(origin.replace("http:", "https:"))).toEqual({ type: "none", reason: "tls" });
  });

  test("an answer that is kept back until the sender gives up, whether or not it arrived", async () => {
    const timeIsUp = (giver: AbortController) => giver.abort(new DOMException("Time is up", "TimeoutError"));
    const stored = new AbortController();
    const holding = await startProxy(await startDoor(), { status: null, onPassed: () => timeIsUp(stored) });
    expect(await diagnose(appAt(holding), { givesUp: stored.signal })).toMatchObject({ outcome: "slow", state: "bad" });
    const swallowed = new AbortController();
    const swallowing = await listen(() => timeIsUp(swallowed));
    const report = await runPreflight(appAt(swallowing), { givesUp: swallowed.signal });
    expect(report.answer).toEqual({ type: "none", reason: "timeout" });
    expect(diagnosePreflight(report).outcome).toBe("unreachable");
  });

  test("an answer that comes, and too late", async () => {
    const report = await runPreflight(appAt(await startDoor()));
    expect(diagnosePreflight({ ...report, tookMs: 10_001 })).toMatchObject({ outcome: "slow" });
  });

  test("an answer that was replaced on the way back", async () => {
    const replacing = await startProxy(await startDoor(), { status: 502 });
    expect(await diagnose(appAt(replacing))).toMatchObject({ outcome: "answer_lost" });
  });

  test("a proxy that takes no body, and one whose app is down", async () => {
    expect(await diagnose(appAt(await startStranger(413, HTML)))).toMatchObject({ outcome: "too_large" });
    expect(await diagnose(appAt(await startStranger(502, HTML)))).toMatchObject({ outcome: "server_fault" });
  });

  test("an app that can't store what arrives, and a log that can't be read", async () => {
    const problem = { "content-type": "application/problem+json" };
    expect(await diagnose(appAt(await startStranger(503, problem, "{}")))).toMatchObject({ outcome: "server_fault" });
    const report = await runPreflight(appAt(await startDoor()));
    const log = { type: "unreadable" } as const;
    expect(diagnosePreflight({ ...report, log })).toMatchObject({ outcome: "log_unreadable" });
    const { finding } = diagnosePreflight({ ...report, log, answer: { type: "none", reason: "timeout" } });
    expect(finding).toContain("the log could not be read to see whether it arrived");
  });
});
