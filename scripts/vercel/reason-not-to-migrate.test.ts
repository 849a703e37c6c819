import { expect, test } from "vitest";
import { parseVariables } from "@/lib/env";
import { reasonNotToMigrate } from "@/scripts/vercel/reason-not-to-migrate";

const DATABASE_URL = "postgres://u:p@db.example.com/app";

test.each([
  ["production with a database", { VERCEL_ENV: "production", DATABASE_URL }, null],
  ["production without one", { VERCEL_ENV: "production" }, /DATABASE_URL is not set/],
  ["a preview, whosever its database is", { VERCEL_ENV: "preview", DATABASE_URL }, /PREVIEW_HAS_OWN_DATABASE/],
  [
    "a preview with a database of its own",
    { VERCEL_ENV: "preview", DATABASE_URL, PREVIEW_HAS_OWN_DATABASE: "true" },
    null,
  ],
  ["a developer's machine", { DATABASE_URL }, /npm run db:migrate/],
])("%s", (_, given, reason) => {
  const found = reasonNotToMigrate(parseVariables({ ...given, NODE_ENV: "test" }));
  if (reason === null) expect(found).toBeNull();
  else expect(found).toMatch(reason);
});
