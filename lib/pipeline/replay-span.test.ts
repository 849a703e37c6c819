import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deliveries, sends, taskEvents } from "@/db/schema";
import { replaySpan } from "@/lib/pipeline/replay-span";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.context.db.delete(taskEvents);
  await bench.context.db.delete(deliveries);
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const AROUND_NOW = { from: minutesFromNow(-60), to: minutesFromNow(60) };
const completed = (jobId: string) => ({ task_id: jobId, status: "completed", result: { email: [["a@ae.example"]] } });

async function submit() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  return { id: taskId, jobId: (await bench.sandbox.jobs()).at(-1)?.taskId ?? "" };
}

/** Deliveries that nobody could place when they came; their tasks are known by now. */
async function storedEarly(count: number) {
  const made = [];
  for (let done = 0; done < count; done += 1) {
    const { id } = await submit();
    const jobId = randomUUID();
    await deliver(bench.context, completed(jobId));
    await bench.context.db.insert(sends).values({ taskId: id, sixtyfourTaskId: jobId });
    made.push(id);
  }
  return made;
}

test("all of a span are given to their tasks, and once more changes nothing", async () => {
  const early = await storedEarly(3);
  const { jobId } = await submit();
  await deliver(bench.context, completed(jobId));
  await deliver(bench.context, completed(randomUUID()));
  await deliver(bench.context, completed(jobId), { signed: false });
  expect(await replaySpan(bench.context, AROUND_NOW)).toEqual([
    { was: "unmatched", came: "applied", deliveries: 3 },
    { was: "applied", came: "duplicate", deliveries: 1 },
    { was: "unmatched", came: "unmatched", deliveries: 1 },
    { was: "refused", came: "left as it is", deliveries: 1 },
  ]);
  for (const id of early) expect(await getTask(bench.context, id)).toMatchObject({ status: "completed" });
  const again = await replaySpan(bench.context, AROUND_NOW);
  expect(again[0]).toEqual({ was: "applied", came: "duplicate", deliveries: 4 });
});

test("only those of the span and of the outcome are touched", async () => {
  const [id = ""] = await storedEarly(1);
  const before = { from: minutesFromNow(-60), to: minutesFromNow(-30) };
  expect(await replaySpan(bench.context, before)).toEqual([]);
  expect(await replaySpan(bench.context, { ...AROUND_NOW, outcome: "conflict" })).toEqual([]);
  expect(await getTask(bench.context, id)).toMatchObject({ status: "running" });
  const wanted = await replaySpan(bench.context, { ...AROUND_NOW, outcome: "unmatched" });
  expect(wanted).toEqual([{ was: "unmatched", came: "applied", deliveries: 1 }]);
});

test("why one was not replayed is told, and the others go on", async () => {
  const { jobId } = await submit();
  await deliver(bench.context, completed(jobId));
  await bench.context.db.update(deliveries).set({ body: new Uint8Array() });
  await storedEarly(1);
  expect(await replaySpan(bench.context, AROUND_NOW)).toEqual([
    { was: "applied", came: "Its payload has been deleted.", deliveries: 1 },
    { was: "unmatched", came: "applied", deliveries: 1 },
  ]);
});
