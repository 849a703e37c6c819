import type { CDPSession, Page } from "@playwright/test";
import { type Given, openPage, SLOWDOWN, slowDown } from "@/bench/browser/open-page";
import { takeWatched, type Watched } from "@/bench/browser/watch-page";
import { median, quantile, shown } from "@/bench/figures";
import { textTable } from "@/scripts/soak/text-table";

const ROWS = 5_000;
const MAX_INTERACTION_MS = 100;
/** So long after an interaction what it has set off still belongs to it: a search begins 350 ms after the last key. */
const AFTERMATH_MS = 900;

interface Step {
  name: string;
  act: (page: Page) => Promise<unknown>;
  /** Not looked at: it only leads to the next. */
  isOnTheWay?: boolean;
}

const press =
  (key: string, times = 1) =>
  async (page: Page) => {
    for (let time = 0; time < times; time += 1) await page.keyboard.press(key, { delay: 30 });
  };
const type = (text: string) => (page: Page) => page.keyboard.type(text, { delay: 90 });
/** By the mouse, where the element is at that moment. Found by CSS: to look for roles would itself be long work in the page. */
const click = (selector: string) => async (page: Page) => {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`There is no ${selector} to press.`);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { delay: 30 });
};
const scroll = (pixels: number, times: number) => async (page: Page) => {
  await page.mouse.move(640, 500);
  for (let time = 0; time < times; time += 1) await page.mouse.wheel(0, pixels);
};
const top: Step = { name: "to the top", act: press("Home"), isOnTheWay: true };

/** What a person does to a long list, by keys and mouse alone, in this order. */
const STEPS: Step[] = [
  { name: "scroll by the wheel", act: scroll(900, 12) },
  { name: "to the end", act: press("End") },
  top,
  { name: "to the next row by j, 8 times", act: press("j", 8) },
  { name: "select the row by x", act: press("x") },
  top,
  { name: "select a row by the mouse", act: click("tbody [role=row] input[type=checkbox]") },
  { name: "select all that are shown", act: click("thead input[type=checkbox]") },
  { name: "take one out of all", act: click("tbody [role=row] input[type=checkbox]") },
  { name: "open a menu of the selection", act: click("[aria-label='Selected tasks'] [aria-haspopup=dialog]") },
  { name: "close it", act: press("Escape") },
  { name: "clear the selection", act: click("[aria-label='Selected tasks'] button:has-text('Clear')") },
  { name: "open the palette", act: press("Control+k") },
  { name: "type in the palette", act: type("katherine") },
  { name: "down in the palette", act: press("ArrowDown", 3) },
  { name: "close the palette", act: press("Escape") },
  { name: "open the palette again", act: press("Control+k") },
  { name: "close it again", act: press("Escape"), isOnTheWay: true },
  { name: "open the messages", act: click("header [aria-haspopup=dialog]") },
  { name: "close the messages", act: press("Escape") },
  { name: "open the saved views", act: click("main form [aria-haspopup=dialog]") },
  { name: "close the saved views", act: press("Escape") },
  { name: "switch the colours", act: click("header [aria-label^='Colours']") },
  { name: "switch them again", act: click("header [aria-label^='Colours']") },
  { name: "and back", act: click("header [aria-label^='Colours']"), isOnTheWay: true },
  { name: "to the search", act: press("/") },
  { name: "type in the search", act: type("katherine") },
  { name: "clear the search", act: click("[aria-label='Clear the search']") },
  { name: "to the filter", act: (page) => page.locator("select[name=via]").focus(), isOnTheWay: true },
  { name: "choose a filter", act: press("ArrowDown") },
  { name: "take the filter back", act: press("ArrowUp") },
];

/** Loads 5,000 rows and does to them what people do. @returns whether the bars are met */
export async function measureRows(given: Given): Promise<boolean> {
  const seen = new Map<string, Watched[]>(STEPS.filter(({ isOnTheWay }) => !isOnTheWay).map(({ name }) => [name, []]));
  const add = (name: string, watched: Watched) => seen.set(name, [...(seen.get(name) ?? []), watched]);
  const costs: Cost[] = [];
  for (let round = 0; round < given.rounds; round += 1) {
    const { page, cdp } = await openPage(given);
    await page.goto("/", { waitUntil: "networkidle" });
    const loadSeconds = await loadRows(page, (watched) => add("show 50 more, up to 5,000", watched), cdp);
    costs.push({ loadSeconds, ...(await costOf(page, cdp)) });
    await slowDown(cdp, SLOWDOWN);
    for (const { name, act, isOnTheWay } of STEPS) {
      await act(page);
      const watched = await takeWatched(page, AFTERMATH_MS);
      if (!isOnTheWay) add(name, watched);
      if (process.env.TELL) console.info(name, JSON.stringify(watched));
    }
    await page.context().close();
  }
  const rows = [...seen].map(([name, all]) => ({
    name,
    interactions: all.map(({ interactions }) => Math.max(0, ...interactions)),
    tasks: all.map(({ longTasks }) => Math.max(0, ...longTasks)),
    shifts: all.map(({ layoutShift }) => layoutShift),
  }));
  const everyInteraction = [...seen.values()].flatMap((all) => all.flatMap(({ interactions }) => interactions));
  console.info(
    `\n${ROWS.toLocaleString("en")} rows, ${SLOWDOWN} times slower, ${given.rounds} rounds. Milliseconds to the next picture, the slowest press of each ` +
      "round; and the longest task then and in the second after.\n",
  );
  console.info(
    textTable(
      ["interaction", "median", "worst", "longest task, median", "worst", "layout shift"],
      rows.map(({ name, interactions, tasks, shifts }) => [
        name,
        ...[median(interactions), Math.max(...interactions), median(tasks), Math.max(...tasks)].map(shown),
        Math.max(...shifts).toFixed(3),
      ]),
    ),
  );
  const inp = quantile(everyInteraction, 0.98);
  console.info(`\nOf all ${everyInteraction.length} presses 98% within ${inp} ms.\n`);
  const figures = Object.keys(costs[0] ?? {}) as (keyof Cost)[];
  console.info(
    textTable(
      ["what so many rows cost, at full speed", "median", "worst"],
      figures.map((figure) => {
        const values = costs.map((cost) => cost[figure]);
        return [COST_WORDS[figure], ...[median(values), Math.max(...values)].map(shown)];
      }),
    ),
  );
  return rows.every(({ interactions }) => median(interactions) < MAX_INTERACTION_MS);
}

/** Presses the button as often as it takes; the last five times slowed down, and told. @returns how long it took */
async function loadRows(page: Page, told: (watched: Watched) => void, cdp: CDPSession): Promise<number> {
  const begun = performance.now();
  const button = page.locator("main button", { hasText: "Show older tasks" });
  for (let loaded = 50; loaded < ROWS; loaded += 50) {
    const isLast = loaded === ROWS - 50;
    if (isLast) await slowDown(cdp, SLOWDOWN);
    await page.keyboard.press("End");
    if (isLast) await takeWatched(page, AFTERMATH_MS);
    await button.scrollIntoViewIfNeeded();
    await click("main button:has-text('Show older tasks')")(page);
    await page.waitForFunction(
      (count) =>
        Number(document.querySelector("main table")?.ariaRowCount) > count ||
        document.querySelectorAll("main tbody [role=row]").length >= count,
      loaded + 50,
    );
    if (isLast) told(await takeWatched(page, AFTERMATH_MS));
  }
  await slowDown(cdp, 1);
  await page.keyboard.press("Home");
  await takeWatched(page, AFTERMATH_MS);
  return (performance.now() - begun) / 1000;
}

const COST_WORDS = {
  loadSeconds: "seconds until they are loaded",
  elements: "nodes of the document",
  heapMb: "MB of JavaScript's heap",
  refetchMs: "ms of the main thread for one refetch of the list",
  refetchLongestMs: "ms of its longest task",
  refetchRequests: "requests of one refetch",
};
type Cost = Record<keyof typeof COST_WORDS, number>;

async function costOf(page: Page, cdp: CDPSession): Promise<Omit<Cost, "loadSeconds">> {
  await cdp.send("HeapProfiler.collectGarbage");
  await cdp.send("Performance.enable");
  const metrics = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value])) as Record<string, number>;
  };
  const { Nodes = 0, JSHeapUsedSize = 0 } = await metrics();
  // What is asked every second or every 20 while nothing is done is asked at once by who comes back to the tab.
  let requests = 0;
  const count = (request: { url(): string }) => {
    if (/\/api\/tasks(\?|$)/.test(request.url())) requests += 1;
  };
  page.on("request", count);
  await takeWatched(page, 0);
  const before = await metrics();
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.waitForTimeout(100);
  await page.waitForLoadState("networkidle");
  const { longTasks } = await takeWatched(page, 500);
  const after = await metrics();
  page.off("request", count);
  return {
    elements: Nodes,
    heapMb: JSHeapUsedSize / 1e6,
    refetchMs: ((after.TaskDuration ?? 0) - (before.TaskDuration ?? 0)) * 1000,
    refetchLongestMs: Math.max(0, ...longTasks),
    refetchRequests: requests,
  };
}
