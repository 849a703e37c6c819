import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveries, rejectedDeliveries, settledPeriods, submissions, tasks, unsettledHours } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { DAY_IN_MS, HOUR_IN_MS, spansBetween } from "@/lib/period";
import { countTasks } from "@/lib/periods/count-tasks";
import { addHistogram, quantile } from "@/lib/periods/duration-histogram";
import { settlePeriods } from "@/lib/periods/settle-periods";
import { eraseTask } from "@/lib/tasks/erase";

const NOW = new Date("2026-03-10T12:34:00Z");
const SPAN = { from: "2026-03-08", to: "2026-03-10" } as const;

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
});
afterAll(() => database.close());
beforeEach(async () => {
  await context.db.execute(
    sql`truncate tasks, submissions, deliveries, rejected_deliveries, settled_periods, settled_tasks, unsettled_hours cascade`,
  );
});

const settle = () => settlePeriods(context, { forMs: 60_000, nowMs: NOW.getTime() });
const idAt = (at: string) => uuidv7({ msecs: Date.parse(at) });

async function newTask(at: string, given: Partial<typeof tasks.$inferInsert> = {}): Promise<string> {
  const status = given.status ?? "completed";
  const values = { kind: "find_email", requestKey: randomUUID(), confirmedAt: new Date() };
  const [submission] = await context.db.insert(submissions).values(values).returning({ id: submissions.id });
  const hasEnded = ["completed", "failed", "cancelled"].includes(status);
  const [task] = await context.db
    .insert(tasks)
    .values({
      kind: "find_email",
      request: {},
      submissionId: submission?.id ?? "",
      id: idAt(at),
      submittedAt: new Date(at),
      ...(hasEnded ? ends(at) : {}),
      ...given,
      status,
    })
    .returning({ id: tasks.id });
  return task?.id ?? "";
}

const ends = (at: string) => {
  const endedAt = new Date(Date.parse(at) + 8_000);
  return { endedAt, deliveredAt: endedAt, deliveredVia: "webhook" as const };
};

/** What the figures say, and whether they say so from rows or from settled periods. */
async function figures() {
  return {
    overview: await getOverview(context, SPAN, NOW),
    counts: await countTasks(context, { kind: ["find_email"] }),
    found: await countTasks(context, { found: "yes", from: "2026-03-09", to: "2026-03-09T11:00Z" }),
  };
}

describe("figures of settled periods", () => {
  test("are those of the rows, whatever is settled and whatever is still open", async () => {
    await newTask("2026-03-08T01:00:00Z", { foundCount: 1, chargedCents: 5 });
    await newTask("2026-03-08T23:59:59.999Z", {
      status: "failed",
      errorCode: "job_failed",
      errorMessage: "No such site",
    });
    await newTask("2026-03-09T00:00:00Z", { foundCount: 0, kind: "qa_agent" });
    await newTask("2026-03-09T11:10:00Z", { foundCount: 2, leadCount: 5, shape: "bulk" });
    await newTask("2026-03-09T11:20:00Z", { status: "queued", submittedAt: null });
    await newTask("2026-03-09T17:00:00Z", { status: "running" });
    await newTask("2026-03-10T12:10:00Z", { foundCount: 1 });
    const odd = { outcome: "refused" as const, signature: "missing" as const, headers: {}, body: new Uint8Array([1]) };
    await context.db.insert(deliveries).values([
      { ...odd, id: idAt("2026-03-08T05:00:00Z") },
      { ...odd, id: idAt("2026-03-10T12:00:00Z") },
    ]);
    const fromRows = await figures();
    expect(fromRows.overview).toMatchObject({ tasks: 7, byStatus: { running: 1, queued: 1 }, found: 4, notFound: 4 });
    expect(await settle()).toEqual({ hours: 2 * 24 + 11 - 1, days: 1 });
    expect(await figures()).toEqual(fromRows);
    expect(await settle()).toEqual({ hours: 0, days: 0 });
  });

  test("are read from the periods where there are some", async () => {
    await newTask("2026-03-08T01:00:00Z");
    await settle();
    await context.db.execute(sql`update settled_tasks set tasks = 41`);
    expect((await countTasks(context, {})).all).toBe(41);
    expect((await getOverview(context, { from: "2026-03-08", to: "2026-03-08" }, NOW)).tasks).toBe(41);
  });

  test("of a span that ends before it begins are nothing", async () => {
    await newTask("2026-03-08T01:00:00Z");
    const backwards = { from: "2026-03-09", to: "2026-03-07" };
    expect(await countTasks(context, backwards)).toMatchObject({ all: 0 });
    expect(await countTasks(context, { since: "24h", to: "2026-03-07" })).toMatchObject({ all: 0 });
    expect(await countTasks(context, { to: "0000-01-01" })).toMatchObject({ all: 0 });
    expect(await getOverview(context, backwards, NOW)).toMatchObject({ tasks: 0 });
  });

  test("of a span to the last day that can be named are all", async () => {
    await newTask("2026-03-08T01:00:00Z");
    expect(await countTasks(context, { from: "0000-01-01", to: "9999-12-31" })).toMatchObject({ all: 1 });
  });
});

describe("what changes in an hour that is settled", () => {
  const isOfRows = async () => {
    const [stale] = await context.db.select().from(unsettledHours);
    return stale !== undefined;
  };

  test("takes it back, and its day: a late end, an erasure, a task that comes or goes, a delivery that is attached", async () => {
    const at = "2026-03-08T01:00:00Z";
    const waiting = await newTask(at, { status: "unconfirmed" });
    const failed = await newTask(at, { status: "failed", errorCode: "job_failed", errorMessage: "Ada is private" });
    const deliveryId = idAt(at);
    await context.db.insert(deliveries).values({
      id: deliveryId,
      outcome: "unmatched",
      signature: "valid",
      headers: {},
      body: new Uint8Array([1]),
    });
    let other = "";
    const changes: [string, () => Promise<unknown>][] = [
      [
        "end",
        () =>
          context.db
            .update(tasks)
            .set({ status: "completed", ...ends(at) })
            .where(eq(tasks.id, waiting)),
      ],
      ["erasure", () => eraseTask(context, failed)],
      [
        "another",
        async () => {
          other = await newTask(at);
        },
      ],
      ["less", () => context.db.delete(tasks).where(eq(tasks.id, other))],
      [
        "attached",
        () => context.db.update(deliveries).set({ outcome: "duplicate" }).where(eq(deliveries.id, deliveryId)),
      ],
    ];
    for (const [name, change] of changes) {
      expect(await settle(), name).toMatchObject({ days: name === "end" ? 2 : 1 });
      await change();
      expect(await isOfRows(), name).toBe(true);
      const { overview, counts } = await figures();
      await settle();
      expect(await isOfRows(), name).toBe(false);
      expect(await figures(), name).toMatchObject({ overview, counts });
      await context.db.update(settledPeriods).set({ details: { durations: {}, failures: [], oddDeliveries: {} } });
      await context.db.insert(unsettledHours).values({ startsAt: new Date(at) });
    }
  });

  test("leaves what was odd about deliveries that retention has deleted since", async () => {
    const at = "2026-03-08T01:00:00Z";
    const keeping = { ...context, retentionInDays: 90, rejectedRetentionInDays: 7 };
    const odd = { signature: "valid" as const, headers: {}, body: new Uint8Array([1]) };
    await context.db.insert(deliveries).values([
      { ...odd, id: idAt(at), outcome: "unmatched" },
      { ...odd, id: idAt(at), outcome: "unmatched" },
      { ...odd, id: idAt(at), outcome: "duplicate" },
    ]);
    const minute = new Date(at);
    await context.db.insert(rejectedDeliveries).values({
      ...{ outcome: "refused", signature: "missing", token: "none", answer: 401, address: "", samples: 0 },
      ...{ count: 40, minute, firstAt: minute, lastAt: minute },
    } as typeof rejectedDeliveries.$inferInsert);
    const erased = await newTask(at);
    const recounted = await newTask("2026-03-09T02:00:00Z", { foundCount: 0 });
    const read = async () => (await getOverview(keeping, SPAN, NOW)).oddDeliveries;
    const settleKeeping = () => settlePeriods(keeping, { forMs: 60_000, nowMs: NOW.getTime() });
    await settleKeeping();
    const before = await read();
    expect(before).toEqual([
      { outcome: "refused", deliveries: 40 },
      { outcome: "unmatched", deliveries: 2 },
      { outcome: "duplicate", deliveries: 1 },
    ]);
    await context.db.delete(deliveries);
    await context.db.delete(rejectedDeliveries);
    await eraseTask(context, erased);
    await context.db.update(tasks).set({ foundCount: 1 }).where(eq(tasks.id, recounted));
    expect(await context.db.$count(unsettledHours)).toBe(2);
    expect(await read()).toEqual(before);
    await settleKeeping();
    expect(await context.db.$count(unsettledHours)).toBe(0);
    expect(await read()).toEqual(before);
    // Where everything is kept, what is not there is not counted.
    await context.db.insert(unsettledHours).values({ startsAt: new Date(at) });
    expect((await getOverview(context, SPAN, NOW)).oddDeliveries).toEqual([]);
  });

  test("keeps no words of an erased lead, not even until it is settled anew", async () => {
    const id = await newTask("2026-03-08T01:00:00Z", {
      status: "failed",
      errorCode: "job_failed",
      errorMessage: "Ada Lovelace is private",
    });
    await settle();
    expect((await getOverview(context, SPAN, NOW)).failures).toEqual([{ reason: "Ada Lovelace is private", tasks: 1 }]);
    const stored = JSON.stringify(await context.db.select().from(settledPeriods));
    expect(stored).toContain(id);
    expect(stored).not.toContain("Lovelace");
    await eraseTask(context, id);
    expect((await getOverview(context, SPAN, NOW)).failures).toEqual([{ reason: "erased", tasks: 1 }]);
  });

  test("does so when a task that waited for a person is sent, before its end tells nobody", async () => {
    const id = await newTask("2026-03-08T01:00:00Z", { status: "queued", submittedAt: null });
    await settle();
    await context.db.update(tasks).set({ status: "submitting" }).where(eq(tasks.id, id));
    await context.db.update(tasks).set({ status: "running" }).where(eq(tasks.id, id));
    expect(await settle()).toEqual({ hours: 0, days: 0 });
    await context.db
      .update(tasks)
      .set({ status: "completed", ...ends("2026-03-10T12:00:00Z") })
      .where(eq(tasks.id, id));
    expect((await countTasks(context, {})).byStatus).toMatchObject({ completed: 1, running: 0 });
    expect(await settle()).toEqual({ hours: 1, days: 1 });
    expect((await countTasks(context, {})).byStatus).toMatchObject({ completed: 1, running: 0 });
  });

  test("is not settled while it is uncommitted, whichever hour it is of", async () => {
    const id = await newTask("2026-03-08T01:00:00Z", { foundCount: 1 });
    await context.db.transaction(async (tx) => {
      await tx.update(tasks).set({ foundCount: 0 }).where(eq(tasks.id, id));
      expect(await settle()).toEqual({ hours: 0, days: 0 });
    });
    expect(await settle()).toMatchObject({ days: 2 });
    expect((await countTasks(context, { found: "yes" })).all).toBe(0);
  });

  test("while others settle and read is never missing and never counted twice", async () => {
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, index) => newTask(`2026-03-0${8 + (index % 2)}T0${index % 7}:00:00Z`)),
    );
    const totals: number[] = [];
    let isDone = false;
    const readers = Promise.all(
      Array.from({ length: 2 }, async () => {
        while (!isDone) totals.push((await countTasks(context, {})).all);
      }),
    );
    const settlers = Promise.all(
      Array.from({ length: 2 }, async () => {
        while (!isDone) await settle();
      }),
    );
    for (const id of ids) await eraseTask(context, id);
    isDone = true;
    await Promise.all([readers, settlers]);
    expect(new Set(totals)).toEqual(new Set([30]));
    await settle();
    const { failures, tasks: all } = await getOverview(context, SPAN, NOW);
    expect({ failures, all }).toEqual({ failures: [], all: 30 });
    expect(await context.db.$count(unsettledHours)).toBe(0);
  });
});

test("the end of a running task, and the first webhook of an hour, leave no trace among settled hours", async () => {
  const id = await newTask("2026-03-08T01:00:00Z", { status: "running" });
  await context.db.delete(unsettledHours);
  await context.db
    .update(tasks)
    .set({ status: "completed", ...ends("2026-03-10T12:00:00Z") })
    .where(eq(tasks.id, id));
  await newTask(new Date().toISOString());
  expect(await context.db.$count(unsettledHours)).toBe(0);
});

test("spans between periods leave out the periods, and nothing else", () => {
  const span = { startsAtMs: 30, endsAtMs: Number.POSITIVE_INFINITY };
  expect(spansBetween(span, [], HOUR_IN_MS)).toEqual([span]);
  const [first, second, last] = [DAY_IN_MS, 2 * DAY_IN_MS, 4 * DAY_IN_MS];
  expect(spansBetween(span, [first, second, last], DAY_IN_MS)).toEqual([
    { startsAtMs: 30, endsAtMs: first },
    { startsAtMs: 3 * DAY_IN_MS, endsAtMs: last },
    { startsAtMs: 5 * DAY_IN_MS, endsAtMs: Number.POSITIVE_INFINITY },
  ]);
});

test("histograms add up, and tell what share took how long as the values themselves do, to 2.5 %", () => {
  const seconds = Array.from({ length: 999 }, (_, index) => 0.5 * 1.012 ** index);
  const bucketOf = (value: number) => String(Math.floor(Math.log(value) / Math.log(1.05)));
  const [all, some]: Record<string, number>[] = [{}, {}];
  for (const [index, value] of seconds.entries())
    addHistogram(index % 3 ? (all ?? {}) : (some ?? {}), { [bucketOf(value)]: 1 });
  addHistogram(all ?? {}, some ?? {});
  for (const share of [0, 0.5, 0.95, 1]) {
    const exact = seconds[Math.round(share * 998)] ?? 0;
    expect(Math.abs((quantile(all ?? {}, share) ?? 0) / exact - 1)).toBeLessThan(0.025);
  }
  expect(quantile({}, 0.5)).toBeNull();
});
