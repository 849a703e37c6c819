import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/**
 * Text that goes into a statement without being a parameter, each with its reason. All of it is written in this code; a
 * value from outside in here would be an injection.
 */
const ALLOWED: Record<string, string> = {
  "db/client.ts unsafe": "The driver's function for a text with parameters, as Drizzle calls it.",
  "db/select-row.ts raw": "Types of our own columns.",
  "lib/tasks/open-tasks.ts raw": "The words of a partial index, which Postgres does not match with a parameter.",
};

const PATTERNS: [name: string, pattern: RegExp][] = [
  ["raw", /\bsql\.raw\((?!"[^"]*"\))/],
  ["unsafe", /\.unsafe\(/],
  ["inline", /\binlineParams\b/],
];

test("values are parameters of a statement, and never part of its text", () => {
  const files = ["app", "lib", "db"]
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => `${folder}/${name}`))
    .filter((name) => /(?<!\.test)\.tsx?$/.test(name));
  const found = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return PATTERNS.filter(([, pattern]) => pattern.test(text)).map(([name]) => `${file} ${name}`);
  });
  expect(found.sort()).toEqual(Object.keys(ALLOWED).sort());
});
