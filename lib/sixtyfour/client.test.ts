import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import { createSandboxControl } from "@/sandbox/control-client";
import { startSandbox } from "@/sandbox/server";

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function clientOf(
  listener: RequestListener,
  given: { submitTimeoutInMs?: number; pollTimeoutInMs?: number } = {},
) {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  return createSixtyfourClient({ apiUrl, apiKey: "the-key", ...given });
}

const answering = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => {
  return (request, response) => {
    request.resume().on("end", () => response.writeHead(status, headers).end(body));
  };
};

describe("submit", () => {
  test("sends the key and JSON, and takes the task_id", async () => {
    let seen: unknown;
    const client = await clientOf((request, response) => {
      const { method, url, headers } = request;
      seen = { method, url, key: headers["x-api-key"], type: headers["content-type"] };
      request.resume();
      response.end('{"task_id":"t-1","status":"RUNNING"}');
    });
    expect(await client.submit("/find-email-async", { lead: {} })).toEqual({
      type: "accepted",
      unrecognizedFields: [],
      investigation: null,
      sixtyfourTaskId: "t-1",
      sixtyfourStatus: "RUNNING",
    });
    expect(seen).toEqual({ method: "POST", url: "/find-email-async", key: "the-key", type: "application/json" });
  });

  test("takes an answer without a status", async () => {
    const client = await clientOf(answering(200, '{"task_id":"t-1"}'));
    expect(await client.submit("/x", {})).toMatchObject({ type: "accepted", sixtyfourStatus: null });
  });

  test.each([
    [401, "unauthorized"],
    [402, "no_credits"],
    [429, "rate_limited"],
    [404, "misconfigured"],
    [405, "misconfigured"],
    [307, "misconfigured"],
  ])("a %i certainly did nothing: held, %s", async (status, reason) => {
    const client = await clientOf(answering(status, '{"detail":"Said so"}', { location: "/elsewhere" }));
    expect(await client.submit("/x", {})).toEqual({
      type: "held",
      reason,
      message: "Said so",
      retryAfterSeconds: null,
    });
  });

  test("reads Retry-After", async () => {
    const client = await clientOf(answering(429, "", { "retry-after": "7" }));
    expect(await client.submit("/x", {})).toMatchObject({ reason: "rate_limited", retryAfterSeconds: 7 });
  });

  test("waits at most an hour, however long Retry-After is, and says so", async () => {
    const client = await clientOf(answering(429, '{"detail":"Slow down"}', { "retry-after": "31536000" }));
    const asked = "Slow down The server asked to wait 365 days; the app tries again within an hour.";
    expect(await client.submit("/x", {})).toMatchObject({ message: asked, retryAfterSeconds: 3_600 });
    expect(await client.jobStatus("x")).toMatchObject({ message: asked, retryAfterSeconds: 3_600 });
    expect(await client.submitFile("/x", FILE)).toMatchObject({ message: asked, retryAfterSeconds: 3_600 });
  });

  test.each([
    [400, "invalid_request"],
    [422, "invalid_request"],
    [413, "invalid_request"],
    [403, "not_enabled"],
  ])("a %i is refused for good: %s", async (status, reason) => {
    const body = '{"detail":[{"loc":["body","lead"],"msg":"Empty","type":"value_error"}]}';
    const client = await clientOf(answering(status, body));
    expect(await client.submit("/x", {})).toEqual({
      type: "refused",
      reason,
      message: "lead: Empty",
      fields: [{ path: ["lead"], message: "Empty" }],
    });
  });

  test.each([[500], [502], [503], [504], [408]])("a %i may have been accepted", async (status) => {
    const client = await clientOf(answering(status, "<html>Bad gateway</html>"));
    expect(await client.submit("/x", {})).toEqual({ type: "unconfirmed", reason: "server_fault", message: null });
  });

  test.each([["not json"], ["{}"], ['{"task_id":""}'], ["null"], [""]])(
    "a 200 with %j may have been accepted",
    async (body) => {
      const client = await clientOf(answering(200, body));
      expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "unreadable_answer" });
    },
  );

  test("silence may have been accepted", async () => {
    const client = await clientOf((request) => request.resume(), { submitTimeoutInMs: 300 });
    expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "timeout" });
  });

  test("a connection that breaks may have been accepted", async () => {
    const client = await clientOf((request) => request.resume().on("end", () => request.socket.destroy()));
    expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "connection_lost" });
  });

  test("a connection that breaks within the answer may have been accepted", async () => {
    const client = await clientOf((request, response) => {
      request.resume();
      response.writeHead(200, { "content-length": "100" }).write('{"task_id":');
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "connection_lost" });
  });

  test("what refuses the connection did nothing", async () => {
    const client = await clientOf(answering(200, ""));
    await new Promise((resolve) => server?.close(resolve));
    expect(await client.submit("/x", {})).toMatchObject({ type: "held", reason: "unreachable" });
  });

  test.each([
    ["http://nowhere.invalid", "a name that doesn't resolve"],
    ["http://127.0.0.1:9", "a port that fetch doesn't call"],
  ])("%s, %s, did nothing", async (apiUrl) => {
    const client = createSixtyfourClient({ apiUrl, apiKey: "k" });
    expect(await client.submit("/x", {})).toMatchObject({ type: "held", reason: "unreachable" });
  });
});

const FILE = {
  fileName: "people.csv",
  file: new TextEncoder().encode("name\nAda\n"),
  config: {},
  idempotencyKey: "k-1",
};

describe("submitFile", () => {
  test("sends the key, the idempotency key and a form, and takes the estimate", async () => {
    let seen: unknown;
    const client = await clientOf(async (request, response) => {
      const { method, url, headers } = request;
      const body = await new Response(new Uint8Array(Buffer.concat(await request.toArray())), {
        headers: { "content-type": String(headers["content-type"]) },
      }).formData();
      const file = body.get("file");
      if (!(file instanceof File)) throw new Error("no file");
      seen = {
        start: [method, url, headers["x-api-key"], headers["idempotency-key"]],
        file: [file.name, await file.text()],
        config: body.get("config"),
      };
      response.end(
        '{"task_id":"t-1","status":"RUNNING","row_count":1,"estimated_cost_cents":12.5,"already_started":false}',
      );
    });
    const config = { struct: { ceo: "Who leads it" }, webhook_url: "https://app.example/hook" };
    const fileName = 'my "list"; é.csv';
    expect(await client.submitFile("/bulk-intelligence/people", { ...FILE, fileName, config })).toEqual({
      type: "accepted",
      unrecognizedFields: [],
      investigation: null,
      sixtyfourTaskId: "t-1",
      sixtyfourStatus: "RUNNING",
      rowCount: 1,
      estimatedCostCents: 12.5,
      alreadyStarted: false,
    });
    expect(seen).toEqual({
      start: ["POST", "/bulk-intelligence/people", "the-key", "k-1"],
      file: [fileName, "name\nAda\n"],
      config: JSON.stringify(config),
    });
  });

  test("takes an answer without an estimate, or with one that can't be read", async () => {
    const none = { rowCount: null, estimatedCostCents: null, alreadyStarted: false };
    const silent = await clientOf(answering(200, '{"task_id":"t-1"}'));
    expect(await silent.submitFile("/x", FILE)).toMatchObject({ type: "accepted", ...none });
    server?.close();
    const odd = await clientOf(answering(200, '{"task_id":"t-1","row_count":"many","already_started":null}'));
    expect(await odd.submitFile("/x", FILE)).toMatchObject({ type: "accepted", ...none });
  });

  test("of a file that the API refuses while it is still being sent is refused, and not unconfirmed", async () => {
    const client = await clientOf((_, response) => {
      response.writeHead(413, { connection: "close" }).end('{"detail":"Too large"}');
    });
    const file = new Blob([new Uint8Array(20_000_000)]);
    expect(await client.submitFile("/x", { ...FILE, file })).toMatchObject({ type: "refused", message: "Too large" });
  });

  test.each<[number, string, unknown]>([
    [402, '{"detail":"Insufficient credits"}', { type: "held", reason: "no_credits", message: "Insufficient credits" }],
    [429, "", { type: "held", reason: "rate_limited", retryAfterSeconds: 7 }],
    [
      422,
      '{"detail":[{"loc":["body","config","struct"],"msg":"Field required","type":"missing"}]}',
      { type: "refused", fields: [{ path: ["config", "struct"], message: "Field required" }] },
    ],
    [502, "<html></html>", { type: "unconfirmed", reason: "server_fault" }],
    [200, "{}", { type: "unconfirmed", reason: "unreadable_answer" }],
  ])("answered with %i %s comes out as from submit", async (status, body, outcome) => {
    const client = await clientOf(answering(status, body, { "retry-after": "7" }));
    expect(await client.submitFile("/x", FILE)).toMatchObject(outcome as object);
  });

  test("whose answer was lost finds the same job when it is repeated with the same key", async () => {
    const sandbox = await startSandbox();
    const control = createSandboxControl(sandbox.url);
    const client = createSixtyfourClient({ apiUrl: sandbox.url, apiKey: "test" });
    await control.nextSubmit({ loseAnswer: true });
    const lost = await client.submitFile("/bulk-intelligence/people", FILE);
    expect(lost).toMatchObject({ type: "unconfirmed", reason: "connection_lost" });
    const [job] = await control.jobs();
    expect(await client.submitFile("/bulk-intelligence/people", FILE)).toEqual({
      type: "accepted",
      unrecognizedFields: [],
      investigation: null,
      sixtyfourTaskId: job?.taskId,
      sixtyfourStatus: "RUNNING",
      rowCount: 1,
      // A replay leaves the estimate out.
      estimatedCostCents: null,
      alreadyStarted: true,
    });
    expect((await control.stats()).accepted).toBe(1);
    await sandbox.close();
  });
});

describe("jobStatus", () => {
  test("asks for the job by its id, whatever that looks like", async () => {
    let url: string | undefined;
    const client = await clientOf((request, response) => {
      url = request.url;
      response.end('{"status":"completed","result":{"a":1},"charge_amount":5}');
    });
    const outcome = await client.jobStatus("a/b?c");
    expect(url).toBe("/job-status/a%2Fb%3Fc?cost_units=cents");
    expect(outcome).toMatchObject({ type: "job", state: "completed", job: { result: { a: 1 }, charge_amount: 5 } });
  });

  test("tells a job that Sixtyfour doesn't know from an address that is not Sixtyfour's", async () => {
    const unknown = await clientOf(answering(404, '{"detail":"Job not found"}'));
    expect(await unknown.jobStatus("x")).toEqual({ type: "unknown_job" });
  });

  test("a 404 in other words is no word about the job", async () => {
    const other = await clientOf(answering(404, "<html>Not here</html>"));
    expect(await other.jobStatus("x")).toMatchObject({ type: "unavailable", reason: "misconfigured" });
  });

  test.each([
    [401, "", "unauthorized"],
    [429, "", "rate_limited"],
    [500, "", "server_fault"],
    [200, "not json", "unreadable_answer"],
  ])("a %i with %j is no answer: %s", async (status, body, reason) => {
    const client = await clientOf(answering(status, body));
    expect(await client.jobStatus("x")).toMatchObject({ type: "unavailable", reason });
  });
});

describe("a connection that breaks before the answer", () => {
  const breakingOnce = () => {
    let requests = 0;
    const listener: RequestListener = (request, response) => {
      requests += 1;
      if (requests === 1) request.socket.destroy();
      else response.end('{"status":"running","credits":7,"task_id":"t-1"}');
    };
    return { listener, requests: () => requests };
  };

  test("is no answer yet where it is free to ask: it is asked once more", async () => {
    for (const ask of ["jobStatus", "checkBalance"] as const) {
      const { listener, requests } = breakingOnce();
      const client = await clientOf(listener);
      expect(await client[ask]("x")).toMatchObject(
        ask === "jobStatus" ? { type: "job", state: "running" } : { type: "balance", credits: 7 },
      );
      expect(requests()).toBe(2);
      server?.close();
    }
  });

  test("is the answer where it breaks again", async () => {
    let requests = 0;
    const client = await clientOf((request) => {
      requests += 1;
      request.socket.destroy();
    });
    expect(await client.jobStatus("x")).toMatchObject({ type: "unavailable", reason: "connection_lost" });
    expect(requests).toBe(2);
  });

  test("leaves a submit unconfirmed, and is never tried again", async () => {
    for (const submit of ["submit", "submitFile"] as const) {
      const { listener, requests } = breakingOnce();
      const client = await clientOf(listener);
      expect(await client[submit]("/x", FILE)).toMatchObject({ type: "unconfirmed", reason: "connection_lost" });
      expect(requests()).toBe(1);
      server?.close();
    }
  });
});

test.each([
  [200, "{}", "unreadable_answer"],
  [200, '{"credits":"plenty"}', "unreadable_answer"],
  [429, "", "rate_limited"],
  [401, '{"detail":"Invalid API key"}', "unauthorized"],
  [502, "<html>", "server_fault"],
])("a balance that is answered %i %s is not known", async (status, body, reason) => {
  const client = await clientOf(answering(status, body));
  expect(await client.checkBalance()).toEqual({ type: "unavailable", reason });
});

describe("an answer is bounded", () => {
  /** Writes spaces before `body` until there are `bytes`, and counts what was taken. */
  const padded =
    (bytes: number, body: string, status = 200): RequestListener =>
    async (request, response) => {
      request.resume();
      response.on("error", () => {});
      response.writeHead(status);
      const block = Buffer.alloc(65_536, " ");
      for (let written = 0; written < bytes && !response.destroyed; written += block.length) {
        if (!response.write(block))
          await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
      }
      response.end(body);
    };

  test("to 1 MB for a submit: what is longer may have been accepted", async () => {
    const client = await clientOf(padded(1_000_000, '{"task_id":"t-1"}'));
    expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "unreadable_answer" });
    expect(await client.checkBalance()).toMatchObject({ type: "unavailable", reason: "unreadable_answer" });
  });

  test("to 50 MB for job-status, which carries results", async () => {
    const large = await clientOf(padded(5_000_000, '{"status":"running"}'));
    expect(await large.jobStatus("x")).toMatchObject({ type: "job", state: "running" });
    server?.close();
    const endless = await clientOf(padded(Number.POSITIVE_INFINITY, ""));
    expect(await endless.jobStatus("x")).toMatchObject({ type: "unavailable", reason: "unreadable_answer" });
  });

  test("also where it is an error, whose status still counts", async () => {
    const client = await clientOf(padded(Number.POSITIVE_INFINITY, "", 402));
    expect(await client.submit("/x", {})).toMatchObject({ type: "held", reason: "no_credits", message: null });
  });

  test("in time until its end, and not only until its head", async () => {
    const dripping: RequestListener = (request, response) => {
      request.resume();
      response.writeHead(200).write("{");
      const drip = setInterval(() => response.write(" "), 20);
      response.on("close", () => clearInterval(drip));
    };
    const client = await clientOf(dripping, { submitTimeoutInMs: 300, pollTimeoutInMs: 300 });
    expect(await client.submit("/x", {})).toMatchObject({ type: "unconfirmed", reason: "timeout" });
    expect(await client.jobStatus("x")).toMatchObject({ type: "unavailable", reason: "timeout" });
  });

  test("to 2 kB of its error text, in bytes and whole characters", async () => {
    const bytesOf = (text: string | null) => new TextEncoder().encode(text ?? "").length;
    for (const detail of ["x".repeat(500_000), "é".repeat(100_000), "😀".repeat(50_000), "\ufffd".repeat(1_500)]) {
      const client = await clientOf(answering(429, JSON.stringify({ detail }), { "retry-after": "99999999" }));
      const outcome = await client.submit("/x", {});
      const message = "message" in outcome ? outcome.message : null;
      expect(bytesOf(message)).toBeLessThanOrEqual(2_000);
      expect(message).toMatch(/… The server asked to wait more than a year/);
      expect(message?.isWellFormed?.() ?? true).toBe(true);
      server?.close();
    }
    const issues = Array.from({ length: 5_000 }, () => ({ loc: ["body", "lead"], msg: "y".repeat(100) }));
    const client = await clientOf(answering(422, JSON.stringify({ detail: issues })));
    const outcome = await client.submit("/x", {});
    expect(bytesOf("message" in outcome ? outcome.message : null)).toBeLessThanOrEqual(2_000);
    expect("fields" in outcome ? outcome.fields.length : 0).toBeLessThanOrEqual(100);
  });
});
