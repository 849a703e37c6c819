import { expect, test } from "vitest";
import { publishedPriceCents } from "@/lib/sixtyfour/published-prices";

test.each([
  ["find_email", {}, 5],
  ["find_email", { mode: "PROFESSIONAL" }, 5],
  ["find_email", { mode: "PERSONAL" }, 20],
  ["find_phone", {}, 30],
  ["people_intelligence", {}, 10],
  ["people_intelligence", { tier: "low", budget: 3 }, 30],
  ["people_intelligence", { tier: "high" }, null],
  ["people_intelligence", { tier: "scout", budget: 3 }, null],
  ["company_intelligence", { tier: "low" }, null],
  ["qa_agent", {}, null],
  ["a_kind_of_the_past", {}, null],
] as const)("the published price of %s with %j is %s cents", (kind, options, cents) => {
  expect(publishedPriceCents(kind, options)).toBe(cents);
});
