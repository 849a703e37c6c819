import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

const documents = [
  ...readdirSync(PROJECT_DIR).filter((name) => name.endsWith(".md")),
  ...readdirSync(path.join(PROJECT_DIR, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];
const folders = readdirSync(PROJECT_DIR, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const readText = (document: string) => readFileSync(path.join(PROJECT_DIR, document), "utf8");

/** Links to files and headings of ours, as the document writes them. */
function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map((match) => match[1] ?? "");
}

/** Code that starts with a folder of ours or looks like a file at the top. */
function pathsInCode(text: string): string[] {
  const code = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "");
  const isOurs = (name: string) =>
    folders.some((folder) => name.startsWith(`${folder.name}/`)) ||
    /^\.?[\w-]+(\.[\w-]+)*\.(ts|mjs|json|md|example)$/.test(name);
  return code.filter(isOurs).filter((name) => !/[*<>…]/.test(name) && !name.startsWith(".data/"));
}

/** Anchors of a document's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Returns true if a link of `document` leads to a file that exists, and to one of its headings if it names one. */
function leadsSomewhere(document: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file ? path.join(path.dirname(document), file) : document;
  if (!existsSync(path.join(PROJECT_DIR, target))) return false;
  return anchor === undefined || anchorsOf(readText(target)).includes(anchor);
}

describe.each(documents)("%s", (document) => {
  const text = readText(document);

  test("names only files that exist", () => {
    expect(pathsInCode(text).filter((name) => !existsSync(path.join(PROJECT_DIR, name)))).toEqual([]);
  });

  test("links only to files and headings that exist", () => {
    expect(linksIn(text).filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });
});

test("the check finds paths and links at all", () => {
  const text = "see [x](docs/a.png), [y](#z), [w](https://a.example), `lib/env.ts`, `README.md` and `loading.tsx`";
  expect(pathsInCode(text)).toEqual(["lib/env.ts", "README.md"]);
  expect(linksIn(text)).toEqual(["docs/a.png", "#z"]);
  expect(leadsSomewhere("README.md", "docs/a.png")).toBe(false);
});

const variablesOfApp = [...readText("lib/env.ts").matchAll(/^ {2}([A-Z][A-Z0-9_]+): /gm)]
  .map(([, name = ""]) => name)
  .filter((name) => !/^(VERCEL|NODE_ENV)/.test(name));

test(".env.example has every variable that the app reads", () => {
  const given = [...readText(".env.example").matchAll(/^([A-Z0-9_]+)=/gm)].map((match) => match[1]);
  expect(variablesOfApp.length).toBeGreaterThan(5);
  expect(given).toEqual(expect.arrayContaining(variablesOfApp));
});

test("docs/deploy.md has a row for every variable that the app reads", () => {
  const rows = readText("docs/deploy.md").match(/^\| `[A-Z].*$/gm) ?? [];
  const named = rows.flatMap((row) => row.split("|")[1]?.match(/[A-Z][A-Z0-9_]+/g) ?? []);
  expect(named).toEqual(expect.arrayContaining(variablesOfApp));
});

test("decisions are numbered without gaps", () => {
  const numbers = documents.flatMap((name) => /^docs\/decisions\/(\d{4})-/.exec(name)?.[1] ?? []).sort();
  expect(numbers).toEqual(numbers.map((_, index) => String(index + 1).padStart(4, "0")));
});
