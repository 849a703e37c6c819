import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { ENDPOINTS } from "@/sandbox/endpoints";
import { type Sandbox, startSandbox } from "@/sandbox/server";

const HEADERS = { "x-api-key": "test", "content-type": "application/json" };
const LEAD = { name: "Ada Lovelace", company: "Analytical Engines" };

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

async function post(path: string, body: object) {
  const response = await fetch(`${sandbox.url}${path}`, {
    method: "POST",
    headers: HEADERS,
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function credits(): Promise<number> {
  return (await (await fetch(`${sandbox.url}/check-balance`, { headers: HEADERS })).json()).credits;
}

describe("the balance", () => {
  test("lets in what it covers, and refuses with 402 what would cost more than is left", async () => {
    await control.setCredits(25);
    expect((await post("/find-email-bulk-async", { leads: Array(6).fill(LEAD) })).status).toBe(402);
    expect((await post("/find-email-bulk-async", { leads: Array(5).fill(LEAD) })).status).toBe(200);
    expect(await post("/find-email-async", { lead: LEAD })).toEqual({
      status: 402,
      body: { detail: "Insufficient credits" },
    });
    expect((await control.stats()).accepted).toBe(1);
  });

  test("sets aside what running jobs may cost, and gives back what they did not", async () => {
    await control.setCredits(100);
    const { body } = await post("/find-email-async", { lead: { company: "Nothing Found AG" } });
    expect(await credits()).toBe(95);
    await control.release(body.task_id);
    expect(await credits()).toBe(100);
  });

  test("is what a test says from then on, whatever was spent before", async () => {
    const { body } = await post("/people-intelligence-async", { lead_info: LEAD, tier: "medium" });
    await control.release(body.task_id);
    await control.setCredits(7.5);
    expect(await credits()).toBe(7.5);
    await control.setCredits(null);
    expect(await credits()).toBe(99_960);
    expect((await post("/people-intelligence-async", { lead_info: LEAD })).status).toBe(200);
  });

  test("comes after what is wrong with the request itself", async () => {
    await control.setCredits(0);
    expect((await post("/find-email-async", {})).status).toBe(422);
    expect((await post("/people-intelligence-async", { lead_info: LEAD, tier: "high" })).status).toBe(403);
  });

  test.each<[string, object]>([
    ["/find-email-bulk-async", { leads: [LEAD, LEAD] }],
    ["/find-phone-async", { lead: LEAD }],
    ["/reverse-email-async", { lead: { email: "ada@analytical-engines.example" } }],
    ["/company-intelligence-async", { target_company: { name: "Acme" }, struct: { ceo: "Who" }, tier: "micro" }],
    ["/research-agent-async", { input_data: LEAD }],
    ["/qa-agent-async", { data: LEAD, qualification_criteria: [{ criteria_name: "Fit", description: "Any" }] }],
  ])("never falls below what was estimated: %s", (path, body) => {
    const endpoint = ENDPOINTS.get(path);
    const estimate = endpoint?.estimateCents({ ...body }) ?? 0;
    expect(estimate).toBeGreaterThan(0);
    expect(endpoint?.makeResult({ ...body }).costCents).toBeLessThanOrEqual(estimate);
  });
});
