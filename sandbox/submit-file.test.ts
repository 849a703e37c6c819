import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { FILE_ENDPOINTS } from "@/sandbox/file-endpoints";
import { type Sandbox, startSandbox } from "@/sandbox/server";
import { startWebhookReceiver } from "@/sandbox/webhook-receiver";

const PEOPLE = "/bulk-intelligence/people";
const COMPANY = "/bulk-intelligence/company";
const STRUCT = { industry: "What it does" };

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

interface Upload {
  path?: string;
  name?: string;
  file?: string | Uint8Array<ArrayBuffer> | null;
  config?: unknown;
  key?: string;
}

function post({ path = PEOPLE, name = "people.csv", file = "name\nAda Lovelace\n", config = {}, key }: Upload = {}) {
  const form = new FormData();
  if (file !== null) form.set("file", new File([file], name));
  if (config !== null) form.set("config", typeof config === "string" ? config : JSON.stringify(config));
  const headers = { "x-api-key": "test", ...(key === undefined ? {} : { "idempotency-key": key }) };
  return fetch(`${sandbox.url}${path}`, { method: "POST", headers, body: form });
}

async function answerOf(upload: Upload) {
  const response = await post(upload);
  return { status: response.status, body: await response.json() };
}

describe("a bulk file", () => {
  test.each([...FILE_ENDPOINTS.keys()])("to %s is accepted, with its rows and what they may cost", async (path) => {
    const config = { struct: STRUCT, tier: "medium", a_field_of_tomorrow: true };
    const { status, body } = await answerOf({ path, file: "name\nAda\nEmil\n", config });
    expect(status).toBe(200);
    expect(body).toEqual({
      task_id: expect.any(String),
      status: "RUNNING",
      row_count: 2,
      estimated_cost_cents: 80,
      estimated_cost_credits: 80,
      already_started: false,
    });
    expect((await control.job(body.task_id)).body).toEqual({
      ...config,
      file: { name: "people.csv", columns: ["name"], rows: [["Ada"], ["Emil"]] },
    });
  });

  test.each([
    ["a.csv", '\uFEFFName,Company\r\nAda,"Engines, Ltd"\r\n\r\nEmil,\r\n'],
    ["a.CSV", "Name;Company\nAda;Engines, Ltd\nEmil;\n"],
    ["a.json", '[{"Name":"Ada","Company":"Engines, Ltd"},{"Name":"Emil","Company":""}]'],
    ["a.jsonl", '{"Name":"Ada","Company":"Engines, Ltd"}\n{"Name":"Emil","Company":""}\n'],
    ["a.ndjson", '{"Name":"Ada","Company":"Engines, Ltd"}\n\n{"Name":"Emil","Company":""}'],
  ])("named %s is read as such", async (name, file) => {
    const { body } = await answerOf({ name, file });
    expect((await control.job(body.task_id)).body.file).toEqual({
      name,
      columns: ["Name", "Company"],
      rows: [
        ["Ada", "Engines, Ltd"],
        ["Emil", ""],
      ],
    });
  });

  test("ends with a webhook as other jobs do, and charges each row", async () => {
    const receiver = await startWebhookReceiver();
    const { body } = await answerOf({ file: "name\nAda\nEmil\n", config: { webhook_url: receiver.url } });
    await control.release(body.task_id);
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toEqual({
      task_id: body.task_id,
      status: "completed",
      task_type: "bulk_intelligence_people",
      result: { row_count: 2 },
    });
    const status = await fetch(`${sandbox.url}/job-status/${body.task_id}`, { headers: { "x-api-key": "test" } });
    expect(await status.json()).toMatchObject({ status: "completed", charge_amount: 20 });
    await receiver.close();
  });

  test("fails, loses its answer or is refused where one of its rows has such a name", async () => {
    const { body } = await answerOf({ file: "Company Name\nAcme\nFails Inc\n" });
    expect(await control.release(body.task_id)).toMatchObject({ status: "failed" });
    expect((await answerOf({ file: "Company\nBroke Ltd\n" })).status).toBe(402);
    await expect(post({ file: "Company\nLost Answer LLC\n" })).rejects.toThrow();
  });
});

describe("an Idempotency-Key", () => {
  test("seen before is answered with the first job, whatever the file, and starts and charges nothing", async () => {
    const first = await answerOf({ key: "one" });
    const again = await answerOf({ key: "one", file: "name\nEmil\nMei\n" });
    const { estimated_cost_cents, estimated_cost_credits, ...withoutEstimate } = first.body;
    expect([estimated_cost_cents, estimated_cost_credits]).toEqual([10, 10]);
    expect(again).toEqual({ status: 200, body: { ...withoutEstimate, already_started: true } });
    expect((await control.stats()).accepted).toBe(1);
    expect(await control.job(first.body.task_id)).toMatchObject({ idempotencyKey: "one" });
  });

  test("finds the job whose answer was lost, also when the credits have run out", async () => {
    await control.nextSubmit({ loseAnswer: true });
    await expect(post({ key: "one" })).rejects.toThrow();
    await control.setCredits(0);
    const [job] = await control.jobs();
    expect((await answerOf({ key: "one" })).body).toMatchObject({ task_id: job?.taskId, already_started: true });
  });

  test("of a request that was refused is still free", async () => {
    await control.nextSubmit({ status: 503 });
    expect((await post({ key: "one" })).status).toBe(503);
    expect((await answerOf({ key: "one" })).body).toMatchObject({ already_started: false });
  });

  test("counts for its own endpoint, and not to have one is to be new each time", async () => {
    const uploads = [
      { key: "one" },
      { key: "two" },
      { key: "one", path: COMPANY, config: { struct: STRUCT } },
      {},
      {},
      { key: "" },
      { key: "" },
    ];
    for (const upload of uploads) expect((await answerOf(upload)).body).toMatchObject({ already_started: false });
  });
});

describe("a bulk file is refused", () => {
  test.each<[string, Upload, unknown]>([
    ["without a file", { file: null }, { loc: ["body", "file"], type: "missing", msg: "Field required" }],
    ["without a config", { config: null }, { loc: ["body", "config"], type: "missing", msg: "Field required" }],
    ["with a config that is no JSON", { config: "{" }, { loc: ["body", "config"], type: "json_invalid" }],
    ["with a config that is a list", { config: [] }, { loc: ["body", "config"], type: "dict_type" }],
    [
      "with a config of more than 300,000 characters",
      { config: { research_plan: "x".repeat(300_000) } },
      { loc: ["body", "config"], type: "string_too_long" },
    ],
    [
      "with a tier that companies don't have",
      { path: COMPANY, config: { struct: STRUCT, tier: "scout" } },
      { loc: ["body", "config", "tier"], type: "literal_error" },
    ],
    [
      "of companies, without a struct",
      { path: COMPANY },
      { loc: ["body", "config", "struct"], type: "missing", msg: "Field required" },
    ],
    [
      "with a webhook on plain http elsewhere",
      { config: { webhook_url: "http://hooks.example/" } },
      { loc: ["body", "config", "webhook_url"], type: "url_scheme" },
    ],
  ])("%s: 422 as FastAPI words it", async (_, upload, issue) => {
    const { status, body } = await answerOf(upload);
    expect(status).toBe(422);
    expect(body).toMatchObject({ detail: [issue] });
  });

  test("where a text stands in the file's place, and where it comes as JSON", async () => {
    const form = new FormData();
    form.set("file", "name\nAda\n");
    form.set("config", "{}");
    const init = { method: "POST", headers: { "x-api-key": "test" } };
    const asText = await fetch(`${sandbox.url}${PEOPLE}`, { ...init, body: form });
    expect([asText.status, await asText.json()]).toMatchObject([
      422,
      { detail: [{ loc: ["body", "file"], type: "value_error" }] },
    ]);
    const asJson = await fetch(`${sandbox.url}${PEOPLE}`, {
      method: "POST",
      headers: { "x-api-key": "test", "content-type": "application/json" },
      body: '{"file":"x","config":{}}',
    });
    expect([asJson.status, await asJson.json()]).toMatchObject([
      422,
      { detail: [{ loc: ["body", "file"] }, { loc: ["body", "config"] }] },
    ]);
  });

  test.each<[string, Upload, number]>([
    ["of another kind", { name: "people.xlsx" }, 400],
    ["without a kind", { name: "people" }, 400],
    ["that is empty", { file: "" }, 400],
    ["with a header alone", { file: "name,company\n" }, 400],
    ["that is not UTF-8", { file: new Uint8Array([0x6e, 0x0a, 0xff, 0xfe, 0x0a]) }, 400],
    ["that is no JSON", { name: "people.json", file: "[{" }, 400],
    ["of JSON without objects", { name: "people.json", file: '["Ada"]' }, 400],
    ["with a broken line", { name: "people.jsonl", file: '{"name":"Ada"}\n{' }, 400],
    ["of more than 100,000 rows", { file: `name\n${"Ada\n".repeat(100_001)}` }, 400],
    ["of more than 100 MB", { file: new Uint8Array(101 * 1024 * 1024) }, 413],
  ])(
    "%s, with a sentence",
    async (_, upload, status) => {
      expect(await answerOf(upload)).toEqual({ status, body: { detail: expect.any(String) } });
      expect((await control.stats()).accepted).toBe(0);
      // To send 100 MB takes 2 s, and ten times that on a machine that builds something else.
    },
    120_000,
  );

  test("whose body is no form", async () => {
    const response = await fetch(`${sandbox.url}${PEOPLE}`, {
      method: "POST",
      headers: { "x-api-key": "test", "content-type": "multipart/form-data; boundary=x" },
      body: "junk",
    });
    expect([response.status, await response.json()]).toEqual([400, { detail: "There was an error parsing the body" }]);
  });

  test("without a key, with a gated tier, and where credits don't cover the estimate", async () => {
    const init = { method: "POST", body: new FormData() };
    expect((await fetch(`${sandbox.url}${PEOPLE}`, init)).status).toBe(401);
    expect((await answerOf({ config: { tier: "high" } })).status).toBe(403);
    await control.setCredits(19);
    expect(await answerOf({ file: "name\nAda\nEmil\n" })).toEqual({
      status: 402,
      body: { detail: "Insufficient credits" },
    });
  });

  test("after ten others within a minute, whatever their key, until a test says otherwise", async () => {
    for (let count = 0; count < 10; count += 1) expect((await post()).status).toBe(200);
    const response = await post();
    expect([response.status, await response.json()]).toEqual([429, { detail: "Rate limit exceeded" }]);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await control.stats()).toMatchObject({ accepted: 10, rateLimited: 1 });
    await control.setFileRateLimit(null);
    expect((await post()).status).toBe(200);
  });
});
