import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type Sandbox, startSandbox } from "@/sandbox/server";

const PEOPLE = "/people-intelligence-async";
const KEY = "key-of-8";
const lead_info = { name: "Ada Lovelace", company: "Analytical Engines" };
const headers = { "x-api-key": "test", "content-type": "application/json" };

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

async function post(body: object, path = PEOPLE, url = sandbox.url) {
  const response = await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(response.status).toBe(200);
  return response.json();
}

async function jobStatus(taskId: string) {
  return (await fetch(`${sandbox.url}/job-status/${taskId}`, { headers })).json();
}

describe("a dispatch_id", () => {
  test("seen before is answered with the existing job, also under the endpoint's older name", async () => {
    const first = await post({ lead_info, dispatch_id: KEY });
    const again = await post({ lead_info, dispatch_id: KEY });
    const older = await post({ lead_info, dispatch_id: KEY }, "/enrich-lead-async");
    expect([again, older]).toEqual([first, first]);
    expect((await control.stats()).accepted).toBe(1);
    expect(await control.job(first.task_id)).toMatchObject({ idempotencyKey: KEY });
  });

  test("finds the job whose answer was lost, also when the credits have run out", async () => {
    await control.nextSubmit({ loseAnswer: true });
    await expect(post({ lead_info, dispatch_id: KEY })).rejects.toThrow();
    await control.setCredits(0);
    const [job] = await control.jobs();
    expect(await post({ lead_info, dispatch_id: KEY })).toMatchObject({ task_id: job?.taskId });
  });

  test("of a request that was refused is still free, and another key starts another job", async () => {
    await control.nextSubmit({ hangUp: true });
    await expect(post({ lead_info, dispatch_id: KEY })).rejects.toThrow();
    await post({ lead_info, dispatch_id: KEY });
    await post({ lead_info, dispatch_id: `${KEY}-2` });
    await post({ lead_info });
    await post({ lead_info });
    expect((await control.stats()).accepted).toBe(4);
  });

  test("that is not understood starts a job each time, and is named in the answer", async () => {
    await control.setDispatchIds(false);
    const first = await post({ lead_info, dispatch_id: KEY });
    const again = await post({ lead_info, dispatch_id: KEY });
    expect(again.task_id).not.toBe(first.task_id);
    expect(first.unrecognized_fields).toEqual(["dispatch_id"]);
    expect(await post({ lead_info })).not.toHaveProperty("unrecognized_fields");
  });

  test("is not known to companies", async () => {
    const request = { target_company: { name: "Acme" }, struct: { ceo: "Who" }, dispatch_id: KEY };
    const first = await post(request, "/company-intelligence-async");
    expect(first.unrecognized_fields).toEqual(["dispatch_id"]);
    expect((await post(request, "/company-intelligence-async")).task_id).not.toBe(first.task_id);
  });

  test("is remembered by a sandbox that was started again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sandbox-"));
    const stateFile = join(folder, "jobs.jsonl");
    const before = await startSandbox({ stateFile });
    const first = await post({ lead_info, dispatch_id: KEY }, PEOPLE, before.url);
    await before.close();
    const after = await startSandbox({ stateFile });
    expect(await post({ lead_info, dispatch_id: KEY }, "/enrich-lead-async", after.url)).toEqual(first);
    await after.close();
    rmSync(folder, { recursive: true });
  });
});

describe("an investigation", () => {
  beforeEach(() => control.setTierAccess(true));

  test("is named by the submit's answer, while the job runs and at its end", async () => {
    const { task_id, investigation } = await post({ lead_info, tier: "scout", budget: 2 });
    expect(investigation).toEqual({ id: expect.any(String), workspace_url: expect.stringMatching(/^https:/) });
    expect(await jobStatus(task_id)).toMatchObject({ status: "running", investigation });
    await control.release(task_id);
    expect(await jobStatus(task_id)).toMatchObject({ status: "completed", investigation, charge_amount: 600 });
  });

  test("is continued by its id, and another one by default", async () => {
    const first = await post({ lead_info, tier: "xhigh" });
    const { id } = first.investigation;
    expect((await post({ lead_info, tier: "xhigh", investigation_id: id })).investigation).toEqual(first.investigation);
    expect((await post({ lead_info, tier: "xhigh" })).investigation.id).not.toBe(id);
  });

  test("is nothing that other tiers have", async () => {
    const answer = await post({ lead_info, tier: "high" });
    expect(answer).not.toHaveProperty("investigation");
    expect(await jobStatus(answer.task_id)).not.toHaveProperty("investigation");
  });
});
