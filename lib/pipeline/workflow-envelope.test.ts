import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tasks } from "@/db/schema";
import { PREFLIGHT_EVENT_TYPE } from "@/lib/deliveries/delivery-words";
import { addLeads } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { reconcile } from "@/lib/pipeline/reconcile";
import { createDraft } from "@/lib/submissions/create-draft";
import { confirmList, createTestBench, deliver, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const ENVELOPE = { event_id: "e", run_id: "r", results: [{ name: "Ada", title: "Countess" }] };
const LATER = new Date("2100-01-01T00:00:00Z");

async function submitFile(): Promise<string> {
  const options = { struct: [{ name: "title", description: "Job title", type: "str" as const }] };
  const draft = { kind: "people_intelligence" as const, options, name: "p.csv", columns: ["Name"] };
  const { submissionId } = await createDraft(bench.context, draft);
  await addLeads(bench.context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Ada" }, cells: ["Ada"] }] });
  await confirmDraft(bench.context, { submissionId, reuse: false, asFile: true });
  return submissionId;
}

/** Two running file tasks and a single one, none of them due for a poll. */
let files: string[];
let single: string;
beforeEach(async () => {
  await bench.context.db.update(tasks).set({ status: "cancelled", endedAt: new Date(), nextPollAt: null });
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
  await bench.sandbox.setFileRateLimit(null);
  files = [await submitFile(), await submitFile()];
  single = await confirmList(bench.context, { kind: "find_email", count: 1 });
  await dispatch(bench.context, { forMs: 15_000 });
  await bench.context.db.update(tasks).set({ nextPollAt: LATER }).where(eq(tasks.status, "running"));
});

const taskOf = async (submissionId: string) => {
  const [task] = await bench.context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId));
  return task;
};
const isDue = async (submissionId: string) => {
  const task = await taskOf(submissionId);
  return task?.status === "running" && task.nextPollAt !== null && task.nextPollAt < LATER;
};
const dueOnes = async () => Promise.all([...files, single].map(isDue));

async function tokenOfTask(submissionId: string): Promise<string> {
  const task = await taskOf(submissionId);
  const jobs = await bench.sandbox.jobs();
  return tokenOf(jobs.find(({ taskId }) => taskId === task?.sixtyfourTaskId));
}

describe("a workflow's envelope", () => {
  const unsigned = () => ({ ...bench.context, webhook: { ...bench.context.webhook, secrets: [] } });

  test("with the token of a file task makes that task due, and applies nothing", async () => {
    const token = await tokenOfTask(files[0] ?? "");
    const before = await taskOf(files[0] ?? "");
    expect(await deliver(unsigned(), ENVELOPE, { token, signed: false })).toEqual({ status: 200, outcome: "workflow" });
    expect(await dueOnes()).toEqual([true, false, false]);
    expect(await taskOf(files[0] ?? "")).toEqual({
      ...before,
      nextPollAt: expect.any(Date),
      updatedAt: expect.any(Date),
    });
  });

  test("has job-status asked, which ends the task", async () => {
    const token = await tokenOfTask(files[0] ?? "");
    await bench.sandbox.release((await taskOf(files[0] ?? ""))?.sixtyfourTaskId ?? "");
    await deliver(bench.context, ENVELOPE, { token });
    expect(await dueOnes()).toEqual([true, false, false]);
    expect(await reconcile(bench.context)).toEqual({ polled: 1 });
    expect(await taskOf(files[0] ?? "")).toMatchObject({ status: "completed", nextFetchAt: expect.any(Date) });
  });

  test("with a valid signature alone makes all running file tasks due", async () => {
    expect(await deliver(bench.context, ENVELOPE)).toMatchObject({ outcome: "workflow" });
    expect(await dueOnes()).toEqual([true, true, false]);
  });

  test("with a valid signature and the token of another kind of task makes all running file tasks due", async () => {
    expect(await deliver(bench.context, ENVELOPE, { token: await tokenOfTask(single) })).toMatchObject({
      outcome: "workflow",
    });
    expect(await dueOnes()).toEqual([true, true, false]);
  });

  test("that nothing vouches for is only logged", async () => {
    for (const token of [null, "wrong", await tokenOfTask(single)]) {
      expect(await deliver(unsigned(), ENVELOPE, { token, signed: false })).toMatchObject({ outcome: "workflow" });
    }
    expect(await dueOnes()).toEqual([false, false, false]);
  });

  test("that is the preflight's polls nothing", async () => {
    const headers = { "sixtyfour-event-type": PREFLIGHT_EVENT_TYPE };
    expect(await deliver(bench.context, ENVELOPE, { headers })).toMatchObject({ outcome: "workflow" });
    expect(await dueOnes()).toEqual([false, false, false]);
  });
});
