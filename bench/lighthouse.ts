/**
 * What Lighthouse says of the main pages, with 10,000 tasks in the database: `node --import tsx bench/lighthouse.ts`, after
 * `npm run build`. Each page is measured with the desktop preset and with the mobile one, whose processor is four times
 * slower; the median of 3 rounds counts. Paths as arguments narrow it to those. Lighthouse is fetched by npx, since only this needs it.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { median } from "@/bench/figures";
import { seedTasks } from "@/bench/seed-tasks";
import { startStack } from "@/e2e/stack";
import { ensureChromium } from "@/scripts/chromium";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

/** The last that runs on Node 20. */
const LIGHTHOUSE = "lighthouse@12.8.2";
const TASKS = 10_000;
const ROUNDS = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
const BARS: Record<Preset, number> = { desktop: 95, mobile: 85 };

type Preset = "desktop" | "mobile";
interface Report {
  categories: Record<(typeof CATEGORIES)[number], { score: number }>;
  audits: Record<string, { numericValue?: number }>;
}

const run = promisify(execFile);

await runScript(async () => {
  const stack = await startStack();
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-lighthouse-"));
  const chromium = await ensureChromium();
  const rows: string[][] = [];
  let isGood = true;
  try {
    const { taskId, submissionId } = await seedTasks(stack.databaseUrl, TASKS);
    const pages = ["/", `/tasks/${taskId}`, `/submissions/${submissionId}`, "/overview"];
    const wanted = process.argv.slice(2);
    for (const page of pages.filter((path) => wanted.length === 0 || wanted.includes(path))) {
      for (const preset of ["desktop", "mobile"] as const) {
        const reports: Report[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          reports.push(await measure(`${stack.app.url}${page}`, preset, { folder, chromium }));
        }
        const scores = CATEGORIES.map((name) =>
          Math.round(100 * median(reports.map((report) => report.categories[name].score))),
        );
        const [performance = 0, ...others] = scores;
        isGood &&= performance >= BARS[preset] && others.every((score) => score >= 95);
        const numbers = ["largest-contentful-paint", "total-blocking-time"].map((name) =>
          Math.round(median(reports.map(({ audits }) => audits[name]?.numericValue ?? 0))),
        );
        const shift = median(reports.map(({ audits }) => audits["cumulative-layout-shift"]?.numericValue ?? 0)).toFixed(
          3,
        );
        rows.push([page.replace(/[0-9a-f-]{36}/, "<id>"), preset, ...[...scores, ...numbers].map(String), shift]);
      }
    }
  } finally {
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const header = ["page", "preset", ...CATEGORIES, "largest paint, ms", "blocked, ms", "layout shift"];
  console.info(textTable(header, rows));
  return isGood ? 0 : 1;
});

async function measure(url: string, preset: Preset, given: { folder: string; chromium: string }): Promise<Report> {
  const file = path.join(given.folder, "report.json");
  const options = [
    ...(preset === "desktop" ? ["--preset=desktop"] : []),
    `--only-categories=${CATEGORIES.join(",")}`,
    "--output=json",
    `--output-path=${file}`,
    "--quiet",
    "--chrome-flags=--headless=new --no-sandbox --disable-background-networking --disable-component-update --disable-sync",
  ];
  await run("npx", ["-y", LIGHTHOUSE, url, ...options], { env: { ...process.env, CHROME_PATH: given.chromium } });
  return JSON.parse(await readFile(file, "utf8")) as Report;
}
