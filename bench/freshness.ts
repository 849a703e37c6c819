/**
 * How soon a delivered result is on the screen, and what a tab costs that nothing happens in: `npm run bench:freshness`,
 * after `npm run build`. Times run from the moment at which the webhook was answered until the task's row reads Completed,
 * as a MutationObserver in the page sees it. The parts, `stream`, `polling` and `idle`, and the numbers of tabs can be named
 * to measure some alone.
 */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import postgres from "postgres";
import { quantile } from "@/bench/figures";
import { seedTasks } from "@/bench/seed-tasks";
import { newId } from "@/db/new-id";
import { type Stack, startStack } from "@/e2e/stack";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { ensureChromium } from "@/scripts/chromium";
import { runScript } from "@/scripts/local/run-script";
import { textTable } from "@/scripts/soak/text-table";

const SAMPLES = 60;
/** All of them are on the first page of the list. */
const SAMPLES_AT_ONCE = 30;
const P95_BAR_MS = 1_000;
const IDLE_BAR_PER_MINUTE = 4;
const IDLE_MINUTES = 2;
/** What a page asks for while it loads does not count. */
const SETTLING_MS = 8_000;
const GIVEN_UP_AFTER_MS = 10_000;
const PARTS = ["stream", "polling", "idle"] as const;
const TABS = [1, 20];

/** How a browser hears of news: by the stream, or by asking where that is not to be had. */
type Means = "stream" | "polling";

await runScript(async () => {
  const isNamed = (name: string | number) => process.argv.includes(String(name));
  const named = <Name extends string | number>(names: readonly Name[]) =>
    names.some(isNamed) ? names.filter(isNamed) : names;
  const wanted = named(PARTS);
  const stack = await startStack();
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  let isGood = true;
  try {
    await seedTasks(stack.databaseUrl, 200);
    await endAllTasks(stack);
    const times: (string | number)[][] = [];
    for (const means of wanted.filter((part) => part !== "idle")) {
      for (const tabs of named(TABS)) {
        const took = await measureTimes(stack, browser, { means, tabs });
        isGood &&= took.length >= SAMPLES * tabs && quantile(took, 0.95) < P95_BAR_MS;
        const numbers = [0.5, 0.95, 1].map((share) => Math.round(quantile(took, share)));
        times.push([means, tabs, took.length, ...numbers]);
        console.info(`${means}, ${tabs} open: median ${numbers[0]} ms, p95 ${numbers[1]} ms`);
      }
    }
    if (times.length > 0) console.info(textTable(["means", "tabs", "rows", "median, ms", "p95, ms", "max, ms"], times));
    if (wanted.includes("idle")) {
      const costs: (string | number)[][] = [];
      for (const means of ["stream", "polling"] as const) {
        const idle = await countRequests(stack, browser, means);
        isGood &&= idle.perMinute <= IDLE_BAR_PER_MINUTE;
        costs.push([means, "nothing", idle.perMinute, idle.paths]);
        await insertRunning(stack, 1);
        const moving = await countRequests(stack, browser, means);
        costs.push([means, "one task, for long", moving.perMinute, moving.paths]);
        await endAllTasks(stack);
      }
      console.info(textTable(["means", "what runs", "requests a minute", "of them"], costs));
    }
  } finally {
    await browser.close();
    await stack.stop();
  }
  return isGood ? 0 : 1;
});

async function openContext(stack: Stack, browser: Browser, means: Means): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: stack.app.url, viewport: { width: 1440, height: 900 } });
  if (means === "polling") await context.route("**/api/news/stream*", (route) => route.abort());
  return context;
}

/** Milliseconds from answer to screen, one for each sample in each tab. */
async function measureTimes(
  stack: Stack,
  browser: Browser,
  { means, tabs }: { means: Means; tabs: number },
): Promise<number[]> {
  const context = await openContext(stack, browser, means);
  const took: number[] = [];
  const waiting = new Map<string, { shownAt: number[]; allShown: () => void }>();
  try {
    await context.exposeBinding("rowIsCompleted", (_, id: string, at: number) => {
      const sample = waiting.get(id);
      if (!sample) return;
      sample.shownAt.push(at);
      if (sample.shownAt.length === tabs) sample.allShown();
    });
    await context.addInitScript(watchRows);
    for (let done = 0; done < SAMPLES; done += SAMPLES_AT_ONCE) {
      const tasks = await insertRunning(stack, Math.min(SAMPLES_AT_ONCE, SAMPLES - done));
      const pages = await Promise.all(Array.from({ length: tabs }, () => context.newPage()));
      for (const page of pages) await page.goto("/");
      await sleep(SETTLING_MS);
      for (const task of tasks) {
        const shownAt: number[] = [];
        const allShown = new Promise<void>((resolve) => waiting.set(task.id, { shownAt, allShown: resolve }));
        const answeredAt = await deliver(stack, task);
        await Promise.race([allShown, sleep(GIVEN_UP_AFTER_MS)]);
        took.push(...shownAt.map((at) => at - answeredAt));
        // No rhythm that a poll could fall into.
        await sleep(300 + Math.random() * 1_000);
      }
      await Promise.all(pages.map((page) => page.close()));
    }
  } finally {
    await context.close();
  }
  return took;
}

/**
 * Runs in the page, so it is written without functions that have names: tsx marks those by what the page has not. Tells of
 * each row once it reads Completed, by the clock that all processes here share.
 */
function watchRows(): void {
  const told = new Set<string>();
  new MutationObserver(() => {
    for (const row of document.querySelectorAll('tr[data-status="completed"]')) {
      const id = row.querySelector("a")?.getAttribute("href")?.split("/").at(-1) ?? "";
      if (told.has(id) || !row.querySelector('[data-column="status"]')?.textContent?.includes("Completed")) continue;
      told.add(id);
      const { rowIsCompleted } = window as unknown as { rowIsCompleted(id: string, at: number): void };
      rowIsCompleted(id, performance.timeOrigin + performance.now());
    }
  }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

/** Requests of one tab that was loaded a while ago, a minute. */
async function countRequests(
  stack: Stack,
  browser: Browser,
  means: Means,
): Promise<{ perMinute: number; paths: string }> {
  const context = await openContext(stack, browser, means);
  try {
    const page = await context.newPage();
    await page.goto("/");
    await sleep(SETTLING_MS);
    const counts = new Map<string, number>();
    context.on("request", (request) => {
      const { pathname } = new URL(request.url());
      counts.set(pathname, (counts.get(pathname) ?? 0) + 1);
    });
    await sleep(IDLE_MINUTES * 60_000);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    const paths = [...counts].map(([path, count]) => `${path} ${count / IDLE_MINUTES}`).join(", ");
    return { perMinute: total / IDLE_MINUTES, paths };
  } finally {
    await context.close();
  }
}

interface RunningTask {
  id: string;
  sixtyfourTaskId: string;
}

/** Tasks as they are once Sixtyfour has accepted them; nobody polls them. */
async function insertRunning({ databaseUrl }: Stack, count: number): Promise<RunningTask[]> {
  const sql = postgres(databaseUrl, { max: 1 });
  const made: RunningTask[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = newId();
    const submissionId = newId();
    const sixtyfourTaskId = `job_${id}`;
    await sql.begin(async (tx) => {
      await tx`insert into submissions (id, kind, lead_count, request_key, confirmed_at, prepared_at)
        values (${submissionId}, 'find_email', 1, ${submissionId}, now(), now())`;
      await tx`insert into tasks (id, submission_id, kind, status, sixtyfour_task_id, request, submitted_at)
        values (${id}, ${submissionId}, 'find_email', 'running', ${sixtyfourTaskId}, '{}', now())`;
      await tx`insert into leads (id, submission_id, row, task_id, position, fields)
        values (${newId()}, ${submissionId}, 0, ${id}, 0, '{"name": "Ada Lovelace", "company": "Analytical Engines"}')`;
      await tx`insert into sends (id, task_id, token_hash, sixtyfour_task_id)
        values (${newId()}, ${id}, ${createHash("sha256").update(id).digest()}, ${sixtyfourTaskId})`;
      await tx`insert into task_events (id, task_id, type) values (${newId()}, ${id}, 'submitted')`;
    });
    made.push({ id, sixtyfourTaskId });
  }
  await sql.end();
  return made;
}

async function endAllTasks({ databaseUrl }: Stack): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 });
  await sql`update tasks set status = 'cancelled', ended_at = now() where ended_at is null`;
  await sql.end();
}

/** Delivers a task's result as Sixtyfour would. @returns when it was answered, in Unix milliseconds with fractions */
async function deliver({ app, webhookSecret }: Stack, { id, sixtyfourTaskId }: RunningTask): Promise<number> {
  const body = JSON.stringify({
    task_id: sixtyfourTaskId,
    status: "completed",
    result: {
      name: "Ada Lovelace",
      company: "Analytical Engines",
      email: [["ada@engines.example", "OK", "COMPANY"]],
      notes: "made up ".repeat(200),
      cost_cents: 5,
    },
  });
  const rawBody = new TextEncoder().encode(body);
  const signature = signatureHeader([webhookSecret], Math.floor(Date.now() / 1_000), rawBody);
  const response = await fetch(`${app.url}/api/webhooks/sixtyfour?token=${id}`, {
    method: "POST",
    headers: { "content-type": "application/json", [SIXTYFOUR_HEADERS.signature]: signature },
    body,
  });
  const answeredAt = performance.timeOrigin + performance.now();
  const { outcome } = (await response.json()) as { outcome?: string };
  if (outcome !== "applied") throw new Error(`The delivery was answered ${response.status}, ${outcome}.`);
  return answeredAt;
}
