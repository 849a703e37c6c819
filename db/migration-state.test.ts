import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readMigrationState } from "@/db/migration-state";
import journal from "@/db/migrations/meta/_journal.json";
import { createTestDatabase, type TestDatabase } from "@/db/testing";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("a migrated database is current", async () => {
  expect(await readMigrationState(database.db)).toEqual({ type: "current" });
});

test("one that a newer build has migrated is ahead", async () => {
  await database.db.execute(sql`insert into drizzle.__drizzle_migrations (hash, created_at) values ('newer', 1)`);
  expect(await readMigrationState(database.db)).toEqual({ type: "ahead", unknownCount: 1 });
  await database.db.execute(sql`delete from drizzle.__drizzle_migrations where hash = 'newer'`);
});

test("one that lacks migrations is behind, and they are named", async () => {
  const last = journal.entries.at(-1);
  await database.db.execute(sql`delete from drizzle.__drizzle_migrations where created_at = ${last?.when}`);
  expect(await readMigrationState(database.db)).toEqual({ type: "behind", missing: [last?.tag], isEmpty: false });
});

test("one that was never migrated lacks them all", async () => {
  await database.db.execute(sql`drop schema drizzle cascade`);
  const missing = journal.entries.map(({ tag }) => tag);
  expect(await readMigrationState(database.db)).toEqual({ type: "behind", missing, isEmpty: true });
});
