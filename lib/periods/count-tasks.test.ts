import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { countTasks } from "@/lib/periods/count-tasks";

const SUBMISSION = "01900000-0000-7000-8000-000000000000";
const TASKS = 9_000;
/** In its first two thirds, and so not among the newest, each is of both. */
const OF_BOTH = 6_000;

let database: TestDatabase;
let context: Context;

beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
  const { db } = database;
  await db.execute(sql`
    insert into submissions (id, kind, request_key, lead_count, confirmed_at)
    values (${SUBMISSION}, 'find_email', 'all', ${TASKS}, now())`);
  await db.execute(sql`
    insert into tasks (id, submission_id, kind, status, lead_count, request, result, ended_at)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${SUBMISSION},
      case when n % 10 = 0 then 'find_phone' else 'find_email' end, case when n % 4 = 0 then 'failed' else 'completed' end,
      1, '{}', case when n % 3000 = 0 then '{"notes": "Quokka"}' else '{"notes": "nothing"}' end::json, now()
    from generate_series(1, ${TASKS}) as n`);
  await db.execute(sql`
    insert into leads (id, submission_id, "row", task_id, position, fields)
    select id, submission_id, n, id, 0, json_build_object('name', case when n <= ${OF_BOTH} then 'Ada Hopper'
      when n % 2 = 0 then 'Ada Curie' else 'Grace Hopper' end, 'company', 'Number ' || n)
    from (select *, row_number() over (order by id) as n from tasks) as numbered`);
  await db.execute(sql`analyze`);
  // As Postgres would know it of an installation that has been in use for years.
  await db.execute(sql`update pg_class set reltuples = 1000000 where oid = 'tasks'::regclass`);
});
afterAll(() => database.close());

describe("among a million tasks, a search", () => {
  test("for what many of the newest have counts a hundred of them, by status, and says that there are more", async () => {
    const counts = await countTasks(context, { q: "hopper" });
    expect(counts).toMatchObject({ all: 100, isAtLeast: true });
    // Each second of the newest: their numbers are odd, and none has failed.
    expect(counts.byStatus).toMatchObject({ completed: 100, failed: 0 });
  });

  test("for what a few have is exact, whether a lead has it or a result", async () => {
    expect(await countTasks(context, { q: "number 77" })).toMatchObject({ all: 111, isAtLeast: false });
    const counts = await countTasks(context, { q: "quokka" });
    expect(counts).toMatchObject({ all: 3, isAtLeast: false });
    expect(counts.byStatus).toMatchObject({ completed: 0, failed: 3 });
  });

  test("for words that thousands have together counts thousands, and says that there are more", async () => {
    const counts = await countTasks(context, { q: "ada hopper" });
    expect(counts).toMatchObject({ all: 5_000, isAtLeast: true });
    expect(counts.byStatus.completed + counts.byStatus.failed).toBe(5_000);
  });

  test("beside another filter counts what both leave", async () => {
    const counts = await countTasks(context, { q: "ada hopper", kind: ["find_phone"] });
    expect(counts).toMatchObject({ all: OF_BOTH / 10, isAtLeast: false });
    expect(await countTasks(context, { q: "quokka", kind: ["find_email"] })).toMatchObject({
      all: 0,
      isAtLeast: false,
    });
  });

  test("for nobody finds nobody", async () => {
    expect(await countTasks(context, { q: "zebedee" })).toMatchObject({ all: 0, isAtLeast: false });
    expect(await countTasks(context, { q: "-" })).toMatchObject({ all: 0, isAtLeast: false });
  });

  test("counts a task with many leads that fit once", async () => {
    await database.db.execute(sql`
      insert into tasks (id, submission_id, kind, shape, status, lead_count, request)
      values ('01900000-0000-7000-8000-f00000000000', ${SUBMISSION}, 'find_email', 'bulk', 'running', 60, '{}')`);
    await database.db.execute(sql`
      insert into leads (id, submission_id, "row", task_id, position, fields)
      select gen_random_uuid(), ${SUBMISSION}, 100000 + n, '01900000-0000-7000-8000-f00000000000', n,
        json_build_object('name', 'Wombat ' || n) from generate_series(0, 59) as n`);
    const counts = await countTasks(context, { q: "wombat" });
    expect(counts).toMatchObject({ all: 1, isAtLeast: false });
    expect(counts.byStatus.running).toBe(1);
  });
});
