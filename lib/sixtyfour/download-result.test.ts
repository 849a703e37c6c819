import { createServer, type IncomingHttpHeaders, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import Papa from "papaparse";
import { afterEach, describe, expect, test } from "vitest";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import { type DownloadOutcome, downloadResult } from "@/lib/sixtyfour/download-result";
import { readResultFiles } from "@/lib/sixtyfour/result-files";
import { createSandboxControl } from "@/sandbox/control-client";
import { startSandbox } from "@/sandbox/server";

const SANDBOX = { apiUrl: "http://127.0.0.1:6464" };
const PRIVATE = { apiUrl: "https://api.sixtyfour.ai", allowPrivateAddresses: true };

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers) await close();
  closers = [];
});

/** A storage service on this machine; answers its origin. */
async function storage(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering =
  (status: number, body = "", headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

async function read(outcome: DownloadOutcome): Promise<string> {
  if (outcome.type !== "file") throw new Error(`no file: ${JSON.stringify(outcome)}`);
  const chunks = [];
  for await (const chunk of outcome.chunks) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

describe("a link", () => {
  test("gives the file and its size, and its host hears nothing of our key", async () => {
    let headers: IncomingHttpHeaders = {};
    const origin = await storage((request, response) => {
      headers = request.headers;
      response.writeHead(200, { "content-length": "9" }).end("name\nAda\n");
    });
    const client = createSixtyfourClient({ apiUrl: origin, apiKey: "the-key" });
    const outcome = await client.downloadResult(`${origin}/a.csv?signature=1`);
    expect(outcome).toMatchObject({ type: "file", bytes: 9 });
    expect(await read(outcome)).toBe("name\nAda\n");
    expect(headers["x-api-key"]).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain("the-key");
  });

  test.each([[400], [401], [403], [404], [410]])("answered with %i has expired", async (status) => {
    const origin = await storage(answering(status, "<Error/>"));
    expect(await downloadResult(origin, { apiUrl: origin })).toEqual({ type: "expired" });
  });

  test.each([
    [429, "rate_limited"],
    [408, "server_fault"],
    [500, "server_fault"],
    [503, "server_fault"],
    [204, "server_fault"],
  ])("answered with %i may be good later: %s", async (status, reason) => {
    const origin = await storage(answering(status));
    expect(await downloadResult(origin, { apiUrl: origin })).toEqual({ type: "unavailable", reason });
  });

  test.each([[429], [503]])("answered with %i and a Retry-After of days may be good in an hour", async (status) => {
    const origin = await storage(answering(status, "", { "retry-after": "172800" }));
    expect(await downloadResult(origin, { apiUrl: origin })).toMatchObject({
      type: "unavailable",
      retryAfterSeconds: 3_600,
    });
  });

  test("whose host is not there, or hangs up, may be good later", async () => {
    expect(await downloadResult("https://nowhere.invalid/a", SANDBOX)).toEqual({
      type: "unavailable",
      reason: "unreachable",
    });
    const origin = await storage((request) => request.socket.destroy());
    expect(await downloadResult(origin, { apiUrl: origin })).toEqual({
      type: "unavailable",
      reason: "connection_lost",
    });
  });

  test.each([
    ["http://127.0.0.1:1/a", "https://api.sixtyfour.ai"],
    ["http://files.example/a", "https://api.sixtyfour.ai"],
    ["http://files.example/a", SANDBOX.apiUrl],
    ["https://127.0.0.1/a", "https://api.sixtyfour.ai"],
    ["https://2130706433/a", "https://api.sixtyfour.ai"],
    ["https://[::ffff:127.0.0.1]/a", "https://api.sixtyfour.ai"],
    ["https://169.254.169.254/latest/meta-data/", "https://api.sixtyfour.ai"],
    ["https://localhost/a", "https://api.sixtyfour.ai"],
    // While the API is on this machine, its own origin alone is allowed.
    ["http://127.0.0.1:5432/a", SANDBOX.apiUrl],
    ["http://localhost:6464/a", SANDBOX.apiUrl],
    ["https://127.0.0.1:6464/a", SANDBOX.apiUrl],
    ["https://10.0.0.1/a", SANDBOX.apiUrl],
    ["https://user:password@files.example/a", SANDBOX.apiUrl],
    ["file:///etc/hosts", SANDBOX.apiUrl],
    ["not a link", SANDBOX.apiUrl],
  ])("%s is not followed where the API is %s", async (link, apiUrl) => {
    expect(await downloadResult(link, { apiUrl })).toEqual({ type: "refused", reason: "unsafe_link" });
  });
});

describe("a redirect", () => {
  test("is followed to where a link may lead", async () => {
    const origin = await storage((request, response) => {
      if (request.url === "/a") response.writeHead(307, { location: "/b" }).end();
      else response.end("found");
    });
    expect(await read(await downloadResult(`${origin}/a`, { apiUrl: origin }))).toBe("found");
  });

  test("to another service of this machine is not", async () => {
    let requests = 0;
    const other = await storage((_, response) => {
      requests += 1;
      response.end("secret");
    });
    const origin = await storage(answering(302, "", { location: `${other}/secret` }));
    expect(await downloadResult(origin, { apiUrl: origin })).toEqual({ type: "refused", reason: "unsafe_link" });
    expect(requests).toBe(0);
    expect(await read(await downloadResult(origin, PRIVATE))).toBe("secret");
  });

  test("to anywhere else, or in a circle, is not", async () => {
    const away = await storage(answering(302, "", { location: "http://files.example/" }));
    expect(await downloadResult(away, { apiUrl: away })).toEqual({ type: "refused", reason: "unsafe_link" });
    let requests = 0;
    const circle = await storage((_, response) => {
      requests += 1;
      response.writeHead(302, { location: "/" }).end();
    });
    expect(await downloadResult(circle, { apiUrl: circle })).toEqual({ type: "refused", reason: "unsafe_link" });
    expect(requests).toBe(4);
  });
});

describe("a file", () => {
  test("that says to be larger than what is taken is not read", async () => {
    const origin = await storage(answering(200, "12345", { "content-length": "5" }));
    expect(await downloadResult(origin, { apiUrl: origin, maxResultBytes: 4 })).toEqual({
      type: "refused",
      reason: "too_large",
    });
    expect(await read(await downloadResult(origin, { apiUrl: origin, maxResultBytes: 5 }))).toBe("12345");
  });

  test("that turns out to be larger breaks off with a sentence", async () => {
    const origin = await storage((_, response) => {
      response.write("123");
      response.end("45");
    });
    const outcome = await downloadResult(origin, { apiUrl: origin, maxResultBytes: 4 });
    expect(outcome).toMatchObject({ type: "file", bytes: null });
    await expect(read(outcome)).rejects.toMatchObject({
      code: "upstream",
      message: "The result file is larger than this app takes.",
    });
  });

  test("that breaks off is no file that ends early", async () => {
    const origin = await storage((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half of it", () => response.destroy());
    });
    await expect(read(await downloadResult(origin, { apiUrl: origin }))).rejects.toMatchObject({ code: "upstream" });
  });

  test("that is no longer wanted is not fetched any further", async () => {
    let onClose = () => {};
    const closed = new Promise<void>((resolve) => {
      onClose = resolve;
    });
    const origin = await storage((_, response) => {
      response.on("close", onClose);
      response.write("the beginning of something endless");
    });
    const outcome = await downloadResult(origin, { apiUrl: origin });
    if (outcome.type !== "file") throw new Error("no file");
    for await (const _ of outcome.chunks) break;
    await closed;
  });
});

test("the sandbox's whole result comes by the last of its links, and an expired one by a fresh one", async () => {
  const sandbox = await startSandbox();
  closers.push(sandbox.close);
  const control = createSandboxControl(sandbox.url);
  const client = createSixtyfourClient({ apiUrl: sandbox.url, apiKey: "test" });
  await control.hold(true);
  const names = Array.from({ length: 1_500 }, (_, index) => `Person ${index}`);
  const submitted = await client.submitFile("/bulk-intelligence/people", {
    fileName: "people.csv",
    file: new TextEncoder().encode(`name\n${names.join("\n")}\n`),
    config: { struct: { title: "Job title" } },
    idempotencyKey: "one",
  });
  if (submitted.type !== "accepted") throw new Error(JSON.stringify(submitted));
  await control.release(submitted.sixtyfourTaskId);
  const wholeOf = async () => {
    const status = await client.jobStatus(submitted.sixtyfourTaskId);
    return readResultFiles(status.type === "job" ? status.job.results : null).at(-1);
  };

  await control.setLinkLifetime(0);
  const stale = await wholeOf();
  expect(await client.downloadResult(stale?.url ?? "")).toEqual({ type: "expired" });
  await control.setLinkLifetime(60_000);
  const whole = await wholeOf();
  const text = await read(await client.downloadResult(whole?.url ?? ""));
  const [header, ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
  expect(whole).toMatchObject({ fileName: "people_results.csv", blockNumber: 2, rowCount: 1_500 });
  expect(header).toEqual(["name", "title"]);
  expect(rows.map(([name]) => name)).toEqual(names);
});
