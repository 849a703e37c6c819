import { gzipSync } from "node:zlib";
import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";

/** First-load JavaScript of each page in kB (1,000 bytes), gzipped, without the polyfills for old browsers. */
const BUDGET_KB: Record<string, number> = {
  "/": 225,
  "/tasks/[id]": 245,
  "/overview": 240,
  "/submissions": 205,
  "/submissions/[id]": 235,
  "/submissions/new": 220,
  "/submissions/list": 235,
  "/deliveries": 210,
  "/settings/api-tokens": 205,
  "/setup": 195,
};

test("no page loads more JavaScript at first than its budget", async ({
  request,
  stack,
  submission,
  dashboard,
  leadName,
}, testInfo) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  const database = postgres(stack.databaseUrl, { max: 1 });
  const [ids] = await database`select id as "task", submission_id as "submission" from tasks limit 1`;
  await database.end();

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
    const path = page
      .replace("/tasks/[id]", `/tasks/${ids?.task}`)
      .replace("/submissions/[id]", `/submissions/${ids?.submission}`);
    const response = await request.get(path);
    expect(response.status(), path).toBe(200);
    const html = await response.text();
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
