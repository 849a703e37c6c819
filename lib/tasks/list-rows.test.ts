import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "@/db/client";
import * as schema from "@/db/schema";
import { leads, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { eraseTask } from "@/lib/tasks/erase";
import { listRows } from "@/lib/tasks/list-rows";
import { createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

type NewTask = Partial<typeof tasks.$inferInsert>;

const newSubmission = async (given: Partial<typeof submissions.$inferInsert> = {}) => {
  const values = { kind: "find_email", requestKey: randomUUID(), confirmedAt: new Date(), ...given };
  const [row] = await bench.context.db.insert(submissions).values(values).returning({ id: submissions.id });
  return row?.id ?? "";
};

/** A task that a webhook completed, unless told otherwise. */
const newTask = async (submissionId: string, given: NewTask = {}) => {
  const end = {
    status: "completed" as const,
    endedAt: new Date(),
    deliveredAt: new Date(),
    deliveredVia: "webhook" as const,
  };
  const values = { submissionId, kind: "find_email", request: {}, ...end, ...given };
  const [row] = await bench.context.db.insert(tasks).values(values).returning({ id: tasks.id });
  return row?.id ?? "";
};

const newLead = async (submissionId: string, row: number, given: Partial<typeof leads.$inferInsert> = {}) => {
  const values = { submissionId, row, fields: { name: `Lead ${row}` }, ...given };
  const [made] = await bench.context.db.insert(leads).values(values).returning({ id: leads.id });
  return made?.id ?? "";
};

/** A bulk task with a lead for each name, rows counted from `fromRow`. */
const newBulk = async (submissionId: string, names: string[], result: unknown, fromRow = 0) => {
  const taskId = await newTask(submissionId, { shape: "bulk", leadCount: names.length, result });
  const ids: string[] = [];
  // Placed last to first, so that nothing is right by the order of insertion.
  for (const position of [...names.keys()].reverse()) {
    ids.unshift(
      await newLead(submissionId, fromRow + position, { taskId, position, fields: { name: names[position] ?? "" } }),
    );
  }
  return { taskId, ids };
};

const rowsOf = async (submissionId: string) => (await listRows(bench.context, { submissionId, limit: 200 })).rows;

describe("whose result is whose", () => {
  test("a task of one lead has that lead's result, its error and when it was delivered", async () => {
    const submissionId = await newSubmission();
    const taskId = await newTask(submissionId, { result: { email: "a@b.example" } });
    const refused = { result: null, deliveredAt: null, deliveredVia: null, errorCode: "invalid_request" };
    const failedId = await newTask(submissionId, { ...refused, status: "failed" });
    await newLead(submissionId, 0, { taskId, position: 0 });
    await newLead(submissionId, 1, { taskId: failedId, position: 0 });
    expect(await rowsOf(submissionId)).toMatchObject([
      {
        row: 0,
        lead: { name: "Lead 0" },
        taskId,
        status: "completed",
        result: { email: "a@b.example" },
        mismatch: null,
        error: null,
        deliveredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
      { row: 1, status: "failed", result: null, error: "Sixtyfour refused this request as invalid", deliveredAt: null },
    ]);
  });

  test("a bulk task's results go to its leads by their places, also where a page ends within the task", async () => {
    const submissionId = await newSubmission({ shape: "bulk" });
    await newBulk(submissionId, ["Ada", "Bea", "Cy", "Di"], [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }]);
    const first = await listRows(bench.context, { submissionId, limit: 3 });
    const second = await listRows(bench.context, { submissionId, limit: 3, cursor: first.nextCursor ?? "" });
    expect(first.rows.map(({ result }) => result)).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
    expect(second.rows.map(({ lead, result }) => [lead.name, result])).toEqual([["Di", { n: 3 }]]);
    expect(second.nextCursor).toBeNull();
  });

  test("a result that names somebody else is its lead's all the same, with a warning", async () => {
    const submissionId = await newSubmission({ shape: "bulk" });
    const result = [{ name: "Bob Marlowe" }, { name: "ADA KING" }];
    await newBulk(submissionId, ["Robert Novak", "Ada King"], result);
    const rows = await rowsOf(submissionId);
    expect(rows.map((row) => [row.result, row.otherName, row.mismatch])).toEqual([
      [result[0], "Bob Marlowe", null],
      [result[1], null, null],
    ]);
  });

  test.each([
    ["count", [{ n: 0 }]],
    ["count", { n: 0 }],
  ] as const)("a bulk result whose %s does not fit is nobody's, and says so: %j", async (mismatch, result) => {
    const submissionId = await newSubmission({ shape: "bulk" });
    await newBulk(submissionId, ["Ada", "Bea"], result);
    const rows = await rowsOf(submissionId);
    expect(rows.map((row) => [row.status, row.result, row.mismatch])).toEqual([
      ["completed", null, mismatch],
      ["completed", null, mismatch],
    ]);
  });

  test("a mismatch in one task says nothing about another's", async () => {
    const submissionId = await newSubmission({ shape: "bulk" });
    await newBulk(submissionId, ["Ada", "Bea"], [{ n: 0 }]);
    await newBulk(submissionId, ["Cy", "Di"], [{ n: 2 }, { n: 3 }], 2);
    const rows = await rowsOf(submissionId);
    expect(rows.map(({ mismatch, result }) => [mismatch, result])).toEqual([
      ["count", null],
      ["count", null],
      [null, { n: 2 }],
      [null, { n: 3 }],
    ]);
  });

  test("a lead that reuses an earlier one has its result, be it from a bulk task, and no task", async () => {
    const earlierId = await newSubmission({ shape: "bulk" });
    const { ids } = await newBulk(earlierId, ["Ada", "Bea"], [{ n: 0 }, { n: 1 }]);
    const submissionId = await newSubmission();
    await newLead(submissionId, 0, { fields: { name: "bea" }, reusedLeadId: ids[1] ?? "" });
    expect(await rowsOf(submissionId)).toMatchObject([
      { lead: { name: "bea" }, taskId: null, status: "reused", result: { n: 1 }, deliveredAt: expect.any(String) },
    ]);
  });

  test("a file task's leads have each their own, once all of them are stored", async () => {
    const submissionId = await newSubmission({ shape: "file" });
    const file = { shape: "file" as const, leadCount: 2, result: { row_count: 2 } };
    const taskId = await newTask(submissionId, { ...file, nextFetchAt: new Date() });
    await newLead(submissionId, 0, { taskId, position: 0, result: { n: 0 } });
    await newLead(submissionId, 1, { taskId, position: 1 });
    const seen = async () => (await rowsOf(submissionId)).map(({ status, result }) => [status, result]);
    expect(await seen()).toEqual(Array.from({ length: 2 }, () => ["running", null]));
    await bench.context.db
      .update(tasks)
      .set({ nextFetchAt: null, rowsStoredAt: new Date() })
      .where(eq(tasks.id, taskId));
    expect(await seen()).toEqual([
      ["completed", { n: 0 }],
      ["completed", null],
    ]);
  });

  test("a draft's leads are preparing", async () => {
    const submissionId = await newSubmission({ confirmedAt: null });
    await newLead(submissionId, 0);
    expect(await rowsOf(submissionId)).toMatchObject([
      { status: "preparing", taskId: null, result: null, error: null },
    ]);
  });

  test("nothing is left of an erased lead, nor of one that reused it", async () => {
    const submissionId = await newSubmission({ shape: "bulk" });
    const { taskId, ids } = await newBulk(submissionId, ["Ada", "Bea"], [{ n: "secret" }, { n: "secret" }]);
    await newLead(submissionId, 2, { fields: { name: "Ada" }, cells: ["Ada"], reusedLeadId: ids[0] ?? "" });
    await eraseTask(bench.context, taskId);
    const rows = await rowsOf(submissionId);
    expect(rows.map(({ lead, result, error }) => [lead, result, error])).toEqual(
      Array.from({ length: 3 }, () => [{}, null, "This lead was erased"]),
    );
  });
});

describe("pages", () => {
  test("are in the order of the list, and neither skip nor repeat a lead", async () => {
    const submissionId = await newSubmission();
    for (const row of [4, 2, 0, 3, 1]) await newLead(submissionId, row);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await listRows(bench.context, { submissionId, limit: "2", cursor });
      seen.push(...page.rows.map(({ row }) => row));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test("are narrowed to leads that stand somewhere", async () => {
    const submissionId = await newSubmission();
    const earlierId = await newLead(await newSubmission(), 0, { taskId: await newTask(submissionId), position: 0 });
    const open = { endedAt: null, deliveredAt: null, deliveredVia: null };
    await newLead(submissionId, 0, { taskId: await newTask(submissionId), position: 0 });
    await newLead(submissionId, 1, {
      taskId: await newTask(submissionId, { ...open, status: "running" }),
      position: 0,
    });
    await newLead(submissionId, 2);
    await newLead(submissionId, 3, { reusedLeadId: earlierId });
    const rowsWith = async (status: string) =>
      (await listRows(bench.context, { submissionId, status })).rows.map(({ row }) => row);
    expect(await rowsWith("completed")).toEqual([0]);
    expect(await rowsWith("running")).toEqual([1]);
    expect(await rowsWith("preparing")).toEqual([2]);
    expect(await rowsWith("reused")).toEqual([3]);
    expect(await rowsWith("failed")).toEqual([]);
  });

  test.each([
    [{ cursor: "x" }],
    [{ cursor: "" }],
    [{ cursor: "-1" }],
    [{ cursor: "99999999999" }],
    [{ limit: "0" }],
    [{ limit: "201" }],
    [{ status: "lost" }],
  ])("refuse %j", async (input) => {
    const submissionId = await newSubmission();
    await expect(listRows(bench.context, { submissionId, ...input })).rejects.toMatchObject({ code: "invalid_input" });
  });

  test.each([["nonsense"], [randomUUID()]])("of the submission %s are not found", async (submissionId) => {
    await expect(listRows(bench.context, { submissionId })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the database", () => {
  let database: TestDatabase;
  let counting: Context;
  let statements = 0;
  let client: postgres.Sql;
  beforeAll(async () => {
    database = await createTestDatabase();
    client = postgres(database.url, {
      onnotice: () => {},
      fetch_types: false,
      debug: () => {
        statements += 1;
      },
    });
    const db: Database = drizzle(client, { schema, casing: "snake_case" });
    counting = { ...bench.context, db };
  });
  afterAll(async () => {
    await client.end();
    await database.close();
  });

  test("is asked as often for a page of a hundred leads in ten bulk tasks as for one of a single bulk lead", async () => {
    const submissionId = randomUUID();
    const { db } = database;
    await db.insert(submissions).values({ id: submissionId, kind: "find_email", requestKey: submissionId });
    for (let task = 0; task < 10; task += 1) {
      const taskId = randomUUID();
      const result = Array.from({ length: 10 }, (_, n) => ({ n }));
      const end = { status: "completed" as const, endedAt: new Date() };
      await db
        .insert(tasks)
        .values({ id: taskId, submissionId, kind: "find_email", shape: "bulk", request: {}, result, ...end });
      const members = result.map(({ n }) => ({ submissionId, row: task * 10 + n, taskId, position: n, fields: {} }));
      await db.insert(leads).values(members);
    }
    const count = async (limit: number) => {
      statements = 0;
      const { rows } = await listRows(counting, { submissionId, limit });
      return { rows: rows.length, statements };
    };
    const [one, hundred] = [await count(1), await count(100)];
    expect([one.rows, hundred.rows]).toEqual([1, 100]);
    expect(one.statements).toBeGreaterThan(0);
    expect(hundred.statements).toBe(one.statements);
  });
});
