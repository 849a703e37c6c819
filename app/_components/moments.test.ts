import { expect, test } from "vitest";
import { timeAgo, utcDayOfYear, utcTime } from "@/app/_components/moments";

const NOW = Date.parse("2026-11-24T12:00:00Z");
const ago = (seconds: number) => timeAgo(new Date(NOW - seconds * 1000).toISOString(), NOW, false);

test("how long ago it was is told in its largest unit, and the day where that is a week and more", () => {
  expect([0, 59, 60, 3_599, 3_600, 86_399, 86_400, 172_800].map(ago)).toEqual([
    "just now",
    "just now",
    "1 min. ago",
    "59 min. ago",
    "1 hr. ago",
    "23 hr. ago",
    "yesterday",
    "2 days ago",
  ]);
  expect([-59, -120, -7_200, -86_400, -259_200].map(ago)).toEqual([
    "just now",
    "in 2 min.",
    "in 2 hr.",
    "tomorrow",
    "in 3 days",
  ]);
  expect([ago(7 * 86_400), ago(7 * 86_400 + 1)]).toEqual(["7 days ago", "17 Nov 2026"]);
});

test("days and times read as Intl writes them in British English, in each month", () => {
  const time = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long", timeZone: "UTC" });
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  for (let month = 0; month < 12; month += 1) {
    const date = new Date(Date.UTC(2026, month, 3 * month + 1, 7, 5, month));
    expect(utcTime(date.toISOString())).toBe(time.format(date));
    expect(utcDayOfYear(date)).toBe(day.format(date));
  }
});
