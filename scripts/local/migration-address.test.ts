import { expect, test } from "vitest";
import { parseVariables } from "@/lib/env";
import { migrationAddress } from "@/scripts/local/database-setup";

const DIRECT = "postgres://u:p@db.example.com/app";
const POOLED = "postgres://u:p@db.example.com:6543/app";

function addressWith(given: Record<string, string | undefined>) {
  return migrationAddress(parseVariables({ ...given, NODE_ENV: "test" }));
}

test("migrations go to the database itself, past a pooler", () => {
  expect(addressWith({ DATABASE_URL: DIRECT })).toEqual({ url: DIRECT, variable: "DATABASE_URL" });
  const unpooled = { url: DIRECT, variable: "DATABASE_URL_UNPOOLED" };
  expect(addressWith({ DATABASE_URL: POOLED, DATABASE_URL_UNPOOLED: DIRECT })).toEqual(unpooled);
});

test("a pooler alone is refused in a sentence that names the mend, and no password", () => {
  for (const given of [{ DATABASE_URL: POOLED }, { DATABASE_URL: DIRECT, DATABASE_POOLED: "true" }]) {
    expect(() => addressWith(given)).toThrow(/Set DATABASE_URL_UNPOOLED/);
    expect(() => addressWith(given)).not.toThrow(/u:p@/);
  }
});

test("a database that only looks like a pooler is believed to be none where it is said", () => {
  expect(addressWith({ DATABASE_URL: POOLED, DATABASE_POOLED: "false" })).toMatchObject({ url: POOLED });
});

test("no database is told", () => {
  expect(() => addressWith({})).toThrow("DATABASE_URL is not set.");
});
