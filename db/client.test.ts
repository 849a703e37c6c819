import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readDatabaseUrl } from "@/db/client";
import { createTestDatabase, type TestDatabase } from "@/db/testing";

describe("a database's address", () => {
  test.each([
    ["postgres://u:p@db.example.com:5432/app", false],
    ["postgres://u:p@my-pooler-less.example.com/app", false],
    ["postgres://u:p@db.example.com:6543/app", true],
    ["postgres://u:p@aws-0-eu-west-1.pooler.supabase.com:5432/postgres", true],
    ["postgres://u:p@ep-cool-night-123-pooler.eu-central-1.aws.neon.tech/app?sslmode=require", true],
  ])("%s is a transaction pooler's: %s", (url, isPooled) => {
    expect(readDatabaseUrl(url)).toEqual({ url, isPooled });
  });

  test("loses the mark that Postgres would refuse", () => {
    expect(readDatabaseUrl("postgres://u:p@db.example.com/app?pgbouncer=true")).toEqual({
      url: "postgres://u:p@db.example.com/app",
      isPooled: true,
    });
  });
});

describe("a connection", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  test("gives up a statement that hangs", async () => {
    const [row] = await database.db.execute<{ statement_timeout: string }>(sql`show statement_timeout`);
    expect(row).toEqual({ statement_timeout: "15s" });
  });
});
