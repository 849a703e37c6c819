import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import postgres from "postgres";
import { type Given, openPage, SLOWDOWN, slowDown } from "@/bench/browser/open-page";
import { takeWatched } from "@/bench/browser/watch-page";
import { median, shown } from "@/bench/figures";
import type { Seeded } from "@/bench/seed-tasks";
import type { Stack } from "@/e2e/stack";
import { PROJECT_DIR } from "@/scripts/local/project-folder";
import { textTable } from "@/scripts/soak/text-table";

const MAX_TASK_MS = 200;
/** Past the first tick of the page's clock. */
const AFTER_LOAD_MS = 1_800;
const AFTERMATH_MS = 900;
const INVITATION_TOKEN = "token-of-an-invitation";

/** Opens every page. @returns whether the bar is met */
export async function measurePages(given: Given & { seeded: Seeded }): Promise<boolean> {
  const pages = await pagesOf(given);
  const table: (string | number)[][] = [];
  let isGood = true;
  for (const { name, path: address, isSignedIn } of pages) {
    const longest = new Map<number, number[]>([1, SLOWDOWN].map((rate) => [rate, []]));
    const blocked: number[] = [];
    const shifts: number[] = [];
    for (let round = 0; round < given.rounds; round += 1) {
      for (const [rate, values] of longest) {
        const { page, cdp } = await openPage(given, isSignedIn);
        await slowDown(cdp, rate);
        await page.goto(address, { waitUntil: "load" });
        await page.waitForTimeout(AFTER_LOAD_MS);
        await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
        const { longTasks, layoutShift } = await takeWatched(page, AFTERMATH_MS);
        values.push(Math.max(0, ...longTasks));
        if (rate === SLOWDOWN) blocked.push(longTasks.reduce((total, duration) => total + duration - 50, 0));
        shifts.push(layoutShift);
        await page.context().close();
      }
    }
    const [atFullSpeed = [], slowed = []] = [...longest.values()];
    isGood &&= median(atFullSpeed) <= MAX_TASK_MS;
    table.push([
      name,
      ...[median(atFullSpeed), Math.max(...atFullSpeed), median(slowed), Math.max(...slowed), median(blocked)].map(
        shown,
      ),
      Math.max(...shifts).toFixed(3),
    ]);
    if (process.env.TELL) console.info(table.at(-1)?.join(" "));
  }
  console.info(
    `\nFrom the first byte until the page has asked again for what it shows, ${given.rounds} rounds, nothing in the cache. Milliseconds of ` +
      `the longest task; and by how much all tasks over 50 go beyond that, ${SLOWDOWN} times slower.\n`,
  );
  console.info(
    textTable(
      ["page", "median", "worst", `${SLOWDOWN} times slower, median`, "worst", "blocked", "layout shift"],
      table,
    ),
  );
  return isGood;
}

/** Every page that the build has, with an address. */
async function pagesOf({ seeded, stack }: { seeded: Seeded; stack: Stack }) {
  const database = postgres(stack.databaseUrl, { max: 1 });
  const [delivery] = await database`select id from deliveries where outcome = 'applied' limit 1`;
  await database`
    insert into invitations (id, token_hash, email, role, invited_by, expires_at)
    values (gen_random_uuid(), ${createHash("sha256").update(INVITATION_TOKEN).digest()}, 'grace@example.com', 'member',
      'Ada', now() + interval '1 day')`;
  await database.end();
  const addresses: Record<string, string> = {
    "/tasks/[id]": `/tasks/${seeded.taskId}`,
    "/submissions/[id]": `/submissions/${seeded.submissionId}`,
    "/deliveries/[id]": `/deliveries/${delivery?.id}`,
    "/invitations/[token]": `/invitations/${INVITATION_TOKEN}`,
  };
  const manifest = readFileSync(path.join(PROJECT_DIR, ".next/server/app-paths-manifest.json"), "utf8");
  const names = Object.keys(JSON.parse(manifest) as Record<string, string>)
    .filter((entry) => entry.endsWith("/page") && !entry.startsWith("/_global-error"))
    .map((entry) => entry.slice(0, -"/page".length) || "/")
    .sort();
  return names.map((name) => {
    const address = addresses[name] ?? name;
    if (address.includes("[")) throw new Error(`bench/browser.ts has no address for ${name}.`);
    return { name, path: address, isSignedIn: !/^\/(sign-in|invitations)/.test(name) };
  });
}
