import { randomUUID } from "node:crypto";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveries, leads, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { bucketsOf } from "@/lib/overview/span";
import { listTasks } from "@/lib/tasks/list";
import type { TaskFilter } from "@/lib/tasks/task-filter";

const NOW = new Date("2026-03-10T12:34:00Z");

describe("a span of time", () => {
  const filtersOf = (span: Pick<TaskFilter, "since" | "from" | "to">) =>
    bucketsOf(span, NOW.getTime()).map(({ filter }) => filter);

  test("of 24 hours has this hour and the 23 before", () => {
    const hours = filtersOf({ since: "24h" });
    expect(hours).toHaveLength(24);
    expect(hours[0]).toEqual({ from: "2026-03-09T13:00Z", to: "2026-03-09T13:00Z" });
    expect(hours.at(-1)).toEqual({ from: "2026-03-10T12:00Z", to: "2026-03-10T12:00Z" });
  });

  test("is by default this day and the 6 before", () => {
    const days = filtersOf({});
    expect(days).toHaveLength(7);
    expect(days[0]).toEqual({ from: "2026-03-04", to: "2026-03-04" });
    expect(days.at(-1)).toEqual({ from: "2026-03-10", to: "2026-03-10" });
    expect(filtersOf({ since: "30d" })).toHaveLength(30);
  });

  test.each([
    [{ from: "2026-02-01", to: "2026-02-01" }, 24, { from: "2026-02-01T00:00Z", to: "2026-02-01T00:00Z" }],
    [{ from: "2026-02-01", to: "2026-02-03" }, 3, { from: "2026-02-01", to: "2026-02-01" }],
    [{ from: "2026-03-08" }, 3, { from: "2026-03-08", to: "2026-03-08" }],
    [{ to: "2026-02-07" }, 7, { from: "2026-02-01", to: "2026-02-01" }],
    [{ from: "2025-12-01" }, 15, { from: "2025-12-01", to: "2025-12-07" }],
    [{ from: "2020-01-01" }, 48, { from: "2020-01-01", to: "2020-02-17" }],
    [{ from: "2026-04-01" }, 24, { from: "2026-03-10T00:00Z", to: "2026-03-10T00:00Z" }],
    [{ from: "2026-02-09", to: "2026-02-01" }, 24, { from: "2026-02-01T00:00Z", to: "2026-02-01T00:00Z" }],
  ])("of one's own, %j, is cut into no more than can be read", (span, count, first) => {
    const buckets = filtersOf(span);
    expect(buckets).toHaveLength(count);
    expect(buckets[0]).toEqual(first);
  });
});

describe("the overview", () => {
  let database: TestDatabase;
  let context: Context;

  beforeAll(async () => {
    database = await createTestDatabase();
    context = { db: database.db } as Context;
    await newTask("2026-03-10T12:30:00Z", { via: "webhook", seconds: 4, foundCount: 1, chargedCents: 5 });
    await newTask("2026-03-10T12:30:01Z", { via: "webhook", seconds: 8, foundCount: 0, chargedCents: 0 });
    await newTask("2026-03-10T03:00:00Z", { via: "reconcile", seconds: 60, foundCount: 1 });
    await newTask("2026-03-09T23:59:59Z", { via: "poll", seconds: 20, foundCount: 2, leadCount: 5, shape: "bulk" });
    await newTask("2026-03-08T00:00:00Z", { kind: "qa_agent", via: "webhook", seconds: 100 });
    await newTask("2026-03-08T00:00:00Z", { status: "running" });
    const failed = { status: "failed", via: "webhook", seconds: 1 } as const;
    await newTask("2026-03-07T00:00:00Z", { ...failed, errorCode: "job_failed", errorMessage: "No such site" });
    await newTask("2026-03-07T00:00:00Z", { ...failed, errorCode: "job_failed", errorMessage: "No such site" });
    await newTask("2026-03-07T00:00:00Z", { status: "failed", errorCode: "invalid_request" });
    // Outside of the last 7 days.
    await newTask("2026-03-03T23:59:59Z", { via: "webhook", seconds: 1, foundCount: 1 });
    for (const [at, outcome] of [
      ["2026-03-10T00:00:00Z", "refused"],
      ["2026-03-09T00:00:00Z", "refused"],
      ["2026-03-09T00:00:00Z", "applied"],
      ["2026-03-09T00:00:00Z", "unmatched"],
      ["2026-03-01T00:00:00Z", "malformed"],
    ] as const) {
      await context.db.insert(deliveries).values({
        id: idAt(at),
        outcome,
        signature: "valid",
        headers: {},
        body: new Uint8Array([1]),
      });
    }
  });
  afterAll(() => database.close());

  const idAt = (at: string) => uuidv7({ msecs: Date.parse(at) });

  type Given = Partial<typeof tasks.$inferInsert> & { via?: "webhook" | "poll" | "reconcile"; seconds?: number };

  async function newTask(at: string, { via, seconds = 0, ...given }: Given) {
    const submittedAt = new Date(at);
    const end = new Date(submittedAt.getTime() + seconds * 1000);
    const values = { kind: "find_email", requestKey: randomUUID() };
    const [submission] = await context.db.insert(submissions).values(values).returning({ id: submissions.id });
    const submissionId = submission?.id ?? "";
    const status = given.status ?? "completed";
    const id = idAt(at);
    await context.db.insert(tasks).values({
      kind: "find_email",
      request: {},
      ...given,
      id,
      submissionId,
      status,
      submittedAt,
      createdAt: submittedAt,
      endedAt: status === "running" ? null : end,
      ...(via ? { deliveredAt: end, deliveredVia: via } : {}),
    });
    await context.db.insert(leads).values({ submissionId, row: 0, taskId: id, position: 0, fields: {} });
  }

  const countOf = async (filter: TaskFilter) => (await listTasks(context, { filter })).tasks.length;

  test("counts tasks by state, by how they were delivered, and what was found for their leads", async () => {
    expect(await getOverview(context, {}, NOW)).toMatchObject({
      filter: { from: "2026-03-04", to: "2026-03-10" },
      tasks: 9,
      leads: 13,
      byStatus: { completed: 5, failed: 3, running: 1, queued: 0 },
      via: { webhook: 5, poll: 1, reconcile: 1 },
      undelivered: 2,
      found: 4,
      notFound: 4,
      chargedCents: 5,
      pricedTasks: 2,
    });
  });

  test("says how long tasks of each kind took to their delivery, to 2.5 %", async () => {
    const around = (seconds: number) => ({
      asymmetricMatch: (given: unknown) => Math.abs(Number(given) / seconds - 1) < 0.025,
    });
    const { duration, kinds } = await getOverview(context, { since: "24h" }, NOW);
    expect(kinds).toMatchObject([{ kind: "find_email", tasks: 4, duration: { p50: around(14), p95: around(54) } }]);
    expect(duration).toEqual(kinds[0]?.duration);
    const all = await getOverview(context, {}, NOW);
    expect(all.kinds.find(({ kind }) => kind === "qa_agent")).toMatchObject({
      duration: { p50: around(100), p95: around(100) },
    });
  });

  test("names why tasks failed, the most frequent first, and what was odd about deliveries", async () => {
    const { failures, otherFailures, oddDeliveries } = await getOverview(context, {}, NOW);
    expect(failures).toEqual([
      { reason: "No such site", tasks: 2 },
      { reason: "invalid_request", tasks: 1 },
    ]);
    expect(otherFailures).toBe(0);
    expect(oddDeliveries).toEqual([
      { outcome: "refused", deliveries: 2 },
      { outcome: "unmatched", deliveries: 1 },
    ]);
  });

  test.each([
    { since: "24h" },
    { since: "7d" },
    { from: "2026-03-01" },
    { from: "2026-03-09", to: "2026-03-09" },
  ] as const)("of %j has no figure that the list of tasks under its filter contradicts", async (span) => {
    const overview = await getOverview(context, span, NOW);
    const { filter } = overview;
    expect(await countOf(filter)).toBe(overview.tasks);
    for (const bucket of overview.buckets) {
      expect(await countOf(bucket.filter)).toBe(bucket.tasks);
      expect(await countOf({ ...bucket.filter, via: "webhook" })).toBe(bucket.via.webhook);
      expect(await countOf({ ...bucket.filter, via: "none" })).toBe(bucket.undelivered);
    }
    for (const { reason, tasks: failed } of overview.failures) {
      expect(await countOf({ ...filter, status: ["failed"], reason })).toBe(failed);
    }
    expect(overview.buckets.reduce((sum, bucket) => sum + bucket.tasks, 0)).toBe(overview.tasks);
  });

  test("leads to the tasks that found something, and to those that did not for some lead", async () => {
    expect(await countOf({ from: "2026-03-04", found: "yes" })).toBe(3);
    expect(await countOf({ from: "2026-03-04", found: "no" })).toBe(2);
  });

  test("of a time without tasks is all zeros", async () => {
    const empty = await getOverview(context, { from: "2024-01-01", to: "2024-01-03" }, NOW);
    expect(empty).toMatchObject({ tasks: 0, leads: 0, duration: null, kinds: [], failures: [], oddDeliveries: [] });
    expect(empty.buckets.map(({ tasks: some }) => some)).toEqual([0, 0, 0]);
  });
});
