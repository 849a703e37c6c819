/**
 * What a list of 100,000 rows does to the page that reads it: `node --import tsx bench/import-page.ts`, after
 * `npm run build`, or with another number of rows. Time runs from the choice of the file; the main thread's longest task is
 * what Chromium's own observer of long tasks (over 50 ms) saw until the rows were checked.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import { startStack } from "@/e2e/stack";
import { ensureChromium } from "@/scripts/chromium";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const ROUNDS = 3;

await runScript(async () => {
  const count = Number(process.argv[2] ?? 100_000);
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-bench-"));
  const file = path.join(folder, "list.csv");
  const lines = Array.from(
    { length: count },
    (_, index) => `Person ${index},Company ${index},company-${index}.example,"Note ""${index}"", and more"`,
  );
  await writeFile(file, `Name,Company,Website,Notes\n${lines.join("\n")}\n`);
  const stack = await startStack();
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
  const rows: (string | number)[][] = [];
  try {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const page = await browser.newPage();
      await page.goto(`${stack.app.url}/submissions/list`, { waitUntil: "networkidle" });
      await page.evaluate(() => {
        const seen = { longest: 0, preview: 0, counts: 0 };
        Object.assign(window, { seen });
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
        }).observe({ type: "longtask" });
        document.querySelector("input[type=file]")?.addEventListener("change", () => {
          const begun = performance.now();
          const observer = new MutationObserver(() => {
            if (document.querySelector("table")) seen.preview ||= performance.now() - begun;
            if (document.querySelector("dl")) seen.counts ||= performance.now() - begun;
          });
          observer.observe(document.body, { childList: true, subtree: true });
        });
      });
      await page.locator("input[type=file]").setInputFiles(file);
      await page.locator("dl").waitFor({ timeout: 60_000 });
      const seen = await page.evaluate(() => (window as unknown as { seen: Record<string, number> }).seen);
      rows.push([round, count, ...["preview", "counts", "longest"].map((name) => Math.round(seen[name] ?? 0))]);
      await page.close();
    }
  } finally {
    await browser.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  console.info(textTable(["round", "rows", "ms to the preview", "ms to the counts", "longest task, ms"], rows));
  return 0;
});
