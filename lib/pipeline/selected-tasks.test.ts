import { randomUUID } from "node:crypto";
import { eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { tasks } from "@/db/schema";
import { countTasks } from "@/lib/periods/count-tasks";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { eraseSelected, pollSelected, requireMayErase, resubmitSelected } from "@/lib/pipeline/selected-tasks";
import { submitLead } from "@/lib/pipeline/submit";
import {
  confirmList,
  createTestBench,
  deliver,
  findEmailInput,
  namesAsked,
  type TestBench,
  tokenOf,
} from "@/lib/testing";

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

const ROUND = { forMs: 15_000 };
const submit = (name: string) => submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() });
const read = async (ids: string[]) => {
  const rows = await bench.context.db.select().from(tasks).where(inArray(tasks.id, ids));
  return ids.map((id) => rows.find((row) => row.id === id));
};
/** Submits one and ends it as failed. */
async function failed(name: string): Promise<string> {
  const { taskId } = await submit(name);
  const job = (await bench.sandbox.jobs()).at(-1);
  await deliver(bench.context, { task_id: job?.taskId, status: "failed", error: "x" }, { token: tokenOf(job) });
  return taskId;
}

test("polls the running ones of a selection at the app's pace, and leaves the others", async () => {
  const running = (await submit("Poll me")).taskId;
  const other = (await submit("Not me")).taskId;
  const ended = await failed("Ended");
  expect(await pollSelected(bench.context, { ids: [running, ended] })).toEqual({ done: 1, more: false });
  const [polled, left] = await read([running, other]);
  expect(polled?.nextPollAt?.getTime()).toBeLessThanOrEqual(Date.now());
  expect(left?.nextPollAt?.getTime()).toBeGreaterThan(Date.now());
});

test("submits again what has failed or waits for a person, each once, and nothing that may have been accepted", async () => {
  const { context } = bench;
  const lost = await failed("Failed");
  await bench.sandbox.nextSubmit({ status: 402 });
  const held = (await submit("Held")).taskId;
  await bench.sandbox.nextSubmit({ loseAnswer: true });
  const unconfirmed = (await submit("Unconfirmed")).taskId;
  const running = (await submit("Running")).taskId;
  const ids = [lost, held, unconfirmed, running];
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  const presses = await Promise.all(Array.from({ length: 3 }, () => resubmitSelected(context, { ids })));
  expect(presses.reduce((total, { done }) => total + done, 0)).toBe(2);
  await dispatch(context, ROUND);
  expect(await namesAsked(bench.sandbox)).toEqual(["Failed", "Held"]);
  const [first, second, third] = await read(ids);
  expect(first).toMatchObject({ status: "failed", retriedAsId: expect.any(String) });
  expect(second).toMatchObject({ status: "running" });
  expect(third).toMatchObject({ status: "unconfirmed" });
});

test("sends nothing of a submission that is paused", async () => {
  const { context } = bench;
  const submissionId = await confirmList(context, { kind: "people_intelligence", count: 2, prefix: "Paused" });
  await pauseSubmission(context, { submissionId });
  const found = await context.db.select({ id: tasks.id }).from(tasks).where(eq(tasks.submissionId, submissionId));
  expect(await resubmitSelected(context, { ids: found.map(({ id }) => id) })).toEqual({ done: 0, more: false });
  expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
});

test("erases all that a filter leaves, call by call, and nothing that came after it was chosen", async () => {
  const { context } = bench;
  const submissionId = await confirmList(context, { kind: "people_intelligence", count: 230, prefix: "Erase" });
  expect(await countTasks(context, { submission: submissionId })).toMatchObject({ all: 230 });
  const { newestId } = await countTasks(context, {});
  const later = (await submit("Later")).taskId;
  const selection = { filter: { submission: submissionId }, upToId: newestId ?? "" };
  const calls = [];
  for (let more = true; more; ) {
    const outcome = await eraseSelected(context, selection);
    calls.push(outcome.done);
    more = outcome.more;
  }
  expect(calls).toEqual([100, 100, 30]);
  expect(await eraseSelected(context, { filter: { q: "Later" }, upToId: newestId ?? "" })).toEqual({
    done: 0,
    more: false,
  });
  const [kept] = await read([later]);
  expect(kept?.erasedAt).toBeNull();
  const rows = await context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId));
  expect(rows.every(({ erasedAt, request }) => erasedAt !== null && JSON.stringify(request) === "{}")).toBe(true);
});

test("members erase one lead at a time, and admins as many as they choose", async () => {
  const person = {
    type: "user",
    id: randomUUID(),
    sessionId: randomUUID(),
    email: "a@example.com",
    name: "A",
  } as const;
  const [member, admin] = [
    { ...person, role: "member" as const },
    { ...person, role: "admin" as const },
  ];
  const [one, two] = [(await submit("One")).taskId, (await submit("Two")).taskId];
  const many = (await submit("Of many")).taskId;
  await bench.context.db.update(tasks).set({ leadCount: 2 }).where(eq(tasks.id, many));
  const selections = [
    { ids: [one, two] },
    { ids: [many] },
    { filter: {}, upToId: two },
    { filter: { q: "One" }, upToId: one },
  ];
  for (const selection of selections) {
    await expect(requireMayErase(bench.context, member, selection)).rejects.toMatchObject({ code: "forbidden" });
    await requireMayErase(bench.context, admin, selection);
    await requireMayErase(bench.context, { type: "nobody" }, selection);
  }
  await requireMayErase(bench.context, member, { ids: [one] });
  await requireMayErase(bench.context, member, { ids: [one, one] });
});
