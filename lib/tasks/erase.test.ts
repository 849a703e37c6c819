import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveries, leads, submissions, taskEvents, tasks } from "@/db/schema";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { pollTask } from "@/lib/tasks/poll";
import { submitLead } from "@/lib/tasks/submit";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

async function submit(name: string) {
  const { taskId: id } = await submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { id, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

/** Everything that the database holds, as text. */
async function everything(): Promise<string> {
  const { db } = bench.context;
  const rows = await Promise.all([
    db.select().from(submissions),
    db.select().from(tasks),
    db.select().from(leads),
    db.select().from(taskEvents),
    db.select().from(deliveries),
  ]);
  return JSON.stringify(rows, (_, value) => (value?.type === "Buffer" ? Buffer.from(value.data).toString() : value));
}

test("erasing leaves no trace of the lead in any table, and late webhooks and polls bring nothing back", async () => {
  const name = `Forget Me ${randomUUID()}`;
  const task = await submit(name);
  const event = { task_id: task.jobId, status: "completed", result: { name, email: [["forget@me.example", "OK"]] } };
  await deliver(bench.context, event, { token: task.token });
  expect(await everything()).toContain(name);

  await eraseTask(bench.context, task.id);
  await eraseTask(bench.context, task.id);
  expect(await deliver(bench.context, event, { token: task.token })).toEqual({ status: 200, outcome: "erased" });
  expect(await deliver(bench.context, event)).toEqual({ status: 200, outcome: "erased" });
  expect(await pollTask(bench.context, { taskId: task.id, by: "person" })).toMatchObject({ type: "already_ended" });

  const left = await everything();
  expect(left).not.toContain(name);
  expect(left).not.toContain("forget@me.example");
  const view = await getTask(bench.context, task.id);
  expect(view).toMatchObject({ status: "completed", result: null, lead: {}, errorCode: "erased" });
  expect(view.history.filter(({ type }) => type === "erased")).toHaveLength(1);
});

test("an open task that is erased has ended, and its result is not taken when it comes", async () => {
  const task = await submit("Open");
  await eraseTask(bench.context, task.id);
  const event = { task_id: task.jobId, status: "completed", result: { secret: "unmistakable" } };
  expect(await deliver(bench.context, event, { token: task.token })).toEqual({ status: 200, outcome: "erased" });
  expect(await getTask(bench.context, task.id)).toMatchObject({ status: "cancelled", result: null, nextPollAt: null });
  expect(await everything()).not.toContain("unmistakable");
});

test("a task that doesn't exist is not found", async () => {
  await expect(eraseTask(bench.context, randomUUID())).rejects.toMatchObject({ code: "not_found" });
});
