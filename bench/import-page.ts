/**
 * What a list of 100,000 rows does to the page that reads it: `node --import tsx bench/import-page.ts`, after
 * `npm run build`, or with another number of rows. One row in fifty has something wrong with it. Time runs from the choice
 * of the file; the main thread's longest task is what Chromium's own observer of long tasks (over 50 ms) saw until the
 * rows were checked and the bad ones were on the page, and then while one of these was mended.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Page } from "@playwright/test";
import { startStack } from "@/e2e/stack";
import { ensureChromium } from "@/scripts/chromium";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const ROUNDS = 3;

/** The length of a note in each row: usual, and such that 100,000 rows make nearly 100 MB. */
const NOTE_LENGTHS = [10, 900];

await runScript(async () => {
  const count = Number(process.argv[2] ?? 100_000);
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-bench-"));
  const stack = await startStack();
  const browser = await chromium.launch({ executablePath: await ensureChromium(), args: ["--no-sandbox"] });
  const rows: (string | number)[][] = [];
  try {
    for (const noteLength of NOTE_LENGTHS) {
      const csv = makeCsv(count, noteLength);
      const file = path.join(folder, `notes-of-${noteLength}.csv`);
      await writeFile(file, csv);
      for (let round = 1; round <= ROUNDS; round += 1) {
        const page = await browser.newPage();
        const seen = await measure(page, `${stack.app.url}/submissions/list`, file);
        rows.push([
          round,
          count,
          (csv.length / 1e6).toFixed(1),
          ...[seen.preview, seen.counts, seen.longest, seen.longestMending].map(Math.round),
        ]);
        await page.close();
      }
    }
  } finally {
    await browser.close();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  console.info(
    textTable(
      ["round", "rows", "MB", "ms to the preview", "ms to the counts", "longest task, ms", "while mending, ms"],
      rows,
    ),
  );
  return 0;
});

function makeCsv(count: number, noteLength: number): string {
  const lines = Array.from({ length: count }, (_, index) => {
    const website = index % 50 === 7 ? "no website" : `company-${index}.example`;
    return `Person ${index},Company ${index},${website},"Note ""${index}"", ${"x".repeat(noteLength)}"`;
  });
  return `Name,Company,Website,Notes\n${lines.join("\n")}\n`;
}

interface Seen {
  longest: number;
  longestMending: number;
  preview: number;
  counts: number;
}

/** Opens the file in the page, and mends a row of it. All in milliseconds. */
async function measure(page: Page, url: string, file: string): Promise<Seen> {
  await page.goto(url, { waitUntil: "networkidle" });
  await page.evaluate(observe);
  await page.locator("input[type=file]").setInputFiles(file);
  // By CSS: to look for names and roles would itself be long work in the page.
  const badRow = page.locator("form[aria-label='Row 8']");
  await badRow.waitFor({ timeout: 120_000 });
  const { longest, preview, counts } = await page.evaluate(takeSeen);
  await badRow.locator("input").last().fill("mended.example");
  await badRow.locator("[type=submit]").click();
  await badRow.waitFor({ state: "detached", timeout: 120_000 });
  return { longest, preview, counts, longestMending: (await page.evaluate(takeSeen)).longest };
}

type Observing = typeof window & { seen: Omit<Seen, "longestMending"> };

/** Runs in the page. */
function observe(): void {
  const seen = { longest: 0, preview: 0, counts: 0 };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: "longtask" });
  document.querySelector("input[type=file]")?.addEventListener("change", () => {
    const begun = performance.now();
    new MutationObserver(() => {
      if (document.querySelector("table")) seen.preview ||= performance.now() - begun;
      if (document.querySelector("dl")) seen.counts ||= performance.now() - begun;
    }).observe(document.body, { childList: true, subtree: true });
  });
}

/** Runs in the page. */
function takeSeen(): Omit<Seen, "longestMending"> {
  const { seen } = window as Observing;
  const taken = { ...seen };
  seen.longest = 0;
  return taken;
}
