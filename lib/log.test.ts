import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { divertLog, idForLog, log } from "@/lib/log";
import { dispatch } from "@/lib/pipeline/dispatch";
import { fetchDueRows } from "@/lib/pipeline/fetch-rows";
import { pollTask } from "@/lib/pipeline/poll";
import { reconcile } from "@/lib/pipeline/reconcile";
import { submitLead } from "@/lib/pipeline/submit";
import { submitLeads } from "@/lib/pipeline/submit-leads";
import { confirmList, createTestBench, deliver, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
let lines: string[] = [];
let endDiversion: () => void;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
  lines = [];
  endDiversion = divertLog((line) => lines.push(line));
});
afterEach(() => endDiversion());

const logged = (event: string) => lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);

/** What must stand in no line: what the lead is called, where it is reached, what was found, what it was asked with. */
const LEAD = { name: "Zebulon Quillfeather", company: "Quillfeather Marmalade", email: "zeb@quillfeather.example" };
const PRIVATE = /zebulon|quillfeather|marmalade|found@|token=|sk_whsec|api\/webhooks/i;

async function submit() {
  const input = { kind: "find_email", lead: LEAD, options: {} } as const;
  const { taskId } = await submitLead(bench.context, { input, formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { taskId, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

const completed = (jobId: string) => ({
  task_id: jobId,
  status: "completed",
  result: { name: LEAD.name, email: [["found@quillfeather.example", "OK", "COMPANY"]] },
});

describe("the log of the pipeline", () => {
  test("has a line for each submit and each webhook request, with their ids and nothing of the lead", async () => {
    const { taskId, jobId, token } = await submit();
    const eventId = randomUUID();
    const headers = { "sixtyfour-event-id": eventId, "sixtyfour-delivery-attempt": "2" };
    await deliver(bench.context, completed(jobId), { token, headers });
    await deliver(bench.context, completed(jobId), { token, headers });
    await deliver(bench.context, completed(jobId), { token, signed: false });
    await deliver(bench.context, completed(LEAD.email), { headers: { "sixtyfour-event-id": LEAD.email } });
    await deliver(bench.context, `{"task_id": "${LEAD.name}`);

    const submitted = { taskId, sixtyfourTaskId: jobId, kind: "find_email", shape: "single", outcome: "accepted" };
    expect(logged("submit")).toMatchObject([{ level: "info", ...submitted, ms: expect.any(Number) }]);
    const id = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const ordinary = { taskId, sixtyfourTaskId: jobId, deliveryId: id, eventId, attempt: 2, signature: "valid" };
    expect(logged("webhook")).toMatchObject([
      { ...ordinary, outcome: "applied", answer: 200, handledMs: expect.any(Number) },
      { ...ordinary, outcome: "duplicate", answer: 200 },
      { outcome: "refused", answer: 401, signature: "missing", deliveryId: id },
      { outcome: "unmatched", answer: 200, sixtyfourTaskId: "(no id)", eventId: "(no id)" },
      { outcome: "malformed", answer: 400 },
    ]);
    expect(lines.join("\n")).not.toMatch(PRIVATE);
  });

  test("has a line for a poll, and for a round only where it did something", async () => {
    const { taskId, jobId } = await submit();
    await bench.sandbox.release(jobId);
    await reconcile(bench.context);
    await dispatch(bench.context, { forMs: 100 });
    expect(logged("reconcile")).toEqual([]);
    expect(logged("dispatch")).toEqual([]);
    await bench.context.db.execute(`update tasks set next_poll_at = now() where id = '${taskId}'`);
    await reconcile(bench.context);
    expect(logged("poll")).toMatchObject([{ taskId, sixtyfourTaskId: jobId, by: "app", outcome: "completed" }]);
    expect(logged("reconcile")).toMatchObject([{ polled: 1, unconfirmed: 0 }]);
    expect((await pollTask(bench.context, { taskId, by: "person" })).type).toBe("already_ended");
    expect(logged("poll")).toHaveLength(1);
    expect(lines.join("\n")).not.toMatch(PRIVATE);
  });

  test("has a line for a list that is confirmed, what was sent of it, and why it paused", async () => {
    const submissionId = await confirmList(bench.context, { kind: "people_intelligence", count: 2, prefix: LEAD.name });
    await dispatch(bench.context, { forMs: 5_000 });
    expect(logged("list_confirmed")).toMatchObject([{ submissionId, leads: 2, kind: "people_intelligence" }]);
    expect(logged("dispatch")).toMatchObject([{ sent: 2 }]);

    const broke = { fields: { name: LEAD.name, company: "Broke Ltd" }, cells: null };
    const submission = { kind: "people_intelligence" as const, options: {}, leads: [broke], name: "" };
    const paused = await submitLeads(bench.context, { submission, requestKey: randomUUID() });
    await dispatch(bench.context, { forMs: 5_000 });
    expect(logged("paused")).toMatchObject([{ submissionId: paused.submissionId, reason: "no_credits" }]);
    expect(logged("submit").at(-1)).toMatchObject({ outcome: "held", reason: "no_credits", sixtyfourTaskId: null });
    expect(lines.join("\n")).not.toMatch(PRIVATE);
  });

  test("has a line for a file's rows", async () => {
    const fields = { name: LEAD.name, email: LEAD.email };
    const leads = [{ fields, cells: null }];
    const submission = { kind: "people_intelligence" as const, options: {}, leads, name: "", asFile: true as const };
    await submitLeads(bench.context, { submission, requestKey: randomUUID() });
    await dispatch(bench.context, { forMs: 5_000 });
    const [{ taskId, sixtyfourTaskId }] = logged("submit");
    await bench.sandbox.release(sixtyfourTaskId);
    await bench.context.db.execute(`update tasks set next_poll_at = now() where id = '${taskId}'`);
    await reconcile(bench.context);
    await fetchDueRows(bench.context, { forMs: 5_000 });
    expect(logged("file_rows")).toMatchObject([{ taskId, sixtyfourTaskId, outcome: "stored", rows: 1 }]);
    expect(lines.join("\n")).not.toMatch(PRIVATE);
  });
});

describe("a line", () => {
  test("is one line of JSON with its time, level and event", () => {
    log.error("it_broke", new Error("first\nsecond"), { taskId: "t" });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("\n");
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: "error",
      event: "it_broke",
      taskId: "t",
      error: "Error: first\nsecond",
    });
  });

  test.each([
    ["0f8b6f0e-5f1e-4d3e-9d53-0a4e4b1f2a3b", "0f8b6f0e-5f1e-4d3e-9d53-0a4e4b1f2a3b"],
    ["job_1.2:3", "job_1.2:3"],
    ["ada@ae.example", "(no id)"],
    ["Ada Lovelace", "(no id)"],
    ["x".repeat(129), "(no id)"],
    [undefined, null],
  ])("repeats of what is called an id no more than an id: %j", (given, told) => {
    expect(idForLog(given)).toBe(told);
  });
});
