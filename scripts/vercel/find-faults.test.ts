import { expect, test } from "vitest";
import type { BuildOutput, BuiltFunction } from "@/scripts/vercel/build-output";
import { findFaults, findFaultsOfCode } from "@/scripts/vercel/find-faults";

const SOURCE = [
  "app/(board)/page.tsx",
  "app/layout.tsx",
  "app/api/webhooks/sixtyfour/route.ts",
  "app/api/tasks/export/route.ts",
  "app/api/cron/reconcile/route.ts",
];

function built(name: string, given: Partial<BuiltFunction> = {}): BuiltFunction {
  const files = new Map([["___next_launcher.cjs", "/x"]]);
  return { name, routes: [name], maxDuration: 90, memory: undefined, runtime: "nodejs", files, bytes: 9, ...given };
}

function output(changed: Record<string, Partial<BuiltFunction> | null> = {}): BuildOutput {
  const right: Record<string, Partial<BuiltFunction>> = {
    index: {},
    "api/webhooks/sixtyfour": { routes: ["api/webhooks/sixtyfour", "api/webhooks/sixtyfour.rsc"], maxDuration: 60 },
    "api/tasks/export": { maxDuration: 300 },
    "api/cron/reconcile": {},
  };
  const functions = Object.entries(right).flatMap(([name, given]) =>
    changed[name] === null ? [] : [built(name, { ...given, ...changed[name] })],
  );
  return { functions, cronPaths: ["/api/cron/reconcile"] };
}

test("an output that is as it should be has no faults", () => {
  expect(findFaults(output({ index: { files: new Map([[".env.example", "/x"]]) } }), SOURCE)).toEqual([]);
  expect(findFaults(output(), SOURCE)).toEqual([]);
});

test.each([
  ["a page is missing", { index: null }, /^\/index has no function/],
  ["the cron's route is missing", { "api/cron/reconcile": null }, /The cron calls \/api\/cron\/reconcile/],
  ["a duration is another", { "api/tasks/export": { maxDuration: 90 } }, /\/api\/tasks\/export may take 90 .* 300/],
  ["a duration is nobody's", { index: { maxDuration: undefined } }, /\/index may take no stated number/],
  [
    "the webhook has company",
    { "api/webhooks/sixtyfour": { routes: ["api/webhooks/sixtyfour", "api/health"] } },
    /api\/health/,
  ],
  ["the webhook is large", { "api/webhooks/sixtyfour": { bytes: 9_000_000 } }, /over its budget/],
  ["a .env file is in it", { index: { files: new Map([[".env.production", "/x"]]) } }, /would carry \.env\.production/],
])("it is told where %s", (_, changed, words) => {
  expect(findFaults(output(changed), SOURCE).join("\n")).toMatch(words);
});

test("it is told where the webhook has code of the pages, or loads too much", () => {
  const plain = { file: "a.js", text: "drizzle" };
  const page = { file: "b.js", text: "mantine-Button-root" };
  expect(findFaultsOfCode({ traced: [plain], loaded: [plain] })).toEqual([]);
  expect(findFaultsOfCode({ traced: [page], loaded: [plain] })).toEqual([
    "The webhook's code has Mantine in it, by b.js.",
  ]);
  expect(findFaultsOfCode({ traced: [plain], loaded: [plain, page] }).join()).toMatch(/by b\.js/);
  const large = { file: "c.js", text: "x".repeat(2_000_000) };
  expect(findFaultsOfCode({ traced: [], loaded: [large] }).join()).toMatch(/over the budget/);
});
