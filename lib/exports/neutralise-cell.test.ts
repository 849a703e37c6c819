import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { neutraliseCell } from "@/lib/exports/neutralise-cell";

const FIRST = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"];

test.each([
  "=1+1",
  "=cmd|' /C calc'!A0",
  "@SUM(A1)",
  "+A1",
  "-A1",
  "-1+cmd|' /C calc'!A0",
  "+1 202 555 0143+A1",
  "+1-A1234567",
  "\r=1",
  "\n=1",
  " =1+1",
  "\u00a0=1",
  "\ufeff=1",
  "\u200b@x",
  "\uff1d1+1",
  "\uff0bA1",
  "\uff0dA1",
  "\uff20SUM(A1)",
  "-",
  "+",
  "-%",
  "--1",
  "+e5",
  "-1e9999",
  "- a point of a list",
  "+1/0",
])("%j is kept from being run", (text) => {
  expect(neutraliseCell(text)).toBe(`'${text}`);
});

test.each([
  ["a;=1+1", "a;'=1+1"],
  ["a;=1;@SUM(A1)", "a;'=1;'@SUM(A1)"],
  ["a\t=1", "a\t'=1"],
  ["a; \u00a0=1", "a;' \u00a0=1"],
  ['a;"=1+1"', 'a;\'"=1+1"'],
  [";=1", ";'=1"],
  ["a;\uff1d1", "a;'\uff1d1"],
  ["a;\r\n=1", "a;'\r\n=1"],
  ["=1;=2", "'=1;'=2"],
  ["\t=1", "'\t'=1"],
  ["-5;=1", "'-5;'=1"],
  ["a;-5;+49 30 123456;b", "a;-5;+49 30 123456;b"],
  ["a;b\tc", "a;b\tc"],
  ["Paris; Oslo; 12", "Paris; Oslo; 12"],
  ["a;'=1", "a;'=1"],
])("%j is split at ; or a tab by some spreadsheets, and becomes %j", (text, cell) => {
  expect(neutraliseCell(text)).toBe(cell);
});

test.each([
  "-12.5",
  "+3",
  "-1e9",
  "-1E-9",
  "-.5",
  "-0",
  "-1,234.50",
  "-1.234,50",
  "-1 234",
  "-5%",
  "+1 202 555 0143",
  "+12025550143",
  "+1 (202) 555-0143",
  "+49 (0)30 12-34 56",
  "+49 (0)30 12-34",
  "+44.20.7946.0958",
  "+49 30/1234567",
  "12",
  "",
  "Ada",
  "a=b",
  "1-2",
  "ada@example.com",
  "'=1",
  "(=1)",
  "https://example.com/?a=b",
])("%j stays as it is", (text) => {
  expect(neutraliseCell(text)).toBe(text);
});

describe("whatever the text", () => {
  const nasty = fc.string({
    unit: fc.constantFrom(...FIRST, ";", '"', " ", "\u00a0", "\ufeff", "1", "(", ")", ".", "e", "A", "|"),
  });
  const any = fc.oneof(
    nasty,
    fc.tuple(nasty, fc.string({ unit: "binary" })).map((parts) => parts.join("")),
  );

  test("nothing is left that begins like a formula and holds more than the characters of a number", () => {
    const property = fc.property(any, (text) => {
      const cell = neutraliseCell(text);
      const seen = cell.replace(/^[\s\p{Cf}]+/u, "");
      const beginsLikeFormula = FIRST.includes(cell.charAt(0)) || FIRST.includes(seen.charAt(0));
      expect(beginsLikeFormula && !/^[+-][.,]?\d[\d\s.,'()/%+-]*(?:e[+-]?\d+%?)?$/i.test(cell)).toBe(false);
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  test("no part between ; or tabs begins like a formula, unless it is a number", () => {
    const property = fc.property(any, (text) => {
      for (const part of neutraliseCell(text).split(/[;\t]/).slice(1)) {
        const seen = part.replace(/^[\s\p{Cf}"]+/u, "");
        const beginsLikeFormula = FIRST.includes(seen.charAt(0));
        expect(beginsLikeFormula && !/^[+-][.,]?\d[\d\s.,'()/%+-]*(?:e[+-]?\d+%?)?$/i.test(part)).toBe(false);
      }
    });
    fc.assert(property, { numRuns: 5_000 });
  });

  test("nothing but apostrophes is added, and only once", () => {
    const property = fc.property(any, (text) => {
      const cell = neutraliseCell(text);
      expect(cell.replaceAll("'", "")).toBe(text.replaceAll("'", ""));
      expect(neutraliseCell(cell)).toBe(cell);
    });
    fc.assert(property, { numRuns: 2_000 });
  });

  test("a number as JSON writes it is unchanged", () => {
    const property = fc.property(
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer()),
      (number) => {
        expect(neutraliseCell(String(number))).toBe(String(number));
      },
    );
    fc.assert(property, { numRuns: 2_000 });
  });

  test("a phone number in international form is unchanged, however its digits are grouped", () => {
    const separator = fc.constantFrom("", " ", "-", ".", "/", "\u00a0");
    const digits = fc.array(fc.tuple(separator, fc.integer({ min: 0, max: 9 })), { minLength: 6, maxLength: 14 });
    const property = fc.property(fc.integer({ min: 1, max: 9 }), digits, (first, rest) => {
      const phone = `+${first}${rest.map((pair) => pair.join("")).join("")}`;
      expect(neutraliseCell(phone)).toBe(phone);
    });
    fc.assert(property, { numRuns: 2_000 });
  });
});
