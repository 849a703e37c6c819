import { expect, test } from "vitest";
import { readFilterForm } from "@/app/tasks/_components/read-filter-form";
import type { TaskFilter } from "@/lib/tasks/task-filter";

const hour = "2026-11-24T10:00Z";

test.each<[string, TaskFilter, Record<string, string>, TaskFilter]>([
  ["nothing", {}, { q: "", kind: "", since: "" }, {}],
  ["what is typed, trimmed", { q: "ada" }, { q: " ada lovelace " }, { q: "ada lovelace" }],
  ["a cleared search", { q: "ada", sort: "oldest" }, { q: "", sort: "oldest" }, { sort: "oldest" }],
  [
    "what it has no input for",
    { status: ["failed"], reason: "timeout" },
    { via: "poll" },
    {
      status: ["failed"],
      reason: "timeout",
      via: "poll",
    },
  ],
  ["several kinds", {}, { kind: "find_email,find_phone" }, { kind: ["find_email", "find_phone"] }],
  ["a time span in place of days", { from: "2026-11-01" }, { since: "7d", from: "2026-11-01" }, { since: "7d" }],
  [
    "days in place of a time span",
    { since: "7d" },
    { since: "own", from: "2026-11-01", to: "" },
    { from: "2026-11-01" },
  ],
  [
    "an hour whose day was kept",
    { from: hour },
    { since: "own", from: "2026-11-24", to: "2026-11-25" },
    {
      from: hour,
      to: "2026-11-25",
    },
  ],
  ["another day than an hour's", { from: hour }, { since: "own", from: "2026-11-23" }, { from: "2026-11-23" }],
])("the filter form asks for %s", (_, shown, inputs, expected) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(inputs)) form.append(name, value);
  expect(readFilterForm(form, shown)).toEqual(expected);
});
