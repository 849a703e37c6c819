import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { requestPace } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { countRequest, holdRequests, waitForSlot } from "@/lib/pipeline/request-pace";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.update(requestPace).set({ nextSlotAt: new Date(0) }));

const at = (requestsPerMinute: number) => ({ db: database.db, requestsPerMinute }) as Context;

/** The moment of the next slot, and of now, by the database's clock in milliseconds. */
async function clocks(): Promise<{ slot: number; now: number }> {
  const [row] = await database.db
    .select({ slot: requestPace.nextSlotAt, now: sql<string>`clock_timestamp()` })
    .from(requestPace);
  return { slot: row?.slot.getTime() ?? 0, now: Date.parse(row?.now ?? "") };
}

test("of many that ask at once, each gets a slot of its own, one interval after the other", async () => {
  const begun = await clocks();
  const answers = await Promise.all(Array.from({ length: 20 }, () => waitForSlot(at(600))));
  expect(answers).not.toContain(false);
  // The first may be made up for from two seconds ago; 20 of 100 ms lie between it and the next.
  expect((await clocks()).slot).toBeGreaterThanOrEqual(begun.now - 2_000 + 20 * 100);
});

test("no slot is given out far ahead: who asks then is told at once", async () => {
  await holdRequests(at(600), 600);
  const before = await clocks();
  expect(await waitForSlot(at(600))).toBe(false);
  expect((await clocks()).slot).toBe(before.slot);
});

test("a person's request goes at once, and moves the others back", async () => {
  await holdRequests(at(60), 600);
  const before = await clocks();
  await countRequest(at(60));
  expect((await clocks()).slot - before.slot).toBe(1_000);
});

test("no answer stops all requests for more than an hour", async () => {
  for (const seconds of [3_601, 31_536_000, 1e15, Number.POSITIVE_INFINITY]) {
    await holdRequests(at(600), seconds);
    const { slot, now } = await clocks();
    expect(slot).toBeLessThanOrEqual(now + 3_600_000);
  }
});

test("requests that people wait for never move the next slot further than an hour ahead", async () => {
  await holdRequests(at(1), 3_600);
  for (let request = 0; request < 3; request += 1) await countRequest(at(1));
  const { slot, now } = await clocks();
  expect(slot).toBeLessThanOrEqual(now + 3_600_000);
  expect(await waitForSlot(at(1))).toBe(false);
});

test.each([
  ["waitForSlot", (context: Context) => waitForSlot(context)],
  ["countRequest", (context: Context) => countRequest(context)],
  ["holdRequests", (context: Context) => holdRequests(context, 5)],
])("a next slot more than an hour ahead counts as free: %s heals it", async (_, use) => {
  for (const ahead of ["2 hours", "400 days", "200000 years"]) {
    await database.db.update(requestPace).set({ nextSlotAt: sql`now() + ${ahead}::interval` });
    expect(await use(at(600))).not.toBe(false);
    const { slot, now } = await clocks();
    expect(slot).toBeLessThanOrEqual(now + 5_000 + 1_000);
  }
});
