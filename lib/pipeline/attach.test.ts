import { randomUUID } from "node:crypto";
import { desc } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveries } from "@/db/schema";
import type { Context } from "@/lib/context";
import { getDelivery } from "@/lib/deliveries/get";
import { attachDelivery, readTaskReference } from "@/lib/pipeline/attach";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const RESULT = { email: [["attached@ae.example", "OK"]] };

async function submit(fault?: "loseAnswer") {
  if (fault) await bench.sandbox.nextSubmit({ loseAnswer: true });
  return (await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() })).taskId;
}

async function storedUnmatched(given: { status?: string; jobId?: string; context?: Context; signed?: boolean } = {}) {
  const jobId = given.jobId ?? randomUUID();
  const body = { task_id: jobId, status: given.status ?? "completed", result: RESULT };
  const receipt = await deliver(given.context ?? bench.context, body, { signed: given.signed ?? true });
  expect(receipt.outcome).toBe("unmatched");
  return { deliveryId: await lastDelivery(), jobId };
}

async function lastDelivery(): Promise<string> {
  const [last] = await bench.context.db
    .select({ id: deliveries.id })
    .from(deliveries)
    .orderBy(desc(deliveries.id))
    .limit(1);
  return last?.id ?? "";
}

const attach = (deliveryId: string, taskId: string) => attachDelivery(bench.context, { deliveryId, taskId });

describe("attaching an unmatched delivery", () => {
  test("ends the task once, though pressed 10 times at once", async () => {
    const taskId = await submit();
    const { deliveryId } = await storedUnmatched();
    const presses = await Promise.allSettled(Array.from({ length: 10 }, () => attach(deliveryId, taskId)));
    const [done, ...others] = presses.filter(({ status }) => status === "fulfilled");
    expect(done).toMatchObject({ value: { outcome: "applied" } });
    expect(others).toEqual([]);
    for (const press of presses) {
      if (press.status === "rejected") expect(press.reason).toMatchObject({ code: "conflict" });
    }
    const task = await getTask(bench.context, taskId);
    expect(task).toMatchObject({ status: "completed", result: RESULT });
    expect(task.history.filter(({ type }) => type === "ended")).toHaveLength(1);
    expect(task.history.filter(({ type }) => type === "delivery")).toMatchObject([
      { delivery: { id: deliveryId }, detail: { outcome: "applied", attached: true } },
    ]);
    expect(await getDelivery(bench.context, deliveryId)).toMatchObject({ outcome: "applied", task: { id: taskId } });
  });

  test("of two for one task, given at the same moment, one wins", async () => {
    const taskId = await submit();
    const rivals = [await storedUnmatched(), await storedUnmatched()];
    const presses = await Promise.allSettled(rivals.map(({ deliveryId }) => attach(deliveryId, taskId)));
    expect(presses.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await getTask(bench.context, taskId)).history.filter(({ type }) => type === "ended")).toHaveLength(1);
  });

  test("of two tasks for one delivery, named at the same moment, one gets it", async () => {
    const rivals = [await submit(), await submit()];
    const { deliveryId } = await storedUnmatched();
    const presses = await Promise.allSettled(rivals.map((taskId) => attach(deliveryId, taskId)));
    expect(presses.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const states = await Promise.all(rivals.map(async (id) => (await getTask(bench.context, id)).status));
    expect(states.sort()).toEqual(["completed", "running"]);
  });

  test("tells a task whose answer was lost which job it has, so that later deliveries find it", async () => {
    const taskId = await submit("loseAnswer");
    const { deliveryId, jobId } = await storedUnmatched({ status: "running" });
    expect(await attach(deliveryId, taskId)).toEqual({ outcome: "noted" });
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", taskId: jobId });
    const end = { task_id: jobId, status: "completed", result: RESULT };
    expect(await deliver(bench.context, end)).toMatchObject({ outcome: "applied" });
  });

  test("is possible for one that came unsigned where nothing is signed: the person vouches", async () => {
    const taskId = await submit();
    const unsigned: Context = { ...bench.context, webhook: { ...bench.context.webhook, secrets: [] } };
    const { deliveryId } = await storedUnmatched({ context: unsigned, signed: false });
    expect(await attach(deliveryId, taskId)).toEqual({ outcome: "applied" });
  });

  test("to a task that has ended is refused, and changes nothing", async () => {
    const taskId = await submit();
    await attach((await storedUnmatched()).deliveryId, taskId);
    const { deliveryId } = await storedUnmatched();
    const before = await getTask(bench.context, taskId);
    await expect(attach(deliveryId, taskId)).rejects.toMatchObject({ code: "conflict" });
    expect(await getTask(bench.context, taskId)).toEqual(before);
    expect(await getDelivery(bench.context, deliveryId)).toMatchObject({ outcome: "unmatched", task: null });
  });

  test("to another task than the one that has its job by now is refused", async () => {
    const first = await submit();
    const { deliveryId, jobId } = await storedUnmatched({ status: "running" });
    const { deliveryId: later } = await storedUnmatched({ jobId });
    await attach(deliveryId, first);
    const second = await submit();
    await expect(attach(later, second)).rejects.toMatchObject({ code: "conflict" });
    expect(await attach(later, first)).toEqual({ outcome: "applied" });
  });

  test("that brings no end to a task that was not submitted is refused: it would be paid for twice", async () => {
    await bench.sandbox.nextSubmit({ status: 429 });
    const taskId = await submit();
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "queued" });
    const { deliveryId } = await storedUnmatched({ status: "running" });
    await expect(attach(deliveryId, taskId)).rejects.toMatchObject({ code: "conflict" });
  });

  test("is for unmatched deliveries alone", async () => {
    const taskId = await submit();
    await deliver(bench.context, { task_id: "x", status: "completed" }, { signed: false });
    await expect(attach(await lastDelivery(), taskId)).rejects.toMatchObject({ code: "conflict" });
    await deliver(bench.context, { run_id: "a workflow's" });
    await expect(attach(await lastDelivery(), taskId)).rejects.toMatchObject({ code: "conflict" });
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running" });
  });

  test("says so where there is no such task", async () => {
    const { deliveryId } = await storedUnmatched();
    await expect(attach(deliveryId, randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });
});

test("a task is named by its id or by the address of its page", () => {
  const id = "0198a0b0-1111-7222-8333-444455556666";
  for (const text of [id, ` ${id.toUpperCase()}\n`, `/tasks/${id}`, `https://app.example/tasks/${id}?a=1#b`]) {
    expect(readTaskReference(text)).toBe(id);
  }
  for (const text of ["", "task", `https://app.example/deliveries/${id}`, `${id}0`, `javascript:/tasks/${id}`]) {
    expect(() => readTaskReference(text)).toThrow("Paste a task's id, or the address of its page.");
  }
});
