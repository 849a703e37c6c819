import { describe, expect, test } from "vitest";
import { createSandboxControl } from "@/sandbox/control-client";
import { Refusal } from "@/sandbox/http";
import { createRateLimit } from "@/sandbox/rate-limit";
import { startSandbox } from "@/sandbox/server";

describe("the rate limit", () => {
  test("lets in so many in any minute, says how long to wait, and tells keys apart", () => {
    let now = 0;
    const limit = createRateLimit(3, () => now);
    for (now of [0, 10_000, 20_000]) limit.admit("one");
    now = 30_000;
    expect(() => limit.admit("one")).toThrow(Refusal);
    try {
      limit.admit("one");
    } catch (error) {
      expect((error as Refusal).answer).toMatchObject({ status: 429, headers: { "retry-after": "30" } });
    }
    limit.admit("other");
    now = 60_001;
    limit.admit("one");
    expect(() => limit.admit("one")).toThrow(Refusal);
    expect(limit.counts()).toEqual({ requests: 8, rateLimited: 3 });
  });
});

test("a sandbox answers 429 past its limit to whatever is asked, and its control is not limited", async () => {
  const sandbox = await startSandbox({ requestsPerMinute: 2 });
  const control = createSandboxControl(sandbox.url);
  const ask = () => fetch(`${sandbox.url}/check-balance`, { headers: { "x-api-key": "test" } });
  const statuses = [(await ask()).status, (await ask()).status];
  const third = await ask();
  expect([...statuses, third.status]).toEqual([200, 200, 429]);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(50);
  expect(await control.stats()).toMatchObject({ requests: 3, rateLimited: 1 });
  await control.setRateLimit(null);
  expect((await ask()).status).toBe(200);
  await sandbox.close();
});
