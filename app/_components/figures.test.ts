import { expect, test } from "vitest";
import { counted, figure, money } from "@/app/_components/figures";

test("figures and money read as Intl writes them", () => {
  const numbers = new Intl.NumberFormat("en-GB");
  const dollars = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });
  for (const count of [0, 7, 999, 1_000, 12_345, 100_000, 1_234_567, -12_345]) {
    expect(figure(count)).toBe(numbers.format(count));
    expect(money(count)).toBe(dollars.format(count / 100));
  }
  expect(money(12.4)).toBe("$0.12");
  expect([counted(1, "lead"), counted(1_000, "lead")]).toEqual(["1 lead", "1,000 leads"]);
});
