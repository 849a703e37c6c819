import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { isNoValue } from "@/sandbox/no-value";
import type { ResultFileEntry } from "@/sandbox/result-files";
import { type Sandbox, startSandbox } from "@/sandbox/server";
import { startWebhookReceiver } from "@/sandbox/webhook-receiver";

const PEOPLE = "/bulk-intelligence/people";
const COMPANY = "/bulk-intelligence/company";
/** Nothing listens there. */
const WEBHOOK = "http://127.0.0.1:9/hook";
const HEADERS = { "x-api-key": "test" };

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox();
  control = createSandboxControl(sandbox.url);
});
beforeEach(async () => {
  await control.reset();
  await control.hold(true);
});
afterAll(() => sandbox.close());

async function submit(path: string, file: string, config: object, url = sandbox.url): Promise<string> {
  const form = new FormData();
  form.set("file", new File([file], "my list.csv"));
  form.set("config", JSON.stringify(config));
  const response = await fetch(`${url}${path}`, { method: "POST", headers: HEADERS, body: form });
  return (await response.json()).task_id;
}

async function resultsOf(taskId: string, url = sandbox.url) {
  const response = await fetch(`${url}/job-status/${taskId}`, { headers: HEADERS });
  const { result, results } = await response.json();
  expect(result).toBeUndefined();
  return results as ResultFileEntry[];
}

/** Returns the entries of a completed job by their block numbers: the input's is 1, the enrichment's is 2. */
async function completed(file: string, config: object = {}, path = PEOPLE) {
  const taskId = await submit(path, file, config);
  await control.release(taskId);
  return byNumber(await resultsOf(taskId));
}

function byNumber(entries: ResultFileEntry[]) {
  const [input, enriched, webhook] = entries.toSorted((a, b) => a.block_number - b.block_number);
  return { input, enriched, webhook };
}

async function read(url: string | null | undefined): Promise<string[][]> {
  const response = await fetch(url ?? "");
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/csv; charset=utf-8"]);
  return Papa.parse<string[]>(await response.text(), { skipEmptyLines: true }).data;
}

async function status(url: string | URL): Promise<number> {
  return (await fetch(url)).status;
}

describe("the result of a bulk file", () => {
  test("has the input's columns and then the struct's, and each row's result as if it had been sent alone", async () => {
    const struct = { title: "Job title", employee_count: { description: "Staff", type: "int" }, tags: "Words" };
    const typed = { ...struct, tags: { description: "Words", type: "list[str]" } };
    const { enriched: file } = await completed('name,title\n"Lovelace, Ada",Countess\nEmil,Baker\n', { struct: typed });
    const rows = await read(file?.download_url);

    expect(rows.map((row) => row.slice(0, 2))).toEqual([
      ["name", "title"],
      ["Lovelace, Ada", "Countess"],
      ["Emil", "Baker"],
    ]);
    expect(rows[0]?.slice(2)).toEqual(["title", "employee_count", "tags"]);
    const alone = await fetch(`${sandbox.url}/people-intelligence-async`, {
      method: "POST",
      headers: { ...HEADERS, "content-type": "application/json" },
      body: JSON.stringify({ lead_info: { name: "Emil", title: "Baker" }, struct: typed }),
    });
    const job = await control.release((await alone.json()).task_id);
    const { structured_data } = job.result as { structured_data: Record<string, unknown> };
    expect(rows[2]?.slice(2)).toEqual([
      structured_data.title,
      String(structured_data.employee_count),
      JSON.stringify(structured_data.tags),
    ]);
  });

  test("has no value in the cells of a lead about whom nothing was found", async () => {
    const config = { struct: { industry: "Industry", ceo: "Who leads it" } };
    const { enriched } = await completed("company_name\nNothing Found AG\nAnalytical Engines\n", config, COMPANY);
    const [header, nothing, engines] = await read(enriched?.download_url);
    expect(header).toEqual(["company_name", "industry", "ceo"]);
    expect(nothing?.slice(1).every((cell) => cell === "[]" || isNoValue(cell))).toBe(true);
    expect(engines?.slice(1).some(isNoValue)).toBe(false);
  });

  test("has the input as its first block and the enrichment's file as the second, in no promised order", async () => {
    const taskId = await submit(PEOPLE, "name\nAda\n", { struct: { ceo: "Who" } });
    await control.release(taskId);
    const entries = await resultsOf(taskId);
    expect(entries.map(({ block_number }) => block_number)).toEqual([2, 1]);
    const { input, enriched } = byNumber(entries);
    expect(input?.filename).toBe("my list_input.csv");
    expect(await read(input?.download_url)).toEqual([["name"], ["Ada"]]);
    expect(enriched).toEqual({
      filename: "my list_results.csv",
      storage_bucket: expect.any(String),
      content_type: "text/csv",
      block_number: 2,
      row_count: 1,
      download_url: expect.any(String),
      download_expires_in_seconds: 900,
      results: null,
    });
    expect((await read(enriched?.download_url))[0]).toEqual(["name", "ceo"]);
  });

  test("with a webhook_url has the webhook's block last, with all columns or with its own alone", async () => {
    const { webhook } = await completed("name\nAda\n", { struct: { ceo: "Who" }, webhook_url: WEBHOOK });
    const own = ["webhook_status", "webhook_delivered_at", "webhook_response_code"];
    expect(webhook).toMatchObject({ block_number: 3, row_count: 1 });
    expect((await read(webhook?.download_url))[0]).toEqual(["name", "ceo", ...own]);
    await control.setWebhookBlock("own_columns");
    const rows = await read(webhook?.download_url);
    expect(rows).toEqual([own, [expect.stringMatching(/pending|failed/), expect.any(String), ""]]);
  });

  test("of many rows has all of them in order, and a count that is the right one or 0", async () => {
    const names = Array.from({ length: 2_001 }, (_, index) => `Person ${index}`);
    const { enriched } = await completed(`name\n${names.join("\n")}\n`, { struct: { ceo: "Who leads it" } });
    const [, ...rows] = await read(enriched?.download_url);
    expect(rows.map(([name]) => name)).toEqual(names);

    await control.setFileRateLimit(null);
    const counts = [];
    for (let index = 0; index < 40; index += 1) {
      counts.push((await completed(`name\nPerson ${index}\n`)).enriched?.row_count);
    }
    expect(new Set(counts)).toEqual(new Set([0, 1]));
  });

  test("of companies with their people has these in one cell, as JSON or in Python's notation", async () => {
    const config = { struct: { industry: "Industry" }, lead_struct: { role: "Role" }, find_people: true };
    const names = Array.from({ length: 12 }, (_, index) => `Company ${index}`);
    const { enriched } = await completed(`company_name\n${names.join("\n")}\n`, config, COMPANY);
    const [header, ...rows] = await read(enriched?.download_url);
    expect(header).toEqual(["company_name", "industry", "leads"]);
    const cells = rows.map((row) => row[2] ?? "");
    const asJson = cells.filter((cell) => cell.startsWith('[{"'));
    const asPython = cells.filter((cell) => cell.startsWith("[{'"));
    expect([asJson.length > 0, asPython.length > 0, asJson.length + asPython.length]).toEqual([true, true, 12]);
    for (const cell of asJson)
      expect(JSON.parse(cell)[0]).toMatchObject({ name: expect.any(String), role: expect.any(String) });
  });

  test("is nowhere while the job runs, and after it has failed", async () => {
    const taskId = await submit(PEOPLE, "name\nAda\n", {});
    expect(await resultsOf(taskId)).toBeUndefined();
    await control.release(taskId, { status: "failed" });
    expect(await resultsOf(taskId)).toBeUndefined();
  });
});

describe("a link to a result", () => {
  test("needs no API key, and is a fresh one each time", async () => {
    const taskId = await submit(PEOPLE, "name\nAda\n", {});
    await control.release(taskId);
    await control.setLinkLifetime(0);
    const { enriched: stale } = byNumber(await resultsOf(taskId));
    await control.setLinkLifetime(60_000);
    const { enriched: fresh } = byNumber(await resultsOf(taskId));
    const answer = await fetch(stale?.download_url ?? "");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("Request has expired");
    expect(await status(fresh?.download_url ?? "")).toBe(200);
  });

  test("lives fifteen minutes by default", async () => {
    const before = Date.now();
    const { enriched: file } = await completed("name\nAda\n");
    const expires = Number(new URL(file?.download_url ?? "").searchParams.get("expires"));
    expect(expires - before).toBeGreaterThanOrEqual(900_000);
    expect(expires - Date.now()).toBeLessThanOrEqual(900_000);
  });

  test("that was changed is refused", async () => {
    const { enriched: file } = await completed("name\nAda\n");
    const link = new URL(file?.download_url ?? "");
    const changed = (name: string, value: string) => {
      const copy = new URL(link);
      copy.searchParams.set(name, value);
      return status(copy);
    };
    expect(await changed("expires", "9999999999999")).toBe(403);
    expect(await changed("signature", "0".repeat(64))).toBe(403);
    expect(await changed("signature", "é".repeat(64))).toBe(403);
    expect(await status(new URL(link.pathname, link))).toBe(403);
    expect(await status(new URL(`${link.pathname.replace(/2$/, "1")}${link.search}`, link))).toBe(403);
  });

  test("is gone with its job", async () => {
    const { enriched: file } = await completed("name\nAda\n");
    await control.reset();
    expect(await status(file?.download_url ?? "")).toBe(404);
  });
});

describe("on purpose, a file job", () => {
  test("has no link to the enrichment's file, or to other blocks, in the next answers", async () => {
    const taskId = await submit(PEOPLE, "name\nAda\n", {});
    await control.release(taskId);
    const links = async () => {
      const { input, enriched } = byNumber(await resultsOf(taskId));
      return [input?.download_url ?? null, enriched?.download_url ?? null];
    };
    await control.setNullLinks(1);
    expect(await links()).toEqual([expect.any(String), null]);
    expect(await links()).toEqual([expect.any(String), expect.any(String)]);
    await control.setNullLinks(2, { blocks: [1, 2] });
    expect([await links(), await links()]).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(await links()).toEqual([expect.any(String), expect.any(String)]);
  });

  test("has its rows inline and no link, where they are few", async () => {
    await control.setInlineResults(true);
    const struct = { tags: { description: "Words", type: "list[str]" } };
    const { input, enriched } = await completed("name,company\nAda,Analytical Engines\n", { struct });
    expect(input).toMatchObject({ download_url: null, results: [{ name: "Ada", company: "Analytical Engines" }] });
    expect(enriched).toMatchObject({ download_url: null, results: [{ name: "Ada", tags: expect.any(Array) }] });
    const many = await completed(`name\n${"Ada\n".repeat(101)}`);
    expect(many.enriched).toMatchObject({ download_url: expect.any(String), results: null });
  });

  test("has a webhook that is a workflow's, without a task_id, and none where it failed", async () => {
    const receiver = await startWebhookReceiver();
    await control.setFileWebhook("workflow");
    const failed = await submit(PEOPLE, "name\nAda\n", { webhook_url: receiver.url });
    await control.release(failed, { status: "failed" });
    const taskId = await submit(PEOPLE, "name\nAda\n", { struct: { ceo: "Who" }, webhook_url: receiver.url });
    await control.release(taskId);
    const [delivery] = await receiver.received(1);
    const event = delivery?.event as Record<string, unknown>;
    expect(event).toEqual({
      event_id: delivery?.headers["sixtyfour-event-id"],
      event_type: "outgoing_webhook.completed",
      run_id: expect.any(String),
      results: [{ name: "Ada", ceo: expect.any(String) }],
      results_download_url: expect.any(String),
    });
    expect(delivery?.headers["sixtyfour-event-type"]).toBe("outgoing_webhook.completed");
    expect((await read(String(event.results_download_url)))[0]).toEqual(["name", "ceo"]);
    await receiver.close();
  });

  test("has a damaged file", async () => {
    const names = ["Ada", "Emil", "Mei", "Noor"];
    const { enriched } = await completed(`name\n${names.join("\n")}\n`, { struct: { company: "Employer" } });
    const text = async () => (await fetch(enriched?.download_url ?? "")).text();
    const whole = await text();
    expect(whole).toMatch(/^name,company\r\nAda,.*\r\nEmil,.*\r\nMei,.*\r\nNoor,.*\r\n$/);

    await control.setFileDamage("truncated");
    const truncated = await text();
    expect(whole.startsWith(truncated) && truncated.split("\r\n").length === 5).toBe(true);
    await control.setFileDamage("unclosed_quote");
    expect(await text()).toBe(whole.replace("Mei", '"Mei'));
    await control.setFileDamage("missing_rows");
    expect((await read(enriched?.download_url)).map(([name]) => name)).toEqual(["name", "Ada", "Emil", "Noor"]);
    await control.setFileDamage(null);
    expect(await text()).toBe(whole);
  });
});

test("a sandbox that was started again still has the files, and the keys", async () => {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
  const stateFile = join(folder, "jobs.jsonl");
  const before = await startSandbox({ stateFile });
  await createSandboxControl(before.url).hold(true);
  const form = new FormData();
  form.set("file", new File(["name\nAda\n"], "list.csv"));
  form.set("config", "{}");
  const send = async (url: string) => {
    const headers = { ...HEADERS, "idempotency-key": "one" };
    const response = await fetch(`${url}/bulk-intelligence/people`, { method: "POST", headers, body: form });
    return response.json();
  };
  const { task_id } = await send(before.url);
  await createSandboxControl(before.url).release(task_id);
  await before.close();

  const after = await startSandbox({ stateFile });
  const { enriched: file } = byNumber(await resultsOf(task_id, after.url));
  expect((await read(file?.download_url))[1]?.[0]).toBe("Ada");
  expect(await send(after.url)).toMatchObject({ task_id, already_started: true });
  await after.close();
  rmSync(folder, { recursive: true });
});
