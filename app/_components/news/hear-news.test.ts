import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { hearNews } from "@/app/_components/news/hear-news";
import { isHearingNews, setHearingNews } from "@/app/_components/news/pace";
import { fetchJson, RefusedError } from "@/app/fetch-json";

const applier = vi.hoisted(() => ({ hear: vi.fn(), show: vi.fn(), stop: vi.fn() }));
vi.mock("@/app/_components/news/apply-news", () => ({ createNewsApplier: () => applier }));
vi.mock("@/app/fetch-json", async (original) => ({ ...(await original<object>()), fetchJson: vi.fn() }));

const newsAt = (cursor: string) => ({
  cursor,
  all: false,
  taskIds: [],
  submissionIds: [],
  deliveries: false,
  deeds: false,
});
const answer = (cursor: string, isMoving = false) => ({ ...newsAt(cursor), isMoving });

class FakeEventSource {
  static readonly CLOSED = 2;
  static all: FakeEventSource[] = [];
  readyState = 1;
  onmessage = (_: { data: string }) => {};
  onerror = () => {};
  constructor(readonly url: string) {
    FakeEventSource.all.push(this);
  }
  close() {
    this.readyState = FakeEventSource.CLOSED;
  }
  bring(cursor: string) {
    this.onmessage({ data: JSON.stringify(newsAt(cursor)) });
  }
  fail() {
    this.onerror();
  }
}
class FakeChannel {
  static told: unknown[] = [];
  onmessage = (_: { data: unknown }) => {};
  postMessage = (message: unknown) => FakeChannel.told.push(message);
  close() {}
}
const streams = () => FakeEventSource.all;
const stream = () => streams().at(-1) as FakeEventSource;

let page: EventTarget & { hidden: boolean };
/** The browser's lock of the stream, and a way to take it from the tab that has it. */
let lock: { isFree: boolean; takeAway: () => void };
let queryClient: QueryClient;
let stop = () => {};

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  vi.resetAllMocks();
  setHearingNews(true);
  FakeEventSource.all = [];
  FakeChannel.told = [];
  page = Object.assign(new EventTarget(), { hidden: false });
  lock = { isFree: true, takeAway: () => {} };
  const request = (_: string, options: { steal?: true }, held: () => Promise<void>) => {
    if (!lock.isFree && !options.steal) return new Promise(() => {});
    lock.isFree = false;
    return Promise.race([held(), new Promise((_, reject) => Object.assign(lock, { takeAway: reject }))]);
  };
  vi.stubGlobal("document", page);
  vi.stubGlobal("window", new EventTarget());
  vi.stubGlobal("navigator", { locks: { request } });
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  queryClient = new QueryClient();
  vi.spyOn(queryClient, "invalidateQueries");
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const start = (hasStream: boolean) => {
  stop = hearNews(queryClient, { hasStream, renderedAt: 7 });
};
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const asked = () => vi.mocked(fetchJson).mock.calls.map(([url]) => url);

describe("without a stream", () => {
  test("a tab asks from the page's rendering on, and soon again while something moves", async () => {
    vi.mocked(fetchJson).mockResolvedValueOnce(answer("8", true)).mockResolvedValue(answer("9"));
    start(false);
    await pass(0);
    expect(applier.hear).toHaveBeenCalledExactlyOnceWith(newsAt("8"));
    await pass(750);
    expect(asked()).toEqual(["/api/news?after=7", "/api/news?after=8"]);
    await pass(29_000);
    expect(asked()).toHaveLength(2);
    await pass(1_000);
    expect(asked()).toHaveLength(3);
  });

  test("a hidden tab asks nothing, and catches up when it is shown", async () => {
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    page.hidden = true;
    start(false);
    await pass(60_000);
    expect(asked()).toHaveLength(0);
    page.hidden = false;
    page.dispatchEvent(new Event("visibilitychange"));
    await pass(0);
    expect(asked()).toHaveLength(1);
    expect(applier.show).toHaveBeenCalledOnce();
  });

  test("one failure is borne; after the second each query asks by itself, until news come again", async () => {
    vi.mocked(fetchJson).mockRejectedValueOnce(new TypeError()).mockRejectedValueOnce(new TypeError());
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    start(false);
    await pass(0);
    expect(isHearingNews()).toBe(true);
    await pass(1_000);
    expect(isHearingNews()).toBe(false);
    expect(queryClient.invalidateQueries).toHaveBeenCalledOnce();
    await pass(5_000);
    expect(asked()).toHaveLength(3);
    expect(isHearingNews()).toBe(true);
  });

  test("who is signed out is told at once, and asks seldom", async () => {
    vi.mocked(fetchJson).mockRejectedValue(new RefusedError("You are signed out.", 401));
    start(false);
    await pass(0);
    expect(isHearingNews()).toBe(false);
    await pass(29_000);
    expect(asked()).toHaveLength(1);
  });

  test("what a person did is asked about a moment later, also while a request is under way", async () => {
    let answerNow = (_: unknown) => {};
    const late = new Promise((resolve) => {
      answerNow = resolve;
    });
    vi.mocked(fetchJson).mockReturnValueOnce(late);
    vi.mocked(fetchJson).mockResolvedValue(answer("9"));
    queryClient.setQueryData(["tasks"], 1);
    start(false);
    await pass(0);
    queryClient
      .getQueryCache()
      .find({ queryKey: ["tasks"] })
      ?.invalidate();
    await pass(300);
    expect(asked()).toHaveLength(1);
    answerNow(answer("8"));
    await pass(0);
    expect(asked()).toEqual(["/api/news?after=7", "/api/news?after=8"]);
  });
});

describe("with a stream", () => {
  test("the tab that has it passes news on, and asks nothing while it brings some", async () => {
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    start(true);
    stream().bring("10");
    expect(stream().url).toBe("/api/news/stream?after=7");
    for (let at = 0; at < 6; at += 1) {
      await pass(10_000);
      stream().bring("11");
    }
    expect(asked()).toHaveLength(0);
    expect(applier.hear).toHaveBeenCalledTimes(7);
    expect(FakeChannel.told[0]).toEqual({ news: newsAt("10") });
  });

  test("a stream that falls silent is given up, asked in place of, and opened again where the news end", async () => {
    vi.mocked(fetchJson).mockResolvedValue(answer("12"));
    start(true);
    stream().bring("10");
    await pass(25_001);
    expect(FakeChannel.told).toContainEqual({ isLost: true });
    expect(asked()).toEqual(["/api/news?after=10"]);
    expect(streams()).toHaveLength(1);
    await pass(30_000);
    expect(streams().map(({ url }) => url)).toEqual(["/api/news/stream?after=7", "/api/news/stream?after=12"]);
  });

  test("one that is refused is tried less and less often, and after news as often as at first", async () => {
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    start(true);
    for (const waitMs of [30_000, 120_000, 480_000, 600_000]) {
      const before = streams().length;
      stream().fail();
      await pass(waitMs - 1);
      expect(streams()).toHaveLength(before);
      await pass(1);
      expect(streams()).toHaveLength(before + 1);
    }
    stream().bring("9");
    stream().close();
    stream().fail();
    await pass(30_000);
    expect(streams()).toHaveLength(6);
  });

  test("a connection that broke is left to the browser once", async () => {
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    start(true);
    stream().bring("9");
    stream().fail();
    expect(stream().readyState).toBe(1);
    stream().fail();
    expect(stream().readyState).toBe(FakeEventSource.CLOSED);
  });

  test("a tab that waits takes the stream from one that is frozen, and gives it up when it is taken away", async () => {
    lock.isFree = false;
    vi.mocked(fetchJson).mockResolvedValue(answer("8"));
    start(true);
    await pass(60_000);
    expect(streams()).toHaveLength(0);
    await pass(30_000);
    expect(streams()).toHaveLength(1);
    lock.takeAway();
    await pass(0);
    expect(stream().readyState).toBe(FakeEventSource.CLOSED);
  });

  test("nothing goes on once it has ended", async () => {
    start(true);
    stream().bring("9");
    stop();
    await pass(600_000);
    expect(stream().readyState).toBe(FakeEventSource.CLOSED);
    expect(asked()).toHaveLength(0);
    expect(applier.stop).toHaveBeenCalledOnce();
  });
});
