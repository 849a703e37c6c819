import { gzipSync } from "node:zlib";
import { expect, test } from "@/e2e/fixtures";

/** First-load JavaScript of each page in kB (1,000 bytes), gzipped, without the polyfills for old browsers. */
const BUDGET_KB: Record<string, number> = {
  "/": 240,
  "/overview": 240,
  "/submissions": 240,
  "/submissions/new": 240,
  "/submissions/list": 240,
  "/deliveries": 240,
  "/settings/api-tokens": 240,
};

test("no page loads more JavaScript at first than its budget", async ({ request }, testInfo) => {
  const sizes = new Map<string, number>();
  const sizeOf = async (path: string): Promise<number> => {
    const known = sizes.get(path);
    if (known !== undefined) return known;
    const size = gzipSync(await (await request.get(path)).body(), { level: 9 }).length;
    sizes.set(path, size);
    return size;
  };
  const rows: string[] = [];
  for (const [page, budgetKb] of Object.entries(BUDGET_KB)) {
    const html = await (await request.get(page)).text();
    const scripts = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)]
      .filter(([tag]) => !/\bnomodule\b/i.test(tag))
      .map(([, source = ""]) => source);
    expect(scripts.length).toBeGreaterThan(3);
    const bytes = await Promise.all([...new Set(scripts)].map(sizeOf));
    const totalKb = bytes.reduce((total, size) => total + size, 0) / 1000;
    rows.push(`| ${page} | ${totalKb.toFixed(1)} | ${budgetKb} |`);
    expect.soft(totalKb, page).toBeLessThanOrEqual(budgetKb);
  }
  const table = ["| page | kB | budget |", "|---|--:|--:|", ...rows].join("\n");
  console.info(table);
  await testInfo.attach("first-load JavaScript", { body: table, contentType: "text/markdown" });
});
