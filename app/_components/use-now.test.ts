import { afterEach, beforeEach, expect, test, vi } from "vitest";

const NOW = Date.UTC(2026, 10, 24, 10);

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Draws a page that the server made `lateMs` before the browser's time, on a server whose time is `serverMs`. */
async function skewAfter({ lateMs, serverMs }: { lateMs: number; serverMs: number | null }): Promise<number> {
  const fetch = vi.fn(async () => {
    if (serverMs === null) throw new TypeError("Failed to fetch");
    return new Response("{}", { headers: { date: new Date(serverMs).toUTCString() } });
  });
  vi.stubGlobal("fetch", fetch);
  const { learnSkew, serverNow } = await import("@/app/_components/use-now");
  await learnSkew(NOW - lateMs);
  return serverNow() - NOW;
}

const HOUR_MS = 3_600_000;

test.each([
  ["a page that came at once", { lateMs: 2_000, serverMs: null }, 0],
  ["a browser's clock that is behind", { lateMs: -HOUR_MS, serverMs: null }, HOUR_MS],
  ["a browser's clock that is ahead", { lateMs: HOUR_MS, serverMs: NOW - HOUR_MS }, -HOUR_MS],
  ["a page that was long on its way", { lateMs: HOUR_MS, serverMs: NOW - 1_500 }, 0],
  ["a page that was long on its way, to a browser that is offline by now", { lateMs: HOUR_MS, serverMs: null }, 0],
])("the time is the server's on %s", async (_, given, skewMs) => {
  expect(await skewAfter(given)).toBe(skewMs);
});
