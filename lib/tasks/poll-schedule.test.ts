import { describe, expect, test } from "vitest";
import { confirmableAt, firstPollAt, nextPollAt, nextSendAt } from "@/lib/tasks/poll-schedule";

const submittedAt = new Date("2026-01-01T00:00:00Z");
const secondsAfter = (at: Date, from: Date = submittedAt) => (at.getTime() - from.getTime()) / 1000;
const aged = (seconds: number) => new Date(submittedAt.getTime() + seconds * 1000);

describe("firstPollAt", () => {
  test("without a webhook it is about when the job should be done", () => {
    expect(secondsAfter(firstPollAt("find_email", null, submittedAt))).toBe(3);
    expect(secondsAfter(firstPollAt("people_intelligence", null, submittedAt))).toBe(120);
    expect(secondsAfter(firstPollAt("people_intelligence", null, submittedAt, { tier: "micro" }))).toBe(60);
    expect(secondsAfter(firstPollAt("people_intelligence", null, submittedAt, { tier: "scout" }))).toBe(600);
  });

  test("with a webhook it waits until Sixtyfour must have given up delivering", () => {
    expect(secondsAfter(firstPollAt("find_email", 120, submittedAt))).toBe(150);
    expect(secondsAfter(firstPollAt("company_intelligence", 120, submittedAt))).toBe(1_020);
    expect(secondsAfter(firstPollAt("company_intelligence", 120, submittedAt, { tier: "high" }))).toBe(1_920);
    expect(secondsAfter(firstPollAt("people_intelligence", 120, submittedAt, { tier: "xhigh" }))).toBe(3_720);
    expect(secondsAfter(firstPollAt("a_kind_of_the_past", 120, submittedAt, { tier: "xhigh" }))).toBe(720);
  });

  test("a file is polled after a minute, with a webhook or without, so that its progress is known", () => {
    const file = { tier: "high", shape: "file" } as const;
    expect(secondsAfter(firstPollAt("people_intelligence", 120, submittedAt, file))).toBe(60);
    expect(secondsAfter(firstPollAt("people_intelligence", null, submittedAt, file))).toBe(60);
  });
});

describe("nextPollAt", () => {
  test.each([
    [1, 3],
    [60, 15],
    [3_600, 300],
    [86_400, 300],
  ])("%i s after the submit it waits %i s more", (age, wait) => {
    expect(secondsAfter(nextPollAt(submittedAt, aged(age), 0, 0.5), aged(age))).toBeCloseTo(wait);
  });

  test("never sooner than Sixtyfour asked for", () => {
    expect(secondsAfter(nextPollAt(submittedAt, aged(60), 90, 0.5), aged(60))).toBe(90);
  });

  test("spreads by a fifth each way", () => {
    expect(secondsAfter(nextPollAt(submittedAt, aged(60), 0, 0), aged(60))).toBeCloseTo(12);
    expect(secondsAfter(nextPollAt(submittedAt, aged(60), 0, 1), aged(60))).toBeCloseTo(18);
  });
});

describe("nextSendAt", () => {
  test.each([
    ["rate_limited", null, 1, 5],
    ["rate_limited", null, 3, 20],
    ["rate_limited", null, 9, 60],
    ["rate_limited", 90, 1, 90],
    ["unreachable", null, 9, 300],
  ] as const)("%s, Retry-After %s, after %i sends: in %i s", (reason, retryAfter, sends, seconds) => {
    const at = nextSendAt(reason, retryAfter, sends, submittedAt);
    expect(at && secondsAfter(at)).toBe(seconds);
  });

  test.each(["unauthorized", "no_credits", "misconfigured"] as const)("%s waits for a person", (reason) => {
    expect(nextSendAt(reason, null, 1, submittedAt)).toBeNull();
  });
});

test("a person is asked about an unconfirmed task after 10 minutes, later for slow kinds and tiers", () => {
  expect(secondsAfter(confirmableAt("find_email", submittedAt))).toBe(600);
  expect(secondsAfter(confirmableAt("people_intelligence", submittedAt))).toBe(1_800);
  expect(secondsAfter(confirmableAt("people_intelligence", submittedAt, "medium"))).toBe(1_800);
  expect(secondsAfter(confirmableAt("people_intelligence", submittedAt, "xhigh"))).toBe(7_200);
});

test("no Retry-After delays a poll or a send by more than an hour", () => {
  for (const seconds of [3_601, 1e9, Number.POSITIVE_INFINITY]) {
    expect(secondsAfter(nextPollAt(submittedAt, aged(60), seconds), aged(60))).toBe(3_600);
    const sendsAt = nextSendAt("rate_limited", seconds, 1, submittedAt);
    expect(sendsAt && secondsAfter(sendsAt)).toBe(3_600);
  }
});
