import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { taskEvents } from "@/db/schema";
import { divertLog } from "@/lib/log";
import type { News } from "@/lib/news/news";
import { nudge } from "@/lib/news/nudge";
import { readNews } from "@/lib/news/read-news";
import { createNewsWatch } from "@/lib/news/watch-news";
import { submitLead } from "@/lib/pipeline/submit";
import { createTestBench, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
let taskId: string;
beforeAll(async () => {
  bench = await createTestBench();
  ({ taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() }));
});
afterAll(() => bench.close());

const something = () => bench.context.db.insert(taskEvents).values({ taskId, type: "polled" });

test("all who listen are told of the same look, and nothing is read once nobody does", async () => {
  const read = vi.fn(readNews);
  const watch = createNewsWatch(bench.context, read);
  const told: [News[], News[]] = [[], []];
  const stops = await Promise.all(told.map((mine) => watch.listen((news) => mine.push(news))));
  await something();
  await vi.waitFor(() => expect(told.flat().filter(({ taskIds }) => taskIds.includes(taskId))).toHaveLength(2));
  expect(told[0]).toEqual(told[1]);
  // One for where to begin, and then one a look, not one a listener.
  const cursors = read.mock.calls.map(([, after]) => after);
  expect(new Set(cursors).size).toBe(cursors.length);

  for (const stop of stops) stop();
  const readSoFar = read.mock.calls.length;
  await something();
  nudge();
  const again: News[] = [];
  const stop = await watch.listen((news) => again.push(news));
  // Whoever begins to listen is not told of what was before.
  expect(read.mock.calls.slice(readSoFar).map(([, after]) => after)).toEqual([null]);
  stop();
});

test("a nudge has it look at once", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  try {
    const told: News[] = [];
    const stop = await createNewsWatch(bench.context).listen((news) => told.push(news));
    await something();
    nudge();
    // The clock stands still but for the nudge's own timer.
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await vi.waitFor(() => expect(told.map(({ taskIds }) => taskIds)).toEqual([[taskId]]));
    stop();
  } finally {
    vi.useRealTimers();
  }
});

test("a database that is away for a while costs one line in the log, and what happened meanwhile is told afterwards", async () => {
  let isAway = false;
  const watch = createNewsWatch(bench.context, async (context, after) => {
    if (isAway) throw new Error("The database is away.");
    return readNews(context, after);
  });
  const told: News[] = [];
  const stop = await watch.listen((news) => told.push(news));
  const lines: string[] = [];
  const endDiversion = divertLog((line) => lines.push(line));
  isAway = true;
  await something();
  nudge();
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  isAway = false;
  await vi.waitFor(() => expect(told.flatMap(({ taskIds }) => taskIds)).toEqual([taskId]), { timeout: 5_000 });
  expect(lines).toHaveLength(1);
  endDiversion();
  stop();
});
