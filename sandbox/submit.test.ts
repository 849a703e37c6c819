import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BEHAVIOURS } from "@/sandbox/behaviours";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { ENDPOINTS } from "@/sandbox/endpoints";
import { type Sandbox, startSandbox } from "@/sandbox/server";

/** Bounds a wait for what certainly comes. */
const WITHIN = { timeout: 10_000 };

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 1000 });
  control = createSandboxControl(sandbox.url);
});
beforeEach(() => control.reset());
afterAll(() => sandbox.close());

const lead = { name: "Ada Lovelace", company: "Analytical Engines" };

function post(path: string, body: unknown, headers: Record<string, string> = { "x-api-key": "test" }) {
  return fetch(`${sandbox.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const validBodies: Record<string, Record<string, unknown>> = {
  "/find-email-async": { lead },
  "/find-phone-async": { lead },
  "/find-email-bulk-async": { leads: [lead] },
  "/find-phone-bulk-async": { leads: [lead] },
  "/reverse-email-async": { lead: { email: "ada@analytical-engines.example" } },
  "/reverse-phone-async": { lead: { phone: "+1 202 555 0143" } },
  "/reverse-email-bulk-async": { leads: [{ email: "ada@analytical-engines.example" }] },
  "/reverse-phone-bulk-async": { leads: [{ phone: "+1 202 555 0143" }] },
  "/people-intelligence-async": { lead_info: lead },
  "/enrich-lead-async": { lead_info: lead },
  "/company-intelligence-async": { target_company: { name: "Analytical Engines" }, struct: { ceo: "Who leads it" } },
  "/enrich-company-async": { target_company: { name: "Analytical Engines" }, struct: { ceo: "Who leads it" } },
  "/research-agent-async": { input_data: { question: "What did they build?" } },
  "/qa-agent-async": { data: lead, qualification_criteria: [{ criteria_name: "Fit", description: "Would they buy?" }] },
};

describe("a submit", () => {
  test.each([...ENDPOINTS.keys()])("to %s is accepted, answered as running, and ends completed", async (path) => {
    const response = await post(path, { ...validBodies[path], a_field_of_tomorrow: true });
    expect(response.status).toBe(200);
    const { unrecognized_fields, ...answer } = await response.json();
    expect(answer).toEqual({ task_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: "RUNNING" });
    const namesIgnored = /people|company|enrich/.test(path);
    expect(unrecognized_fields).toEqual(namesIgnored ? ["a_field_of_tomorrow"] : undefined);
    await expect.poll(async () => (await control.job(answer.task_id)).status, WITHIN).toBe("completed");
  });

  test("without a key, or with an invalid one, is refused with 401 and a sentence", async () => {
    for (const headers of [{}, { "x-api-key": "" }, { "x-api-key": "invalid" }] as Record<string, string>[]) {
      const response = await post("/find-email-async", { lead }, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ detail: expect.any(String) });
    }
  });

  test("may name an https webhook anywhere, and an http one on this machine", async () => {
    await control.hold(true);
    for (const webhook_url of ["https://hooks.example/a", "http://localhost:1/a", "http://[::1]:1/a", null]) {
      expect((await post("/find-email-async", { lead, webhook_url })).status).toBe(200);
    }
  });

  test.each([
    ["/people-intelligence-async", "high"],
    ["/people-intelligence-async", "xhigh"],
    ["/people-intelligence-async", "scout"],
    ["/company-intelligence-async", "high"],
  ])("to %s with tier %s is refused with 403", async (path, tier) => {
    const response = await post(path, { ...validBodies[path], tier });
    expect(response.status).toBe(403);
    expect(await response.json()).toEqual({ detail: expect.stringContaining(tier) });
    await control.setTierAccess(true);
    expect((await post(path, { ...validBodies[path], tier })).status).toBe(200);
  });

  test("of more than 10 MiB is refused with 413", async () => {
    const response = await post("/find-email-async", { lead: { name: "x".repeat(11 * 1024 * 1024) } });
    expect(response.status).toBe(413);
  });
});

describe("a name with a behaviour", () => {
  test.each([
    [BEHAVIOURS.busy, 429],
    [BEHAVIOURS.broke, 402],
    [BEHAVIOURS.gated, 403],
    [BEHAVIOURS.down, 503],
  ] as const)("$name refuses the submit of a lead", async ({ name }, status) => {
    for (const key of ["company", "company_name", "name", "full_name"]) {
      const response = await post("/find-email-async", { lead: { [key]: name.toUpperCase() } });
      expect(response.status).toBe(status);
      if (status === 429) expect(response.headers.get("retry-after")).toBe("5");
      if (status === 503) expect(await response.text()).toMatch(/^<html>/);
    }
    expect((await control.stats()).accepted).toBe(0);
  });

  test.each([BEHAVIOURS.busy, BEHAVIOURS.broke, BEHAVIOURS.down])(
    "$name takes the lead the second time",
    async ({ name }) => {
      const submit = async (lead: object) => (await post("/find-email-async", { lead })).status;
      const lead = { name: "Ada", company: name };
      expect(await submit(lead)).toBeGreaterThanOrEqual(400);
      expect(await submit({ ...lead, name: "Bea" })).toBeGreaterThanOrEqual(400);
      expect(await submit(lead)).toBe(200);
      await control.reset();
      expect(await submit(lead)).toBeGreaterThanOrEqual(400);
    },
  );

  test("Fails Inc ends the job as failed, with a sentence and without a charge", async () => {
    const { task_id } = await (await post("/find-email-async", { lead: { company: "Fails Inc" } })).json();
    await expect.poll(async () => (await control.job(task_id)).status, WITHIN).toBe("failed");
    const status = await fetch(`${sandbox.url}/job-status/${task_id}`, { headers: { "x-api-key": "test" } });
    expect(await status.json()).toMatchObject({ status: "failed", error: expect.any(String), charge_amount: 0 });
  });

  test("Lost Answer LLC accepts the job and breaks the connection", async () => {
    await expect(post("/find-email-async", { lead: { company: "Lost Answer LLC" } })).rejects.toThrow();
    expect((await control.stats()).accepted).toBe(1);
  });

  test("is one only where it stands alone", async () => {
    expect((await post("/find-email-async", { lead: { company: "Busy Ltd & Sons" } })).status).toBe(200);
  });
});

describe("job-status", () => {
  const look = async (path: string) => {
    const response = await fetch(`${sandbox.url}${path}`, { headers: { "x-api-key": "test" } });
    return { status: response.status, body: await response.json() };
  };

  test("tells a running job from an ended one, and gives the charge in the unit asked for", async () => {
    await control.hold(true);
    const { task_id } = await (await post("/people-intelligence-async", { lead_info: lead })).json();
    expect((await look(`/job-status/${task_id}`)).body).toMatchObject({ status: "running", close_time: null });

    await control.release(task_id);
    expect((await look(`/job-status/${task_id}?cost_units=cents`)).body).toMatchObject({
      id: task_id,
      status: "completed",
      task_type: "enrich_lead",
      start_time: expect.any(String),
      close_time: expect.any(String),
      charge_amount: 10,
      result: { structured_data: expect.any(Object) },
    });
    expect((await look(`/job-status/${task_id}?cost_units=credits`)).body).toMatchObject({ charge_credits: 10 });
    expect((await look("/check-balance")).body).toEqual({ credits: 99_990 });
    expect((await look("/api/usage?time_window=3600")).body).toMatchObject({ total_requests: 1, total_cost_cents: 10 });
  });

  test("doesn't know a job that never was", async () => {
    expect(await look("/job-status/nothing")).toEqual({ status: 404, body: { detail: "Job not found" } });
  });

  test("refuses an unknown unit", async () => {
    expect(await look("/job-status/nothing?cost_units=euros")).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ["query", "cost_units"], type: "literal_error" }] },
    });
  });
});

test("an unknown path is 404 and a wrong method 405, as FastAPI words them", async () => {
  expect(await (await post("/find-everything-async", {})).json()).toEqual({ detail: "Not Found" });
  const response = await fetch(`${sandbox.url}/find-email-async`, { headers: { "x-api-key": "test" } });
  expect([response.status, await response.json()]).toEqual([405, { detail: "Method Not Allowed" }]);
});

test("two sandboxes in one process share nothing", async () => {
  const other = await startSandbox();
  await post("/find-email-async", { lead });
  expect((await createSandboxControl(other.url).stats()).accepted).toBe(0);
  expect((await control.stats()).accepted).toBe(1);
  await other.close();
});
