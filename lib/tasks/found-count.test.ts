import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { complete, type TaskEnd } from "@/lib/pipeline/complete";
import { FOUND_RULE } from "@/lib/tasks/found-count";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

type NewTask = Pick<typeof tasks.$inferInsert, "kind" | "shape" | "leadCount" | "request">;

/** What is stored as found once a task has ended so. */
async function foundAfter(task: Partial<NewTask> & { kind: string }, end: TaskEnd) {
  const { db } = database;
  const [submission] = await db
    .insert(submissions)
    .values({ kind: task.kind, requestKey: randomUUID() })
    .returning({ id: submissions.id });
  const [row] = await db
    .insert(tasks)
    .values({ request: {}, ...task, submissionId: submission?.id ?? "", status: "running" })
    .returning();
  if (!row) throw new Error("The task was not stored.");
  const brought = { source: { via: "reconcile" }, sixtyfourStatus: "completed", chargedCents: null } as const;
  await db.transaction((tx) => complete(tx, { taskId: row.id, asked: row, end, ...brought }));
  const [ended] = await db.select().from(tasks).where(eq(tasks.id, row.id));
  return ended;
}

const completed = (result: unknown): TaskEnd => ({ status: "completed", result });
const FOUND = { email: [["ada@x.example", "OK"]] };
const NOTHING = { email: [["", "NOT_FOUND", "COMPANY"]] };
const ECHO = { email: "ada@x.example", name: null };
const bulk = { kind: "find_email", shape: "bulk", leadCount: 3 } as const;

test.each([
  ["one lead", { kind: "find_email" }, completed(FOUND), 1],
  ["one lead in vain", { kind: "find_email" }, completed(NOTHING), 0],
  ["many leads", bulk, completed([FOUND, NOTHING, FOUND]), 2],
  ["more results than leads", { ...bulk, leadCount: 1 }, completed([FOUND, FOUND]), null],
  ["many leads with one result", bulk, completed(FOUND), null],
  [
    "many leads of which one had the address that came back",
    { ...bulk, request: { leads: [{ name: "Bo" }, { email: "ada@x.example" }, { name: "Cy" }] } },
    completed([FOUND, FOUND, NOTHING]),
    1,
  ],
  ["a reverse look-up that only repeats", { kind: "reverse_email" }, completed(ECHO), 0],
  ["a finder with the same result", { kind: "find_email" }, completed(ECHO), 1],
  [
    "research that only repeats the lead",
    { kind: "people_intelligence", request: { lead_info: { name: "Ada Lovelace" }, struct: { person: "Who it is" } } },
    completed({ structured_data: { person: "ADA LOVELACE" } }),
    0,
  ],
  [
    "research that found what nobody asked for",
    { kind: "people_intelligence", request: { lead_info: { name: "Ada" }, struct: { ceo: "Its head" } } },
    completed({ structured_data: { ceo: "", city: "Berlin" } }),
    0,
  ],
  [
    "a file, whose results come later",
    { kind: "people_intelligence", shape: "file", leadCount: 9 },
    completed([{}]),
    null,
  ],
  ["a failure", { kind: "find_email" }, { status: "failed", errorCode: "job_failed", errorMessage: null }, null],
  ["a kind that this version does not know", { kind: "find_fax" }, completed(FOUND), null],
] satisfies [string, Partial<NewTask> & { kind: string }, TaskEnd, number | null][])(
  "%s: what was found is counted by what was asked for",
  async (_, task, end, found) => {
    expect((await foundAfter(task, end))?.foundCount).toBe(found);
  },
);

test("the verdict and the score of a qualified lead are stored with its task, by the version of the rule", async () => {
  const result = { structured_data: { suitability_score: "8", verdict: "YES" }, notes: "" };
  expect(await foundAfter({ kind: "qa_agent" }, completed(result))).toMatchObject({
    foundCount: 1,
    foundRule: FOUND_RULE,
    verdict: "yes",
    score: 8,
  });
  const undecided = { structured_data: {}, notes: "It needs a closer look." };
  expect(await foundAfter({ kind: "qa_agent" }, completed(undecided))).toMatchObject({
    foundCount: 1,
    verdict: null,
    score: null,
  });
});
