import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { type Job, progressOf } from "@/sandbox/jobs";
import { type Sandbox, startSandbox } from "@/sandbox/server";
import { startWebhookReceiver, type WebhookReceiver } from "@/sandbox/webhook-receiver";

const headers = { "x-api-key": "test", "content-type": "application/json" };
const LEADS = [{ name: "Ada" }, { name: "Emil" }, { name: "Mei" }];

let sandbox: Sandbox;
let receiver: WebhookReceiver;
let control: SandboxControl;

beforeEach(async () => {
  sandbox = await startSandbox({ retryBaseMs: 1 });
  receiver = await startWebhookReceiver();
  control = createSandboxControl(sandbox.url);
  await control.hold(true);
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

async function post(path: string, body: object) {
  const given = { ...body, webhook_url: receiver.url };
  const response = await fetch(`${sandbox.url}${path}`, { method: "POST", headers, body: JSON.stringify(given) });
  return response.json();
}

async function jobStatus(taskId: string) {
  return (await fetch(`${sandbox.url}/job-status/${taskId}`, { headers })).json();
}

describe("the progress of a job with many leads", () => {
  test("starts at none, and is what a test says, until the job has ended", async () => {
    const { task_id } = await post("/find-email-bulk-async", { leads: LEADS });
    expect((await jobStatus(task_id)).progress).toEqual({ completed: 0, total: 3 });
    await control.setProgress(task_id, { completed: 2, total: 3 });
    expect((await jobStatus(task_id)).progress).toEqual({ completed: 2, total: 3 });
    await control.release(task_id);
    expect(await jobStatus(task_id)).not.toHaveProperty("progress");
  });

  test("grows with the time, and reaches all only with the end", () => {
    const body = { leads: LEADS };
    const path = "/find-email-bulk-async";
    const job = { path, body, acceptedAtMs: 1_000, endsAtMs: 2_000, outcome: null, progress: null } as unknown as Job;
    const completed = [1_000, 1_400, 1_700, 2_000, 9_000].map((now) => progressOf(job, now)?.completed);
    expect(completed).toEqual([0, 1, 2, 2, 2]);
  });

  test("is nothing that a single lead has", async () => {
    const { task_id } = await post("/find-email-async", { lead: LEADS[0] });
    expect(await jobStatus(task_id)).not.toHaveProperty("progress");
  });
});

describe("the status", () => {
  test("of a running job is what a test says", async () => {
    const { task_id } = await post("/find-email-async", { lead: LEADS[0] });
    await control.say(task_id, "continued_as_new");
    expect(await jobStatus(task_id)).toMatchObject({ status: "continued_as_new", close_time: null });
    await control.say(task_id, null);
    expect(await jobStatus(task_id)).toMatchObject({ status: "running" });
  });

  test.each(["cancelled", "terminated", "timed_out"] as const)(
    "%s ends a job, and no webhook tells it",
    async (status) => {
      const ended = await post("/find-email-async", { lead: LEADS[0] });
      await control.release(ended.task_id, { status, error: "Ended from outside." });
      expect(await jobStatus(ended.task_id)).toMatchObject({ status, error: "Ended from outside.", charge_amount: 0 });
      const other = await post("/find-email-async", { lead: LEADS[1] });
      await control.release(other.task_id);
      const [delivery] = await receiver.received(1);
      expect(delivery?.event).toMatchObject({ task_id: other.task_id });
      expect((await control.job(ended.task_id)).webhookAttempts).toEqual([]);
    },
  );

  test("failed may have an object as its error", async () => {
    const { task_id } = await post("/find-email-async", { lead: LEADS[0] });
    const error = { code: "no_sources", message: "No source could be reached." };
    expect(await control.release(task_id, { error })).toMatchObject({ status: "failed", error });
    expect(await jobStatus(task_id)).toMatchObject({ status: "failed", error });
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toMatchObject({ status: "failed", error });
  });
});

describe("loose types", () => {
  const LOOSE = { name: "Ada", company: "Loose Types Oy" };

  test("stand in the answer, job-status and the webhook of Loose Types Oy, with the right values", async () => {
    const answer = await post("/people-intelligence-async", { lead_info: LOOSE });
    expect(answer).toEqual({ task_id: expect.any(String), status: null });
    expect(await jobStatus(answer.task_id)).toMatchObject({ status: "running", task_type: 7 });

    const { result } = (await control.release(answer.task_id)) as { result: { confidence_score: number } };
    const loose = { ...result, confidence_score: String(result.confidence_score) };
    const ended = await jobStatus(answer.task_id);
    expect(ended).toMatchObject({ status: "completed", task_type: 7, charge_amount: "10", result: loose });
    const [delivery] = await receiver.received(1);
    expect(delivery?.event).toEqual({ task_id: answer.task_id, status: "completed", task_type: 7, result: loose });
  });

  test("stand in all answers while a test wants them, also in each result of many", async () => {
    await control.setLooseTypes(true);
    const { task_id } = await post("/find-email-bulk-async", { leads: LEADS });
    await control.release(task_id);
    const { result } = await jobStatus(task_id);
    expect(result.map(({ cost_cents }: { cost_cents: unknown }) => typeof cost_cents)).toEqual(
      LEADS.map(() => "string"),
    );
    await control.setLooseTypes(false);
    expect(await jobStatus(task_id)).toMatchObject({ task_type: "find_email_bulk", charge_amount: expect.any(Number) });
  });
});
