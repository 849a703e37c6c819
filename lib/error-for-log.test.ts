import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import { errorForLog } from "@/lib/error-for-log";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test("a failed query is told without its values", async () => {
  const lead = "Ada Lovelace, ada@ae.example";
  const failed = await database.db.execute(sql`select ${lead}::text from nowhere`).catch((error: unknown) => error);
  expect(String(failed)).toContain(lead);
  expect(errorForLog(failed)).toBe('PostgresError: relation "nowhere" does not exist (42P01)');
});

test("any other error is told by its name and message", () => {
  expect(errorForLog(new TypeError("x is no y"))).toBe("TypeError: x is no y");
  expect(errorForLog("text")).toBe("text");
  expect(errorForLog(null)).toBe("unknown error");
});

test("what could not be read as a value or as JSON is not repeated", async () => {
  const lead = "Ada Lovelace";
  const failed = await database.db.execute(sql`select ${lead}::uuid`).catch((error: unknown) => error);
  expect(errorForLog(failed)).toBe("PostgresError: invalid input syntax for type uuid: … (22P02)");
  const read = () => JSON.parse(lead);
  expect(read).toThrow(lead);
  try {
    read();
  } catch (error) {
    expect(errorForLog(error)).toMatch(/^SyntaxError: /);
    expect(errorForLog(error)).not.toContain(lead);
  }
});
