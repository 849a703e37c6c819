import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";

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
