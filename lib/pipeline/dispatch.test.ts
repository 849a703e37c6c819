import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { tasks } from "@/db/schema";
import { dispatch } from "@/lib/pipeline/dispatch";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { confirmList, createTestBench, findEmailInput, type TestBench } from "@/lib/testing";

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

/** Ends by itself where nothing is due. */
const ROUND = { forMs: 10_000 };

describe("dispatch", () => {
  test("a task that a 429 held back is sent by itself when its time has come, once", async () => {
    await bench.sandbox.nextSubmit({ status: 429, headers: { "retry-after": "7" } });
    const { taskId: id } = await submitLead(bench.context, { input: findEmailInput("Held"), formKey: randomUUID() });
    const held = await getTask(bench.context, id);
    expect(held.status).toBe("queued");
    expect(Date.parse(held.nextSendAt ?? "") - Date.now()).toBeGreaterThan(5_000);
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 0 });

    const before = (await bench.sandbox.jobs()).length;
    await bench.context.db.update(tasks).set({ nextSendAt: sql`now()` }).where(eq(tasks.id, id));
    const rounds = await Promise.all([
      dispatch(bench.context, ROUND),
      dispatch(bench.context, ROUND),
      dispatch(bench.context, ROUND),
    ]);
    expect(rounds.reduce((sum, { sent }) => sum + sent, 0)).toBe(1);
    expect((await bench.sandbox.jobs()).length).toBe(before + 1);
    expect(await getTask(bench.context, id)).toMatchObject({ status: "running", error: null, nextSendAt: null });
  });

  test("a task that waits for a person, or may have been accepted, is never sent by itself", async () => {
    await bench.sandbox.nextSubmit({ status: 402 });
    await submitLead(bench.context, { input: findEmailInput("Broke"), formKey: randomUUID() });
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    await submitLead(bench.context, { input: findEmailInput("Lost"), formKey: randomUUID() });
    const before = (await bench.sandbox.jobs()).length;
    await bench.context.db.update(tasks).set({ submittedAt: sql`now() - interval '1 day'` });
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 0 });
    expect((await bench.sandbox.jobs()).length).toBe(before);
  });

  test("told to end, it takes on no more, and what is under way is finished", async () => {
    const count = 100;
    // Accepted at once and answered late: cut off in between, nobody would know.
    await bench.sandbox.nextSubmit({ delayMs: 300, times: count });
    const submissionId = await confirmList(bench.context, { kind: "people_intelligence", count });
    const ending = new AbortController();
    const sending = dispatch(bench.context, { ...ROUND, signal: ending.signal });
    await vi.waitUntil(async () => (await bench.sandbox.jobs()).length > 0, { timeout: 10_000, interval: 20 });
    ending.abort();
    const { sent } = await sending;
    expect(sent).toBeLessThan(count);
    expect(await bench.sandbox.jobs()).toHaveLength(sent);
    const made = await bench.context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId));
    expect(made.filter(({ status }) => status === "running")).toHaveLength(sent);
    expect(made.filter(({ status }) => status !== "running" && status !== "queued")).toEqual([]);
    expect(await dispatch(bench.context, { ...ROUND, signal: ending.signal })).toEqual({ sent: 0 });
  });
});
