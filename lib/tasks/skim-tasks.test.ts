import { desc, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { skimTasks } from "@/lib/tasks/skim-tasks";
import { whereFirst } from "@/lib/tasks/where-first";

const TASKS = 400;
const EACH = { ada: 3, grace: 7, rare: 90 };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  await db.execute(sql`
    insert into submissions (id, kind, request_key) values ('01900000-0000-7000-8000-000000000000', 'find_email', 'all')`);
  // Each eleventh is a file of fifty leads, which takes as long to be looked at as fifty do.
  await db.execute(sql`
    insert into tasks (id, submission_id, kind, status, lead_count, request)
    select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, '01900000-0000-7000-8000-000000000000',
      'find_email', 'running', case when n % 11 = 0 then 50 else 1 end, '{}'
    from generate_series(0, ${TASKS - 1}) as n`);
  await db.execute(sql`
    insert into leads (id, submission_id, "row", task_id, position, fields)
    select id, submission_id, n, id, 0, json_build_object('name', concat_ws(' ', 'Somebody',
      case when n % ${EACH.ada} = 0 then 'Ada' end, case when n % ${EACH.grace} = 0 then 'Grace' end,
      case when n % ${EACH.rare} = 0 then 'Rare' end))
    from (select *, row_number() over (order by id) - 1 as n from tasks) as numbered`);
});
afterAll(() => database.close());

const numberOf = (id: string) => Number.parseInt(id.slice(-12), 16);
const all = Array.from({ length: TASKS }, (_, n) => TASKS - 1 - n);

test.each([
  { first: 10, most: 400, wanted: 5 },
  { first: 10, most: 400, wanted: 40 },
  { first: 40, most: 60, wanted: 20 },
  { first: 60, most: 60, wanted: 20 },
  { first: 400, most: 400, wanted: 500 },
])("looks through the newest: %j", async ({ first, most, wanted }) => {
  for (const [q, fits] of [
    ["ada", (n) => n % EACH.ada === 0],
    ["ada grace", (n) => n % (EACH.ada * EACH.grace) === 0],
    ["rare", (n) => n % EACH.rare === 0],
    ["zebedee", () => false],
  ] satisfies [string, (n: number) => boolean][]) {
    const where = (limit: number) => whereFirst({ filter: {}, limit });
    const found = await skimTasks(database.db, { q, where, orderBy: [desc(tasks.id)], first, most, wanted });
    const numbers = found.map(({ id }) => numberOf(id)).sort((a, b) => b - a);
    // What is found are the newest that fit, none left out and none twice, however far it has looked.
    expect(numbers).toEqual(all.filter(fits).slice(0, numbers.length));
    expect(numbers.length).toBeLessThanOrEqual(wanted);
  }
});

test("goes on where the first promise enough, and else not", async () => {
  const where = (limit: number) => whereFirst({ filter: {}, limit });
  const skim = (q: string, given: { first: number; most: number; wanted: number }) =>
    skimTasks(database.db, { q, where, orderBy: [desc(tasks.id)], ...given });
  expect(await skim("ada", { first: 10, most: 400, wanted: 20 })).toHaveLength(20);
  // The files among a hundred are more leads than are looked at for a hundred.
  expect(await skim("ada", { first: 10, most: 100, wanted: 20 })).toHaveLength(12);
  expect(await skim("grace", { first: 10, most: 40, wanted: 20 })).toHaveLength(1);
  expect(await skim("zebedee", { first: 10, most: 400, wanted: 1 })).toEqual([]);
});
