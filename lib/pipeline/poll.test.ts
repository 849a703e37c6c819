import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { pollTask } from "@/lib/pipeline/poll";
import { reconcile } from "@/lib/pipeline/reconcile";
import { submitLead } from "@/lib/pipeline/submit";
import { sixtyfourJobStatus } from "@/lib/sixtyfour/wire";
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

const poll = (taskId: string, context: Context = bench.context) => pollTask(context, { taskId, by: "person" });

/** Counts what goes out to Sixtyfour. */
function countingContext(): { context: Context; asked: () => number } {
  let asked = 0;
  const { sixtyfour } = bench.context;
  const jobStatus = (id: string) => {
    asked += 1;
    return sixtyfour.jobStatus(id);
  };
  return { context: { ...bench.context, sixtyfour: { ...sixtyfour, jobStatus } }, asked: () => asked };
}

describe("pollTask", () => {
  test("a running job stays running, and says so in Sixtyfour's word", async () => {
    const { id } = await runningTask();
    expect(await poll(id)).toEqual({ type: "running", status: "running" });
    const task = await getTask(bench.context, id);
    expect(task).toMatchObject({ status: "running", sixtyfourStatus: "running" });
    expect(task.history.at(-1)).toMatchObject({ type: "polled", detail: { by: "person", answer: "running" } });
  });

  test("a completed job is stored, delivered by poll, with its cost", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.release(sixtyfourTaskId);
    expect(await poll(id)).toEqual({ type: "completed", stored: true });
    const task = await getTask(bench.context, id);
    expect(task).toMatchObject({ status: "completed", deliveredVia: "poll", deliveredAttempt: null });
    expect(task.result).toMatchObject({ email: expect.any(Array) });
    expect(task.chargedCents).toBeGreaterThan(0);
  });

  test("the investigation is kept, though only the last answer names it", async () => {
    const { id } = await runningTask();
    const job = sixtyfourJobStatus.parse({ status: "completed", result: {}, investigation: { id: "inv_1" } });
    const jobStatus = async () => ({ type: "job", state: "completed", job }) as const;
    const context = { ...bench.context, sixtyfour: { ...bench.context.sixtyfour, jobStatus } };
    expect(await poll(id, context)).toMatchObject({ type: "completed" });
    const investigation = { id: "inv_1", workspaceUrl: null };
    expect(await getTask(bench.context, id)).toMatchObject({ status: "completed", investigation });
  });

  test("an answer whose types are loose is stored as well, with its cost", async () => {
    await bench.sandbox.setLooseTypes(true);
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.release(sixtyfourTaskId);
    expect(await poll(id)).toEqual({ type: "completed", stored: true });
    const task = await getTask(bench.context, id);
    expect(task).toMatchObject({ status: "completed", foundCount: 1 });
    expect(task.chargedCents).toBeGreaterThan(0);
  });

  test("how far a running job is is stored, until it ends", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.setProgress(sixtyfourTaskId, { completed: 3, total: 10 });
    await poll(id);
    expect(await getTask(bench.context, id)).toMatchObject({ progress: { completed: 3, total: 10 } });
    await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: { email: [] } });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "completed", progress: null });
  });

  test("a job's error that is an object is stored in its words", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const error = { code: "no_source", message: "No source could be reached." };
    await bench.sandbox.release(sixtyfourTaskId, { status: "failed", error });
    await poll(id);
    expect(await getTask(bench.context, id)).toMatchObject({ errorMessage: "No source could be reached. (no_source)" });
  });

  test("a failed job is stored with its reason", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.release(sixtyfourTaskId, { status: "failed", error: "Too vague" });
    expect(await poll(id)).toEqual({ type: "failed", stored: true });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "failed", error: "Too vague" });
  });

  test("ten presses at once ask Sixtyfour once, and one more within 5 seconds asks nothing", async () => {
    const { id } = await runningTask();
    const { context, asked } = countingContext();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => poll(id, context)));
    expect(outcomes.filter(({ type }) => type === "too_soon")).toHaveLength(9);
    expect(await poll(id, context)).toEqual({ type: "too_soon" });
    expect(asked()).toBe(1);
  });

  test("after 5 seconds it asks again", async () => {
    const { id } = await runningTask();
    const { context, asked } = countingContext();
    await poll(id, context);
    await bench.context.db
      .update(tasks)
      .set({ lastPolledAt: sql`now() - interval '5.1 seconds'` })
      .where(eq(tasks.id, id));
    expect((await poll(id, context)).type).toBe("running");
    expect(asked()).toBe(2);
  });

  test("a webhook that brings the same result after a poll changes nothing", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.release(sixtyfourTaskId);
    await poll(id);
    const before = await getTask(bench.context, id);
    expect(
      await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: { other: 1 } }),
    ).toMatchObject({ outcome: "duplicate" });
    const after = await getTask(bench.context, id);
    expect({ ...after, history: null }).toEqual({ ...before, history: null });
  });

  test("a job that Sixtyfour doesn't know leaves the task as it was", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.forget(sixtyfourTaskId);
    expect(await poll(id)).toEqual({ type: "unknown_job" });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "running", error: null });
  });

  test("an API that can't be reached leaves the task as it was", async () => {
    const { id } = await runningTask();
    const jobStatus = async () =>
      ({ type: "unavailable", reason: "unreachable", message: null, retryAfterSeconds: null }) as const;
    const context = { ...bench.context, sixtyfour: { ...bench.context.sixtyfour, jobStatus } };
    expect(await poll(id, context)).toEqual({ type: "unavailable", reason: "unreachable", message: null });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "running" });
  });

  test("a poll that says running after the end came changes nothing", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    const jobStatus = async () => {
      await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: { a: 1 } });
      return { type: "job", state: "running", job: sixtyfourJobStatus.parse({ status: "running" }) } as const;
    };
    await poll(id, { ...bench.context, sixtyfour: { ...bench.context.sixtyfour, jobStatus } });
    expect(await getTask(bench.context, id)).toMatchObject({
      status: "completed",
      sixtyfourStatus: "completed",
      nextPollAt: null,
      deliveredVia: "webhook",
    });
  });

  test("a task that has ended, or that Sixtyfour never confirmed, is not asked about", async () => {
    const { context, asked } = countingContext();
    const { id, sixtyfourTaskId } = await runningTask();
    await deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: {} });
    expect(await poll(id, context)).toEqual({ type: "already_ended", status: "completed" });
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const lost = await submitLead(context, { input: findEmailInput("Lost"), formKey: randomUUID() });
    expect(await poll(lost.taskId, context)).toEqual({ type: "not_submitted" });
    expect(asked()).toBe(0);
  });

  test("an unknown task is not found", async () => {
    await expect(poll(randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("reconcile", () => {
  // However slow the machine is, no task of an earlier test becomes due in the middle of a later one.
  beforeEach(async () => {
    await bench.context.db.update(tasks).set({ nextPollAt: null });
  });

  const makeDue = (id: string) =>
    bench.context.db.update(tasks).set({ nextPollAt: sql`now() - interval '1 second'` }).where(eq(tasks.id, id));

  test("polls a task that is due, and only that", async () => {
    const [due, notDue] = [await runningTask(), await runningTask()];
    await bench.sandbox.release(due.sixtyfourTaskId);
    await bench.sandbox.release(notDue.sixtyfourTaskId);
    await makeDue(due.id);
    expect(await reconcile(bench.context)).toEqual({ polled: 1 });
    const task = await getTask(bench.context, due.id);
    expect(task).toMatchObject({ status: "completed", deliveredVia: "reconcile" });
    expect(task.history.find(({ type }) => type === "polled")?.detail.by).toBe("app");
    expect(await getTask(bench.context, notDue.id)).toMatchObject({ status: "running" });
  });

  test("two instances never ask about the same task at once", async () => {
    const due = await Promise.all(Array.from({ length: 6 }, runningTask));
    await Promise.all(due.map(({ id }) => makeDue(id)));
    const { context, asked } = countingContext();
    const rounds = await Promise.all(Array.from({ length: 4 }, () => reconcile(context)));
    expect(rounds.reduce((sum, { polled }) => sum + polled, 0)).toBe(6);
    expect(asked()).toBe(6);
  });

  test("a task that is still running is asked about later, and not at once again", async () => {
    const { id } = await runningTask();
    await makeDue(id);
    await reconcile(bench.context);
    expect(Date.parse((await getTask(bench.context, id)).nextPollAt ?? "")).toBeGreaterThan(Date.now());
    expect(await reconcile(bench.context)).toEqual({ polled: 0 });
  });

  test("a job that Sixtyfour hasn't known for an hour is lost there, and says so", async () => {
    const { id, sixtyfourTaskId } = await runningTask();
    await bench.sandbox.forget(sixtyfourTaskId);
    const old = { submittedAt: sql`now() - interval '61 minutes'` };
    await bench.context.db.update(tasks).set(old).where(eq(tasks.id, id));
    await makeDue(id);
    await reconcile(bench.context);
    expect(await getTask(bench.context, id)).toMatchObject({ status: "failed", errorCode: "lost", nextPollAt: null });
  });

  test("polls stay below their share of the rate limit", async () => {
    const { db } = bench.context;
    const { id } = await runningTask();
    await db.update(tasks).set({ lastPolledAt: null });
    const [task] = await db.select().from(tasks).where(eq(tasks.id, id));
    if (!task) throw new Error("The task is gone.");
    const polledLately = Array.from({ length: 100 }, (_, index) => {
      const { id: _id, ...copy } = task;
      return { ...copy, sixtyfourTaskId: `polled-${index}`, lastPolledAt: new Date(), nextPollAt: null };
    });
    await db.insert(tasks).values(polledLately);
    await makeDue(id);
    expect(await reconcile(bench.context)).toEqual({ polled: 0 });
    await db.update(tasks).set({ lastPolledAt: sql`now() - interval '61 seconds'` });
    expect(await reconcile(bench.context)).toEqual({ polled: 1 });
  });

  test("a submit that was cut off is confessed as unconfirmed, not lost", async () => {
    const { id } = await runningTask();
    const old = {
      status: "submitting",
      submittedAt: sql`now() - interval '3 minutes'`,
      sixtyfourTaskId: null,
    } as const;
    await bench.context.db.update(tasks).set(old).where(eq(tasks.id, id));
    await reconcile(bench.context);
    expect(await getTask(bench.context, id)).toMatchObject({ status: "unconfirmed", errorCode: "cut_off" });
  });
});
