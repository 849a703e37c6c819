import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveries } from "@/db/schema";
import { pollTask } from "@/lib/pipeline/poll";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

async function runningTask() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const { taskId: sixtyfourTaskId } = await getTask(bench.context, taskId);
  if (!sixtyfourTaskId) throw new Error("The sandbox gave no task_id.");
  return { id: taskId, sixtyfourTaskId };
}

const RESULT = { email: [["ada@ae.example", "OK", "COMPANY"]], cost_cents: 5 };
const storedOf = (sixtyfourTaskId: string) =>
  bench.context.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.sixtyfourTaskId, sixtyfourTaskId))
    .orderBy(deliveries.id);

describe("receiveDelivery", () => {
  test("ends the task and keeps what came, byte for byte", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const event = { task_id: sixtyfourTaskId, status: "completed", task_type: "find_email", result: RESULT };
    const headers = {
      "sixtyfour-event-id": "event-1",
      "sixtyfour-delivery-attempt": "2",
      authorization: "Bearer secret",
    };
    expect(await deliver(bench.context, event, { headers })).toMatchObject({ outcome: "applied" });

    expect(await getTask(bench.context, id)).toMatchObject({
      status: "completed",
      deliveredVia: "webhook",
      deliveredAttempt: 2,
      result: RESULT,
      chargedCents: 5,
      nextPollAt: null,
    });
    const [stored] = await storedOf(sixtyfourTaskId);
    expect(stored).toMatchObject({
      taskId: id,
      eventId: "event-1",
      attempt: 2,
      outcome: "applied",
      taskType: "find_email",
    });
    expect(Buffer.from(stored?.body ?? []).toString()).toBe(JSON.stringify(event));
    expect(JSON.stringify(stored?.headers)).not.toContain("secret");
  });

  test("a failed job is told with its reason", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await deliver(bench.context, { task_id: sixtyfourTaskId, status: "failed", error: "No such person" });
    expect(await getTask(bench.context, id)).toMatchObject({
      status: "failed",
      errorCode: "job_failed",
      error: "No such person",
      result: null,
      deliveredVia: "webhook",
    });
  });

  test("a duplicate delivery changes nothing, and stands in the log and the history", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const event = { task_id: sixtyfourTaskId, status: "completed", result: RESULT };
    await deliver(bench.context, event);
    const before = await getTask(bench.context, id);
    expect(await deliver(bench.context, { ...event, result: { email: [] } })).toMatchObject({ outcome: "duplicate" });
    const { history, ...after } = await getTask(bench.context, id);
    expect(after).toEqual((({ history: _, ...rest }) => rest)(before));
    expect(history.map(({ type, detail }) => [type, detail.outcome ?? null])).toEqual([
      ["created", null],
      ["submitted", null],
      ["delivery", "applied"],
      ["ended", null],
      ["delivery", "duplicate"],
    ]);
  });

  test("fifty identical deliveries at once: one applies, all are kept", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const event = { task_id: sixtyfourTaskId, status: "completed", result: RESULT };
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => deliver(bench.context, event)));
    expect(outcomes.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === "duplicate")).toHaveLength(49);
    expect(await storedOf(sixtyfourTaskId)).toHaveLength(50);
    const { history } = await getTask(bench.context, id);
    expect(history.filter(({ type }) => type === "ended")).toHaveLength(1);
  });

  test("failed after completed: the first end stays, and the conflict is told", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: RESULT });
    expect(await deliver(bench.context, { task_id: sixtyfourTaskId, status: "failed", error: "x" })).toMatchObject({
      outcome: "conflict",
    });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "completed", result: RESULT, error: null });
  });

  test("a status that is no end is noted", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    expect(await deliver(bench.context, { task_id: sixtyfourTaskId, status: "thinking" })).toMatchObject({
      outcome: "noted",
    });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "running" });
  });

  test("an unknown task_id is kept as unmatched", async () => {
    expect(await deliver(bench.context, { task_id: "nobody's", status: "completed", result: {} })).toMatchObject({
      outcome: "unmatched",
    });
    expect(await storedOf("nobody's")).toMatchObject([{ taskId: null, outcome: "unmatched" }]);
  });

  test("a workflow's envelope is kept and applied to nothing", async () => {
    const before = await bench.context.db.$count(deliveries);
    expect(await deliver(bench.context, { event_id: "e", run_id: "r", results: [] })).toMatchObject({
      outcome: "workflow",
    });
    expect(await bench.context.db.$count(deliveries)).toBe(before + 1);
  });

  test("a result with characters that Postgres refuses is stored all the same", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const event = { task_id: sixtyfourTaskId, status: "completed", result: { notes: "a\0b\ud800c", email: "x\0" } };
    expect(await deliver(bench.context, event)).toMatchObject({ outcome: "applied" });
    expect((await getTask(bench.context, id)).result).toEqual({ notes: "a\ufffdb\ufffdc", email: "x\ufffd" });
  });

  test("a completed job without a result is completed", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    expect(await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed" })).toMatchObject({
      outcome: "applied",
    });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "completed", result: null });
  });

  test("a webhook and a poll at the same moment: one wins, and the result is right", async () => {
    const rounds = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const { id, sixtyfourTaskId } = await runningTask();
        await bench.sandbox.release(sixtyfourTaskId, { status: "completed", result: RESULT });
        const event = { task_id: sixtyfourTaskId, status: "completed", result: RESULT };
        await Promise.all([deliver(bench.context, event), pollTask(bench.context, { taskId: id, by: "person" })]);
        const { status, result, history } = await getTask(bench.context, id);
        return { status, result, ends: history.filter(({ type }) => type === "ended").length };
      }),
    );
    expect(rounds).toEqual(Array.from({ length: 10 }, () => ({ status: "completed", result: RESULT, ends: 1 })));
  });
});
