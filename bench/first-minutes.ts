/**
 * Measures how long a newcomer waits for each page: `node --import tsx bench/first-minutes.ts`. Each round runs `npm run dev` on a
 * fresh copy of the project, waits until it says that it is ready, waits again for as long as `--after` says (seconds,
 * separated by commas), and opens the main pages once each, one after the other, in Chromium. A page counts as open once
 * React has hydrated it. `--host=127.0.0.1` opens them there; `--stay` is how many seconds each page is looked at. Exits 1 if a
 * page misses the bar although it was given 30 seconds or more.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Browser, chromium, type Page } from "@playwright/test";
import { ensureChromium } from "@/scripts/chromium";
import { startChild } from "@/scripts/local/child-process";
import { copyProject } from "@/scripts/local/copy-project";
import { freePort } from "@/scripts/local/free-port";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const BAR_MS = 2_000;
const BAR_HOLDS_AFTER_SECONDS = 30;
const GIVEN_UP_AFTER_MS = 180_000;
const STOP_PATIENCE_MS = 30_000;

const { values: options } = parseArgs({
  options: {
    after: { type: "string", default: "0,10,30,60" },
    host: { type: "string", default: "localhost" },
    stay: { type: "string", default: "0" },
  },
});

interface Round {
  afterSeconds: number;
  readyMs: number;
  pages: Map<string, number>;
}

await runScript(async () => {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const rounds: Round[] = [];
  try {
    for (const after of options.after.split(",")) rounds.push(await measure(browser, Number(after)));
  } finally {
    await browser.close();
  }
  const names = [...new Set(rounds.flatMap(({ pages }) => [...pages.keys()]))];
  console.info(
    textTable(
      ["opened, ms", ...rounds.map(({ afterSeconds }) => `${afterSeconds} s after`)],
      [
        ["ready", ...rounds.map(({ readyMs }) => readyMs)],
        ...names.map((name) => [name, ...rounds.map(({ pages }) => pages.get(name) ?? "")]),
      ],
    ),
  );
  const judged = rounds.filter(({ afterSeconds }) => afterSeconds >= BAR_HOLDS_AFTER_SECONDS);
  return judged.every(({ pages }) => [...pages.values()].every((ms) => ms <= BAR_MS)) ? 0 : 1;
});

async function measure(browser: Browser, afterSeconds: number): Promise<Round> {
  const folder = await mkdtemp(path.join(tmpdir(), "sixtyfour-first-minutes-"));
  const projectDir = path.join(folder, "project");
  await copyProject(projectDir);
  const port = await freePort();
  const startedAt = performance.now();
  const child = startChild("npm", ["run", "dev"], {
    cwd: projectDir,
    env: { ...process.env, PORT: String(port), NODE_ENV: "development" },
    lifeline: "pipe",
  });
  try {
    while (!child.output().includes("Ready: ")) {
      if (performance.now() - startedAt > GIVEN_UP_AFTER_MS) throw new Error(child.output());
      await sleep(20);
    }
    const readyMs = Math.round(performance.now() - startedAt);
    await sleep(afterSeconds * 1_000);
    const page = await browser.newPage({ baseURL: `http://${options.host}:${port}` });
    const pages = await openPages(page);
    await page.close();
    if (process.env.DEBUG) console.info(child.output());
    return { afterSeconds, readyMs, pages };
  } finally {
    const askedAt = performance.now();
    await child.end(["SIGINT"], STOP_PATIENCE_MS);
    if (process.env.DEBUG) console.info(`ended after ${Math.round(performance.now() - askedAt)} ms`);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Does what a newcomer does first, and times each page when it is opened for the first time. */
async function openPages(page: Page): Promise<Map<string, number>> {
  const pages = new Map<string, number>();
  const time = async (name: string, open: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await open();
    await page.waitForFunction(isHydrated);
    pages.set(name, Math.round(performance.now() - startedAt));
    await sleep(Number(options.stay) * 1_000);
  };
  await time("list of tasks", () => page.goto("/"));
  await time("new submission", () => page.goto("/submissions/new?kind=find_email"));
  await page.getByLabel("Name", { exact: true }).fill("Ada Lovelace");
  await page.getByLabel("Company", { exact: true }).fill("Analytical Engines");
  await time("(submit)", async () => {
    await page.getByRole("button", { name: "Submit", exact: true }).click();
    await page.waitForURL("**/?submitted=*");
  });
  await time("task", async () => {
    await page.getByRole("row").filter({ hasText: "Ada Lovelace" }).getByRole("link").first().click();
    await page.waitForURL("**/tasks/*");
    await page.getByRole("heading", { level: 1, name: /Ada Lovelace/ }).waitFor();
  });
  await time("list import", () => page.goto("/submissions/list"));
  await time("overview", () => page.goto("/overview"));
  await time("webhooks", () => page.goto("/deliveries"));
  await time("settings", () => page.goto("/settings"));
  await time("setup", () => page.goto("/setup"));
  return pages;
}

function isHydrated(): boolean {
  const main = document.querySelector("#main");
  return main !== null && Object.keys(main).some((key) => key.startsWith("__reactFiber$"));
}
