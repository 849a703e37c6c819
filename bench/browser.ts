/**
 * What the dashboard costs a browser's main thread: `npm run bench:browser`, after `npm run build`; `-- rows` or `-- pages`
 * measures one half, and a number sets the rounds. Bars: with 5,000 rows loaded and a processor 4 times slower than this
 * machine's, each interaction is followed by its picture within 100 ms; and no page has a task of over 200 ms at full speed,
 * with nothing in the browser's cache. How long tasks are 4 times slower is told beside it.
 */
import { type Browser, type BrowserContext, chromium } from "@playwright/test";
import { measurePages } from "@/bench/browser/measure-pages";
import { measureRows } from "@/bench/browser/measure-rows";
import { seedTasks } from "@/bench/seed-tasks";
import { SIGN_IN_VARIABLES, signIn } from "@/e2e/sign-in";
import { type Stack, startStack } from "@/e2e/stack";
import { ensureChromium } from "@/scripts/chromium";
import { runScript } from "@/scripts/local/run-script";

const TASKS = 10_000;
const ROUNDS = 5;

await runScript(async () => {
  const rounds = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? ROUNDS);
  const wants = (part: string) => process.argv.includes(part) || !/rows|pages/.test(process.argv.slice(2).join());
  const stack = await startStack({ appEnv: SIGN_IN_VARIABLES });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  let isGood = true;
  try {
    const seeded = await seedTasks(stack.databaseUrl, TASKS);
    const session = await sessionOf(browser, stack);
    if (wants("rows")) isGood = (await measureRows({ browser, stack, session, rounds })) && isGood;
    if (wants("pages")) isGood = (await measurePages({ browser, stack, session, rounds, seeded })) && isGood;
  } finally {
    await browser.close();
    await stack.stop();
  }
  return isGood ? 0 : 1;
});

async function sessionOf(
  browser: Browser,
  { app }: Stack,
): Promise<Awaited<ReturnType<BrowserContext["storageState"]>>> {
  const page = await browser.newPage({ baseURL: app.url });
  await page.goto("/sign-in");
  await signIn(page);
  await page.waitForURL(`${app.url}/`);
  const session = await page.context().storageState();
  await page.context().close();
  return session;
}
