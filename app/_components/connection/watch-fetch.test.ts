import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const ACTION = { method: "POST", headers: { "next-action": "60ab" }, body: "[]" };
const PAGE = { headers: { rsc: "1" } };

let answers: Record<string, (init: RequestInit) => Promise<Response>>;
let asked: string[];

/** The browser's `fetch` rejects with the reason of the signal. */
function never({ signal }: RequestInit): Promise<Response> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
}

async function watchedWindow() {
  vi.resetModules();
  asked = [];
  const fakeWindow = {
    location: { href: "http://here.example/tasks", origin: "http://here.example" },
    fetch: (input: RequestInfo | URL, init: RequestInit = {}) => {
      const url = new URL(String(input), "http://here.example");
      asked.push(url.pathname);
      return answers[url.pathname]?.(init) ?? Promise.reject(new TypeError("Failed to fetch"));
    },
  };
  vi.stubGlobal("window", fakeWindow);
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("document", { documentElement: { dataset: {} } });
  const { watchFetch } = await import("@/app/_components/connection/watch-fetch");
  const { allowSeconds, getConnection, isPageHeld } = await import("@/app/_components/connection/connection");
  watchFetch();
  return {
    fetch: (path: string, init?: RequestInit) => fakeWindow.fetch(path, init),
    allowSeconds,
    getConnection,
    isPageHeld,
  };
}

const ok = async () => new Response("{}", { headers: { "content-type": "application/json" } });

beforeEach(() => {
  vi.useFakeTimers();
  answers = { "/api/health": ok };
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a request", () => {
  test("of an action that is never answered fails after 30 seconds, and is not repeated", async () => {
    answers["/tasks"] = never;
    const { fetch } = await watchedWindow();
    const outcome = expect(fetch("/tasks", ACTION)).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(30_000);
    await outcome;
    expect(asked.filter((path) => path === "/tasks")).toHaveLength(1);
  });

  test("of an action that may take longer is given that long", async () => {
    answers["/tasks"] = never;
    const { fetch, allowSeconds } = await watchedWindow();
    let isOver = false;
    const outcome = expect(allowSeconds(120, () => fetch("/tasks", ACTION))).rejects.toMatchObject({
      name: "TimeoutError",
    });
    void outcome.then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(119_000);
    expect(isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    await outcome;
    const next = expect(fetch("/tasks", ACTION)).rejects.toMatchObject({ name: "TimeoutError" });
    await vi.advanceTimersByTimeAsync(30_000);
    await next;
  });

  test("of any kind that is answered ends the trouble", async () => {
    answers = {};
    const { fetch, getConnection } = await watchedWindow();
    await expect(fetch("/api/tasks")).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(100);
    expect(getConnection().trouble).toBe("unreachable");
    answers = { "/api/tasks": async () => new Response("", { status: 503 }) };
    await fetch("/api/tasks");
    expect(getConnection().trouble).toBe("unreachable");
    answers = { "/api/tasks": ok };
    await fetch("/api/tasks");
    expect(getConnection().trouble).toBeNull();
  });

  test("of an action that the network fails is not repeated", async () => {
    const { fetch, getConnection } = await watchedWindow();
    await expect(fetch("/tasks", ACTION)).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.filter((path) => path === "/tasks")).toHaveLength(1);
    expect(getConnection().trouble).toBeNull();
  });

  test("for a page waits until the server is back", async () => {
    answers = {};
    const { fetch, getConnection, isPageHeld } = await watchedWindow();
    const page = fetch("/tasks", PAGE);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(getConnection().trouble).toBe("unreachable");
    expect(asked.filter((path) => path === "/tasks")).toHaveLength(1);
    expect(isPageHeld()).toBe(true);
    answers = { "/api/health": ok, "/tasks": ok };
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isPageHeld()).toBe(false);
    expect((await page).ok).toBe(true);
    expect(getConnection().trouble).toBeNull();
  });

  test("for a page that a proxy answers in the server's place waits too", async () => {
    const away = async () => new Response("<html>", { status: 502, headers: { "content-type": "text/html" } });
    answers = { "/api/health": away, "/tasks": away };
    const { fetch, getConnection } = await watchedWindow();
    const page = fetch("/tasks", PAGE);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(getConnection().trouble).toBe("unreachable");
    answers = { "/api/health": ok, "/tasks": ok };
    await vi.advanceTimersByTimeAsync(20_000);
    expect((await page).status).toBe(200);
  });

  test("for a page that alone fails is given to the router in the end", async () => {
    const { fetch } = await watchedWindow();
    const outcome = expect(fetch("/tasks", PAGE)).rejects.toThrow(TypeError);
    await vi.advanceTimersByTimeAsync(10_000);
    await outcome;
    expect(asked.filter((path) => path === "/tasks")).toHaveLength(5);
  });

  test("to somebody else's server is left alone", async () => {
    const { fetch, getConnection } = await watchedWindow();
    await expect(fetch("http://there.example/tasks")).rejects.toThrow(TypeError);
    expect(asked).toEqual(["/tasks"]);
    expect(getConnection().trouble).toBeNull();
  });
});
