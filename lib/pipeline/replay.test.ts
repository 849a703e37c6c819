import { randomUUID } from "node:crypto";
import { desc } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveries, sends } from "@/db/schema";
import type { Context } from "@/lib/context";
import { getDelivery } from "@/lib/deliveries/get";
import { replayDelivery } from "@/lib/pipeline/replay";
import { submitLead } from "@/lib/pipeline/submit";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

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

const completed = (taskId: string) => ({ task_id: taskId, status: "completed", result: { email: [["a@ae.example"]] } });

async function submit() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { id: taskId, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

/** Hands in a delivery, and finds its id. */
async function stored(body: object, given: Parameters<typeof deliver>[2] = {}, context: Context = bench.context) {
  await deliver(context, body, given);
  const [last] = await bench.context.db
    .select({ id: deliveries.id, outcome: deliveries.outcome })
    .from(deliveries)
    .orderBy(desc(deliveries.id))
    .limit(1);
  if (!last) throw new Error("Nothing was logged.");
  return { deliveryId: last.id, outcome: last.outcome };
}

const replay = (deliveryId: string) => replayDelivery(bench.context, { deliveryId });

/** A delivery that came before anybody knew its task_id, which is known by now. */
async function storedEarly(given: Parameters<typeof deliver>[2] = {}, context: Context = bench.context) {
  const task = await submit();
  const unknown = { ...completed(task.jobId), task_id: randomUUID() };
  const { deliveryId } = await stored(unknown, given, context);
  await bench.context.db.insert(sends).values({ taskId: task.id, sixtyfourTaskId: unknown.task_id });
  return { ...task, deliveryId };
}

describe("replaying", () => {
  test("what ended its task is a duplicate, changes nothing, and stays logged as what ended it", async () => {
    const task = await submit();
    const { deliveryId } = await stored(completed(task.jobId), {
      token: task.token,
      headers: { "sixtyfour-event-id": randomUUID(), "sixtyfour-delivery-attempt": "3" },
    });
    const { history: before, ...ended } = await getTask(bench.context, task.id);
    expect(await replay(deliveryId)).toEqual({ outcome: "duplicate", taskId: task.id });
    expect(await replay(deliveryId)).toEqual({ outcome: "duplicate", taskId: task.id });
    const { history, ...after } = await getTask(bench.context, task.id);
    expect(after).toEqual(ended);
    expect(await getDelivery(bench.context, deliveryId)).toMatchObject({ outcome: "applied", flags: [] });
    expect(history.slice(0, before.length)).toEqual(before);
    expect(history.slice(before.length)).toMatchObject(
      [1, 2].map(() => ({
        type: "delivery",
        delivery: { id: deliveryId },
        detail: { outcome: "duplicate", attempt: 3, flags: [], replayed: true },
      })),
    );
  });

  test("an unmatched one whose task is known by now ends the task once, though pressed 10 times at once", async () => {
    const { id, deliveryId } = await storedEarly();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => replay(deliveryId)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(["applied", ...Array(9).fill("duplicate")]);
    const { status, history } = await getTask(bench.context, id);
    expect(status).toBe("completed");
    expect(history.filter(({ type }) => type === "ended")).toHaveLength(1);
    expect(await getDelivery(bench.context, deliveryId)).toMatchObject({ outcome: "applied", task: { id } });
  });

  test("an unmatched one whose task nobody knows stays unmatched", async () => {
    const { deliveryId } = await stored(completed(randomUUID()));
    expect(await replay(deliveryId)).toEqual({ outcome: "unmatched", taskId: null });
  });

  test("nothing that nobody vouches for is applied", async () => {
    const unsigned: Context = { ...bench.context, webhook: { ...bench.context.webhook, secrets: [] } };
    const withoutProof = [await storedEarly({ signed: false }, unsigned), await storedEarly({ token: "not-ours" })];
    for (const { id, deliveryId } of withoutProof) {
      await expect(replay(deliveryId)).rejects.toMatchObject({ code: "conflict" });
      expect(await getTask(bench.context, id)).toMatchObject({ status: "running" });
    }
  });

  test("one whose event id was used before with other content still applies nothing", async () => {
    const task = await submit();
    const headers = { "sixtyfour-event-id": randomUUID() };
    await stored(completed(randomUUID()), { headers });
    const { deliveryId, outcome } = await stored(completed(task.jobId), { token: task.token, headers });
    expect(outcome).toBe("conflict");
    expect(await replay(deliveryId)).toMatchObject({ outcome: "conflict" });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running" });
  });

  test("one that names another job than its task's is refused, and takes no other task's place", async () => {
    const task = await submit();
    const { deliveryId, outcome } = await stored(completed(randomUUID()), { token: task.token });
    expect(outcome).toBe("conflict");
    await expect(replay(deliveryId)).rejects.toMatchObject({ code: "conflict" });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running", taskId: task.jobId });
  });

  test("what was refused, malformed or about a workflow is refused, with the reason", async () => {
    const task = await submit();
    const turnedAway = [
      await stored(completed(task.jobId), { signed: false }),
      await stored({ nothing: "to read" }),
      await stored({ run_id: "r" }),
    ];
    expect(turnedAway.map(({ outcome }) => outcome)).toEqual(["refused", "malformed", "workflow"]);
    for (const { deliveryId } of turnedAway) {
      await expect(replay(deliveryId)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringMatching(/\.$/),
      });
    }
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running" });
  });

  test("what was erased is refused: its payload is gone", async () => {
    const task = await submit();
    const { deliveryId } = await stored(completed(task.jobId), { token: task.token });
    await eraseTask(bench.context, task.id);
    await expect(replay(deliveryId)).rejects.toMatchObject({ code: "conflict" });
  });

  test("what does not exist is not found", async () => {
    await expect(replay("x")).rejects.toMatchObject({ code: "not_found" });
    await expect(replay(randomUUID())).rejects.toMatchObject({ code: "not_found" });
  });
});
