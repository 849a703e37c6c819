import { expect, test } from "vitest";
import { clockSkewInSeconds } from "@/lib/sixtyfour/clock-skew";

const NOON = Date.UTC(2026, 10, 26, 12);
const skewOf = (date: string | null) =>
  clockSkewInSeconds(new Headers(date === null ? {} : { date }), NOON + 500, NOON + 9_000);

test("a clock is right where its time lies within the request, whole seconds and long answers allowed for", () => {
  expect(skewOf("Thu, 26 Nov 2026 12:00:00 GMT")).toBe(0);
  expect(skewOf("Thu, 26 Nov 2026 12:00:09 GMT")).toBe(0);
});

test("one that is ahead or behind is told by how much", () => {
  expect(skewOf("Thu, 26 Nov 2026 12:06:49 GMT")).toBe(400);
  expect(skewOf("Thu, 26 Nov 2026 11:55:00 GMT")).toBe(-300);
});

test("without a time nothing is known", () => {
  expect(skewOf(null)).toBeNull();
  expect(skewOf("noon")).toBeNull();
});
