import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const documents = readdirSync(PROJECT_DIR).filter((name) => name.endsWith(".md"));
const folders = readdirSync(PROJECT_DIR, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** Relative links, and code that starts with a folder of ours or looks like a file at the top. */
function namedPaths(text: string): string[] {
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1] ?? "");
  const code = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "");
  const isOurs = (name: string) =>
    folders.some((folder) => name.startsWith(`${folder.name}/`)) ||
    /^\.?[\w-]+(\.[\w-]+)*\.(ts|mjs|json|md|example)$/.test(name);
  return [...links, ...code.filter(isOurs)].filter((name) => !/[*<>…]/.test(name) && !name.startsWith(".data/"));
}

describe.each(documents)("%s", (document) => {
  const text = readFileSync(path.join(PROJECT_DIR, document), "utf8");

  test("names only files that exist", () => {
    expect(namedPaths(text).filter((name) => !existsSync(path.join(PROJECT_DIR, name)))).toEqual([]);
  });
});

test("the check finds paths at all", () => {
  expect(namedPaths("see [x](docs/a.png), `lib/env.ts`, `README.md` and `loading.tsx`")).toEqual([
    "docs/a.png",
    "lib/env.ts",
    "README.md",
  ]);
});

test(".env.example has every variable that the app reads", () => {
  const read = [...readFileSync(path.join(PROJECT_DIR, "lib/env.ts"), "utf8").matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)];
  const names = read.map((match) => match[1]).filter((name) => !/^(VERCEL|NODE_ENV)/.test(name ?? ""));
  const given = [...readFileSync(path.join(PROJECT_DIR, ".env.example"), "utf8").matchAll(/^([A-Z0-9_]+)=/gm)];
  expect(names.length).toBeGreaterThan(5);
  expect(given.map((match) => match[1])).toEqual(expect.arrayContaining(names));
});
