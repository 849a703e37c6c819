import { expect, test } from "vitest";
import { readRetryAfter } from "@/lib/sixtyfour/retry-after";

const after = (value: string, date?: string) =>
  readRetryAfter(new Headers({ "retry-after": value, ...(date && { date }) }));

test.each([
  ["0", 0],
  ["7", 7],
  [" 7 ", 7],
  ["1.2", 2],
  ["3600", 3_600],
  ["007", 7],
])("Retry-After %j is a wait of %i seconds, and nothing is told", (value, seconds) => {
  expect(after(value)).toEqual({ seconds, note: null });
});

test.each([
  ["3601", "2 hours"],
  ["86400", "24 hours"],
  ["172800", "2 days"],
  ["31536000", "365 days"],
  ["999999999", "more than a year"],
  ["99999999999999999999", "more than a year"],
  ["9".repeat(400), "more than a year"],
  ["Fri, 31 Dec 9999 23:59:59 GMT", "more than a year"],
])("Retry-After %j is cut to an hour, and the person is told", (value, words) => {
  const note = `The server asked to wait ${words}; the app tries again within an hour.`;
  expect(after(value)).toEqual({ seconds: 3_600, note });
});

test.each(["", "soon", "-5", "-1e9", "1e9", "0x10", "NaN", "Infinity", "5 seconds", "Mon, 99 Foo 2026"])(
  "Retry-After %j is no wait at all",
  (value) => expect(after(value)).toBeNull(),
);

test("a date counts from the server's own clock where it states it", () => {
  const date = "Tue, 01 Jan 2030 00:00:00 GMT";
  expect(after("Tue, 01 Jan 2030 00:00:30 GMT", date)).toEqual({ seconds: 30, note: null });
  expect(after("Mon, 31 Dec 2029 23:00:00 GMT", date)).toEqual({ seconds: 0, note: null });
  expect(after("Thu, 01 Jan 1970 00:00:00 GMT")).toEqual({ seconds: 0, note: null });
});
