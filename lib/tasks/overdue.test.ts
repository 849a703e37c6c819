import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "@/db/new-id";
import { sends, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { runsLate, waitsForConfirmation } from "@/lib/tasks/overdue";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.delete(sends);
  await database.db.delete(tasks);
});

async function addTask(given: {
  kind: string;
  request: Record<string, unknown>;
  status: "running" | "unconfirmed";
  ageInSeconds: number;
  shape?: "single" | "file";
}): Promise<void> {
  const { db } = database;
  const { ageInSeconds, ...task } = given;
  const submissionId = newId();
  await db.insert(submissions).values({ id: submissionId, kind: task.kind, requestKey: submissionId });
  const submittedAt = sql`now() - make_interval(secs => ${ageInSeconds})`;
  const id = newId();
  await db.insert(tasks).values({ ...task, id, submissionId, submittedAt });
  // Sent by a version that knew no dispatch_id, so that nothing but time decides.
  await db.insert(sends).values({ taskId: id });
}

const tiers = [
  ["find_email", undefined, 30],
  ["people_intelligence", undefined, 900],
  ["people_intelligence", "micro", 900],
  ["people_intelligence", "medium", 900],
  ["people_intelligence", "high", 1_800],
  ["people_intelligence", "scout", 3_600],
  ["company_intelligence", "high", 1_800],
  ["qa_agent", undefined, 600],
  ["a_kind_of_the_past", "high", 600],
] as const;

test.each(tiers)("a job of %s at tier %s is late after %i s and the delivery window", async (kind, tier, slowest) => {
  const task = { kind, request: { tier }, status: "running" as const };
  await addTask({ ...task, ageInSeconds: slowest + 120 - 10 });
  expect(await database.db.$count(tasks, runsLate(120))).toBe(0);
  await addTask({ ...task, ageInSeconds: slowest + 120 + 10 });
  expect(await database.db.$count(tasks, runsLate(120))).toBe(1);
  expect(await database.db.$count(tasks, runsLate(120, 2))).toBe(0);
});

test.each(tiers)("nobody may submit %s at tier %s again before twice %i s are over", async (kind, tier, slowest) => {
  const after = Math.max(600, 2 * slowest);
  const task = { kind, request: { tier }, status: "unconfirmed" as const };
  await addTask({ ...task, ageInSeconds: after - 10 });
  expect(await database.db.$count(tasks, waitsForConfirmation())).toBe(0);
  await addTask({ ...task, ageInSeconds: after + 10 });
  expect(await database.db.$count(tasks, waitsForConfirmation())).toBe(1);
});

test("a file is never late", async () => {
  const request = { tier: "low" };
  await addTask({ kind: "people_intelligence", request, status: "running", ageInSeconds: 90_000, shape: "file" });
  expect(await database.db.$count(tasks, runsLate(120))).toBe(0);
});
