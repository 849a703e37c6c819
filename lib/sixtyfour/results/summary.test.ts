import { expect, test } from "vitest";
import type { Asked } from "@/lib/sixtyfour/results";
import { summarizeResult } from "@/lib/sixtyfour/results/summary";

const line = (result: unknown, asked: Asked) => {
  const { parts, more } = summarizeResult(result, asked);
  return parts.join(" · ") + (more > 0 ? ` +${more}` : "");
};

test.each<[string, Asked, unknown, string]>([
  [
    "an address",
    { kind: "find_email" },
    {
      email: [
        ["a@b.example", "OK"],
        ["c@b.example", "RISKY"],
      ],
    },
    "a@b.example +1",
  ],
  ["no rejected address", { kind: "find_email" }, { email: [["a@b.example", "INVALID"]] }, ""],
  ["a number", { kind: "find_phone" }, { phone: "+1 202 555 0143", email: "a@b.example" }, "+1 202 555 0143"],
  ["a person", { kind: "reverse_phone" }, { name: "Mira Holt", title: "COO", company: "" }, "Mira Holt · COO"],
  [
    "the values that were asked for",
    { kind: "people_intelligence", outputs: ["title", "tags", "team_size", "is_vip", "pet", "age"] },
    {
      structured_data: {
        title: "COO",
        x: "y",
        team_size: "3,493",
        tags: "['a', 'b']",
        is_vip: false,
        pet: "N/A",
        age: 41,
      },
    },
    "COO · team size: 3,493 · a, b +2",
  ],
  [
    "the people of a company",
    { kind: "company_intelligence" },
    { structured_data: { industry: "Lamps", leads: [{ name: "Mira" }, { name: "Jon" }] } },
    "2 people · Lamps",
  ],
  [
    "a verdict",
    { kind: "qa_agent" },
    { structured_data: { verdict: "NO", suitability_score: "3", reason: "It sells to consumers." } },
    "Not qualified · 3 of 10 · It sells to consumers.",
  ],
  ["notes", { kind: "qa_agent" }, { notes: "It sells\nto consumers." }, "It sells to consumers."],
  ["nothing", { kind: "qa_agent" }, { structured_data: { verdict: "" } }, ""],
])("a line of %s", (_, asked, result, words) => {
  expect(line(result, asked)).toBe(words);
});

test("a line is short however long the values are", () => {
  const { parts } = summarizeResult(
    { structured_data: { bio: "word ".repeat(10_000) } },
    { kind: "people_intelligence" },
  );
  expect(parts[0]).toHaveLength(60);
});
