import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestPace } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { countRequest, holdRequests, waitForSlot } from "@/lib/tasks/request-pace";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.update(requestPace).set({ nextSlotAt: new Date(0) }));

const at = (requestsPerMinute: number) => ({ db: database.db, requestsPerMinute }) as Context;

/** How far ahead of now the next slot is, in seconds. */
async function ahead(): Promise<number> {
  const [row] = await database.db.select().from(requestPace);
  return ((row?.nextSlotAt.getTime() ?? 0) - Date.now()) / 1000;
}

test("of many that ask at once, each gets a slot of its own, one interval after the other", async () => {
  const before = await Promise.all(Array.from({ length: 20 }, () => waitForSlot(at(600))));
  expect(before).not.toContain(false);
  // 20 slots of 100 ms, beginning two seconds ago: the last of them is about now.
  const taken = 2 + (await ahead());
  expect(taken).toBeGreaterThan(0);
  expect(taken).toBeLessThanOrEqual(2.01);
});

test("no slot is given out far ahead: who asks then is told at once", async () => {
  await holdRequests(at(600), 30);
  expect(await waitForSlot(at(600))).toBe(false);
  expect(await ahead()).toBeGreaterThan(25);
});

test("a person's request goes at once, and moves the others back", async () => {
  await holdRequests(at(60), 5);
  const before = await ahead();
  await countRequest(at(60));
  expect((await ahead()) - before).toBeGreaterThan(0.5);
});
