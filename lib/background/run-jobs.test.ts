import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { submissions, tasks } from "@/db/schema";
import { runJobsOnce } from "@/lib/background/run-jobs";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

async function dueTask() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const isIt = eq(tasks.id, taskId);
  await bench.context.db.update(tasks).set({ nextPollAt: sql`now() - interval '1 second'` }).where(isIt);
  return taskId;
}

test("a job that fails is told, and keeps no other job from running", async () => {
  const { db } = bench.context;
  const taskId = await dueTask();
  // Like a draft of long ago, but with a task, so that it can't be deleted.
  const [task] = await db.select({ submissionId: tasks.submissionId }).from(tasks).where(eq(tasks.id, taskId));
  await db
    .update(submissions)
    .set({ confirmedAt: null, createdAt: sql`now() - interval '1 year'` })
    .where(eq(submissions.id, task?.submissionId ?? ""));
  await expect(runJobsOnce(bench.context)).rejects.toThrow();
  expect((await getTask(bench.context, taskId)).history.at(-1)).toMatchObject({
    type: "polled",
    detail: { by: "app" },
  });
  await db.update(submissions).set({ confirmedAt: sql`now()`, createdAt: sql`now()` });
});

test("one run of all jobs says what it did", async () => {
  await dueTask();
  expect(await runJobsOnce(bench.context)).toEqual({ sent: 0, polled: 1, fetched: 0 });
});
