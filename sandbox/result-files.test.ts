import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";

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
  return results as { filename: string; download_url: string; block_number: number; row_count: number }[];
}

async function completed(file: string, config: object = {}, path = "/bulk-intelligence/people") {
  const taskId = await submit(path, file, config);
  await control.release(taskId);
  return resultsOf(taskId);
}

async function read(url: string | undefined): Promise<string[][]> {
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
    const [file] = await completed('name,title\n"Lovelace, Ada",Countess\nEmil,Baker\n', { struct: typed });
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

  test("leaves the cells of a lead empty about whom nothing was found", async () => {
    const config = { struct: { industry: "What it does", ceo: "Who leads it" } };
    const [file] = await completed("company_name\nNothing Found AG\nAcme\n", config, "/bulk-intelligence/company");
    const [header, nothing, acme] = await read(file?.download_url);
    expect(header).toEqual(["company_name", "industry", "ceo"]);
    expect(nothing).toEqual(["Nothing Found AG", "", ""]);
    expect(acme?.slice(1).every(Boolean)).toBe(true);
  });

  test("of few rows is one file", async () => {
    expect(await completed("name\nAda\n")).toEqual([
      { filename: "my list_results.csv", download_url: expect.any(String), block_number: 1, row_count: 1 },
    ]);
  });

  test("of many rows comes in blocks, of which the one with the highest number is the whole, in order", async () => {
    const names = Array.from({ length: 2_001 }, (_, index) => `Person ${index}`);
    const files = await completed(`name\n${names.join("\n")}\n`, { struct: { ceo: "Who leads it" } });
    const counts = files.map(({ block_number, row_count }) => [block_number, row_count]);
    expect(counts.toSorted()).toEqual([
      [1, 1_000],
      [2, 1_000],
      [3, 1],
      [4, 2_001],
    ]);
    // So that a reader who trusts the order and not the numbers takes a part for the whole, and its test fails.
    expect(files.at(-1)?.row_count).toBeLessThan(2_001);
    const byNumber = files.toSorted((a, b) => a.block_number - b.block_number);
    const [parts, [whole]] = [byNumber.slice(0, 3), byNumber.slice(3)];
    const [header, ...rows] = await read(whole?.download_url);
    expect(rows.map(([name]) => name)).toEqual(names);
    const inParts = [];
    for (const part of parts) inParts.push(await read(part.download_url));
    expect(inParts.flatMap(([, ...partRows]) => partRows)).toEqual(rows);
    expect(inParts.map(([partHeader]) => partHeader)).toEqual([header, header, header]);
  });

  test("is nowhere while the job runs, and after it has failed", async () => {
    const taskId = await submit("/bulk-intelligence/people", "name\nAda\n", {});
    expect(await resultsOf(taskId)).toBeUndefined();
    await control.release(taskId, { status: "failed" });
    expect(await resultsOf(taskId)).toBeUndefined();
  });
});

describe("a link to a result", () => {
  test("needs no API key, and is a fresh one each time", async () => {
    const taskId = await submit("/bulk-intelligence/people", "name\nAda\n", {});
    await control.release(taskId);
    await control.setLinkLifetime(0);
    const [stale] = await resultsOf(taskId);
    await control.setLinkLifetime(60_000);
    const [fresh] = await resultsOf(taskId);
    const answer = await fetch(stale?.download_url ?? "");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("Request has expired");
    expect(await status(fresh?.download_url ?? "")).toBe(200);
  });

  test("lives fifteen minutes by default", async () => {
    const before = Date.now();
    const [file] = await completed("name\nAda\n");
    const expires = Number(new URL(file?.download_url ?? "").searchParams.get("expires"));
    expect(expires - before).toBeGreaterThanOrEqual(900_000);
    expect(expires - Date.now()).toBeLessThanOrEqual(900_000);
  });

  test("that was changed is refused", async () => {
    const [file] = await completed("name\nAda\n");
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
    expect(await status(new URL(`${link.pathname.replace(/1$/, "2")}${link.search}`, link))).toBe(403);
  });

  test("is gone with its job", async () => {
    const [file] = await completed("name\nAda\n");
    await control.reset();
    expect(await status(file?.download_url ?? "")).toBe(404);
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
  const [file] = await resultsOf(task_id, after.url);
  expect((await read(file?.download_url))[1]?.[0]).toBe("Ada");
  expect(await send(after.url)).toMatchObject({ task_id, already_started: true });
  await after.close();
  rmSync(folder, { recursive: true });
});
