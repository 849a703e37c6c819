import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { settle, type TaskEnd } from "@/lib/tasks/settle";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

type NewTask = Pick<typeof tasks.$inferInsert, "kind" | "shape" | "leadCount">;

/** What is stored as found once a task has ended so. */
async function foundAfter(task: NewTask, end: TaskEnd): Promise<number | null | undefined> {
  const { db } = database;
  const [submission] = await db
    .insert(submissions)
    .values({ kind: task.kind, requestKey: randomUUID() })
    .returning({ id: submissions.id });
  const submissionId = submission?.id ?? "";
  const [row] = await db
    .insert(tasks)
    .values({ ...task, submissionId, status: "running", request: {} })
    .returning({ id: tasks.id });
  const taskId = row?.id ?? "";
  await db.transaction((tx) =>
    settle(tx, { taskId, end, courier: { via: "reconcile" }, sixtyfourStatus: "completed", chargedCents: null }),
  );
  const [ended] = await db.select({ found: tasks.foundCount }).from(tasks).where(eq(tasks.id, taskId));
  return ended?.found;
}

const completed = (result: unknown): TaskEnd => ({ status: "completed", result });
const FOUND = { email: [["ada@x.example", "OK"]] };
const NOTHING = { email: [] };
const ECHO = { email: "ada@x.example", name: null };

test.each([
  ["one lead", { kind: "find_email" }, completed(FOUND), 1],
  ["one lead in vain", { kind: "find_email" }, completed(NOTHING), 0],
  ["many leads", { kind: "find_email", shape: "bulk", leadCount: 3 }, completed([FOUND, NOTHING, FOUND]), 2],
  ["more results than leads", { kind: "find_email", shape: "bulk", leadCount: 1 }, completed([FOUND, FOUND]), 1],
  ["many leads with one result", { kind: "find_email", shape: "bulk", leadCount: 3 }, completed(FOUND), null],
  ["a reverse look-up that only repeats", { kind: "reverse_email" }, completed(ECHO), 0],
  ["a finder with the same result", { kind: "find_email" }, completed(ECHO), 1],
  [
    "a file, whose results come later",
    { kind: "people_intelligence", shape: "file", leadCount: 9 },
    completed([{}]),
    null,
  ],
  ["a failure", { kind: "find_email" }, { status: "failed", errorCode: "job_failed", errorMessage: null }, null],
  ["a kind that this version does not know", { kind: "find_fax" }, completed(FOUND), null],
] satisfies [string, NewTask, TaskEnd, number | null][])(
  "%s: what was found is counted by kind and shape",
  async (_, task, end, found) => {
    expect(await foundAfter(task, end)).toBe(found);
  },
);
