import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { recountFound } from "@/lib/pipeline/recount-found";
import { FOUND_RULE } from "@/lib/tasks/found-count";
import { createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.database.db.execute(sql`truncate submissions, tasks, leads cascade`));

type NewTask = Omit<typeof tasks.$inferInsert, "submissionId" | "request" | "status"> & { request?: object };

/** A completed task as an older version has left it, which counted every result as found. */
async function oldTask({ request = {}, ...task }: NewTask, rows: { fields: object; result: unknown }[] = []) {
  const { db } = bench.context;
  const [submission] = await db
    .insert(submissions)
    .values({ kind: task.kind, requestKey: randomUUID() })
    .returning({ id: submissions.id });
  const submissionId = submission?.id ?? "";
  const values = { ...task, request: { ...request }, submissionId, status: "completed" as const, endedAt: new Date() };
  const [row] = await db.insert(tasks).values(values).returning({ id: tasks.id });
  const taskId = row?.id ?? "";
  for (const [position, { fields, result }] of rows.entries()) {
    await db.insert(leads).values({ submissionId, taskId, row: position, position, fields: { ...fields }, result });
  }
  return taskId;
}

async function read(id: string) {
  const [task] = await bench.context.db.select().from(tasks).where(eq(tasks.id, id));
  return task;
}

const MISS = { email: [["", "NOT_FOUND", "COMPANY"]] };

test("old results are recounted by kind and shape, with verdicts; a file's by its rows", async () => {
  const miss = await oldTask({ kind: "find_email", foundCount: 1, result: MISS });
  const bulk = await oldTask({
    kind: "find_email",
    shape: "bulk",
    leadCount: 2,
    foundCount: 2,
    result: [MISS, { email: "a@b.example" }],
  });
  const verdict = { structured_data: { verdict: "NO", suitability_score: "2" } };
  const qualified = await oldTask({ kind: "qa_agent", foundCount: 0, result: verdict });
  const erased = await oldTask({ kind: "find_email", foundCount: 1, erasedAt: new Date() });
  const rows = ["Berlin", "N/A", ""].map((city) => ({
    fields: { name: "Ada" },
    result: { structured_data: { city } },
  }));
  const kind = "people_intelligence";
  const file = await oldTask({ kind, shape: "file", leadCount: 3, foundCount: 3, rowsStoredAt: new Date() }, rows);
  const unfetched = await oldTask({ kind, shape: "file", leadCount: 3 });

  expect(await recountFound(bench.context, { forMs: 60_000 })).toEqual({ recounted: 6 });
  const figures = { foundRule: FOUND_RULE, verdict: null, score: null };
  expect(await read(miss)).toMatchObject({ ...figures, foundCount: 0 });
  expect(await read(bulk)).toMatchObject({ ...figures, foundCount: 1 });
  expect(await read(qualified)).toMatchObject({ ...figures, foundCount: 1, verdict: "no", score: 2 });
  expect(await read(erased)).toMatchObject({ ...figures, foundCount: 1 });
  expect(await read(file)).toMatchObject({ ...figures, foundCount: 1 });
  expect(await read(unfetched)).toMatchObject({ ...figures, foundCount: null });
  expect(await recountFound(bench.context, { forMs: 60_000 })).toEqual({ recounted: 0 });
});

test("a job that is stopped goes on where it was, and two at once count each task once", async () => {
  for (let n = 0; n < 120; n += 1) await oldTask({ kind: "find_email", foundCount: 1, result: MISS });
  const stop = new AbortController();
  stop.abort();
  expect(await recountFound(bench.context, { forMs: 60_000, signal: stop.signal })).toEqual({ recounted: 0 });
  const both = await Promise.all([1, 2].map(() => recountFound(bench.context, { forMs: 60_000 })));
  expect(both.reduce((total, { recounted }) => total + recounted, 0)).toBe(120);
  expect(await bench.context.db.$count(tasks, eq(tasks.foundCount, 0))).toBe(120);
});
