import { redirect } from "next/navigation";
import { afterEach, describe, expect, test, vi } from "vitest";
import { ActionFailedError, type ActionFailure, attempt, attemptStep } from "@/app/_components/actions/attempt";
import { failureText, failureWords } from "@/app/_components/actions/failure-words";

const failing = (error: unknown) => () => Promise.reject(error);
const online = (is: boolean) => vi.stubGlobal("navigator", { onLine: is });

afterEach(() => vi.unstubAllGlobals());

describe("an action", () => {
  test("that answers is passed on", async () => {
    online(true);
    expect(await attempt(async () => "done")).toEqual({ value: "done" });
  });

  test.each([
    [new TypeError("Failed to fetch"), true, "unreachable"],
    [new TypeError("Failed to fetch"), false, "offline"],
    [new DOMException("late", "TimeoutError"), true, "timeout"],
    [new Error("An unexpected response was received from the server."), true, "server"],
    [Object.assign(new Error("hidden"), { digest: "1" }), true, "server"],
  ])("that fails with %s, online: %s, is %s", async (error, isOnline, failure) => {
    online(isOnline);
    expect(await attempt(failing(error))).toEqual({ failure });
    await expect(attemptStep(failing(error))).rejects.toThrow(ActionFailedError);
  });

  test("that a proxy's rewritten Host has refused carries the sentence that says so", async () => {
    online(true);
    const reason = "A proxy rewrites the Host header: have it send that as X-Forwarded-Host.";
    const outcome = await attempt(failing(new Error(reason)));
    expect(outcome).toEqual({ failure: "refused", reason });
    expect(failureText(outcome as ActionFailure)).toContain(reason);
  });

  test("that was under way when the connection was lost may have been done", async () => {
    online(true);
    const outcome = await attempt(async () => {
      online(false);
      throw new TypeError("Failed to fetch");
    });
    expect(outcome).toEqual({ failure: "unreachable" });
  });

  test("that redirects is left to the router", async () => {
    online(true);
    await expect(attempt(async () => redirect("/"))).rejects.toThrow("NEXT_REDIRECT");
  });
});

describe("the words for a failure", () => {
  test("say when a second submit is safe, and when it may be charged", () => {
    const repeat = "A second submit may be charged twice.";
    expect(failureText({ failure: "timeout" }, repeat)).toContain(repeat);
    expect(failureText({ failure: "unreachable" })).toContain("Trying again does no harm.");
    expect(failureText({ failure: "offline" }, repeat)).toBe(
      "You are offline. Nothing was sent. Your entries are kept. Try again when you are back online.",
    );
  });

  test("promise to keep the entries over a reload, unless told otherwise", () => {
    expect(failureWords({ failure: "new_version" }, undefined, "Choose the list again.").text).not.toContain("kept");
    expect(failureText({ failure: "new_version" })).toContain("your entries are kept");
  });
});
