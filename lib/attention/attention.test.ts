import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deliveries, sends, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Attention } from "@/lib/attention/attention-view";
import { getAttention } from "@/lib/attention/get";
import { markSeen } from "@/lib/attention/mark-seen";
import type { Context } from "@/lib/context";

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const table of [sends, deliveries, tasks, submissions]) await context.db.delete(table);
});

const NOTHING: Attention = {
  unconfirmedTasks: 0,
  heldTasks: 0,
  unstoredFiles: [],
  pausedSubmissions: [],
  unmatchedDeliveries: { count: 0, newestId: null },
  conflictingDeliveries: { count: 0, newestId: null },
};
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

async function newSubmission(given: Partial<typeof submissions.$inferInsert> = {}): Promise<string> {
  const values = { kind: "find_email", requestKey: randomUUID(), ...given };
  const [row] = await context.db.insert(submissions).values(values).returning({ id: submissions.id });
  return row?.id ?? "";
}
async function newTask(given: Partial<typeof tasks.$inferInsert> = {}): Promise<string> {
  const submissionId = given.submissionId ?? (await newSubmission());
  const values = { kind: "find_email", request: {}, status: "running" as const, ...given, submissionId };
  const [row] = await context.db.insert(tasks).values(values).returning({ id: tasks.id });
  return row?.id ?? "";
}
async function newDelivery(outcome: "unmatched" | "conflict" | "refused", minutes: number): Promise<string> {
  const [row] = await context.db
    .insert(deliveries)
    .values({ outcome, signature: "valid", headers: {}, body: new Uint8Array(), receivedAt: minutesAgo(minutes) })
    .returning({ id: deliveries.id });
  return row?.id ?? "";
}

test("is nothing where all goes on by itself", async () => {
  await newTask();
  await newTask({ status: "queued", nextSendAt: new Date(), errorCode: "rate_limited" });
  await newTask({ status: "queued" });
  await newTask({ status: "unconfirmed", submittedAt: minutesAgo(9), errorCode: "timeout" });
  await newTask({ status: "failed", endedAt: new Date(), errorCode: "job_failed" });
  await newDelivery("refused", 60);
  await newDelivery("unmatched", 1);
  expect(await getAttention(context)).toEqual(NOTHING);
});

test("is a submit whose webhook should have come, by the times of its kind, unless a key lets the app repeat it", async () => {
  const unconfirmed = { status: "unconfirmed" as const, errorCode: "timeout" };
  await newTask({ ...unconfirmed, submittedAt: minutesAgo(11) });
  const people = { ...unconfirmed, kind: "people_intelligence" };
  const withoutKey = [
    await newTask({ ...people, submittedAt: minutesAgo(31) }),
    await newTask({ ...people, submittedAt: minutesAgo(29) }),
  ];
  await context.db.insert(sends).values(withoutKey.map((taskId) => ({ taskId })));
  const withKey = await newTask({ ...people, submittedAt: minutesAgo(31) });
  await context.db.insert(sends).values({ taskId: withKey, bodySha256: new Uint8Array(32) });
  await newTask({ ...unconfirmed, submittedAt: minutesAgo(11), kind: "of_tomorrow" });
  const file = { ...unconfirmed, submittedAt: minutesAgo(35), kind: "people_intelligence", shape: "file" as const };
  const old = await newTask(file);
  await newTask(file);
  await context.db.insert(sends).values({ taskId: old, sentAt: minutesAgo(90) });
  // find_email after 10 minutes, people without a dispatch_id after 30, and the file with an old key.
  expect(await getAttention(context)).toMatchObject({ unconfirmedTasks: 3 });
});

test("is a task that was held back, but not one of a list that is paused: the list is", async () => {
  await newTask({ status: "queued", errorCode: "no_credits" });
  const paused = { pausedAt: new Date(), pauseReason: "no_credits" as const, name: "list.csv", leadCount: 3 };
  const id = await newSubmission(paused);
  await newTask({ status: "queued", errorCode: "no_credits", submissionId: id });
  expect(await getAttention(context)).toEqual({
    ...NOTHING,
    heldTasks: 1,
    pausedSubmissions: [{ id, name: "list.csv", leadCount: 3, reason: "no_credits" }],
  });
});

test("is a file whose rows could not be stored, until they are or it is erased", async () => {
  const submissionId = await newSubmission({ name: "people.csv" });
  const ended = {
    status: "completed" as const,
    endedAt: new Date(),
    shape: "file" as const,
    leadCount: 9,
    submissionId,
  };
  const taskId = await newTask({ ...ended, fetchProblem: "count" });
  expect(await getAttention(context)).toEqual({
    ...NOTHING,
    unstoredFiles: [{ taskId, submissionName: "people.csv", leadCount: 9 }],
  });
  await context.db.update(tasks).set({ erasedAt: new Date() }).where(eq(tasks.id, taskId));
  expect(await getAttention(context)).toEqual(NOTHING);
});

test("is a delivery that fits nothing, until somebody has seen it; what came since stays", async () => {
  await newDelivery("unmatched", 9);
  const unmatched = await newDelivery("unmatched", 8);
  const conflict = await newDelivery("conflict", 8);
  expect(await getAttention(context)).toEqual({
    ...NOTHING,
    unmatchedDeliveries: { count: 2, newestId: unmatched },
    conflictingDeliveries: { count: 1, newestId: conflict },
  });
  const late = await newDelivery("unmatched", 7);
  await markSeen(context, { outcome: "unmatched", upToId: unmatched });
  expect(await getAttention(context)).toMatchObject({
    unmatchedDeliveries: { count: 1, newestId: late },
    conflictingDeliveries: { count: 1 },
  });
});
