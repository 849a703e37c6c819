import { describe, expect, test } from "vitest";
import { readResult } from "@/lib/sixtyfour/results";

describe("readResult", () => {
  test("reads emails with two and with three items", () => {
    const result = {
      name: "Ada",
      company: "AE",
      email: [
        ["ada@ae.example", "OK", "COMPANY"],
        ["a@ae.example", "UNKNOWN"],
      ],
    };
    expect(readResult(result).emails).toEqual([
      { address: "ada@ae.example", status: "OK", type: "COMPANY" },
      { address: "a@ae.example", status: "UNKNOWN", type: null },
    ]);
  });

  test("reads personal emails as such", () => {
    expect(readResult({ personal_email: [["ada@home.example", "OK"]] }).emails).toEqual([
      { address: "ada@home.example", status: "OK", type: "PERSONAL" },
    ]);
  });

  test.each([
    ["ada@ae.example", ["ada@ae.example"]],
    [["ada@ae.example", "OK"], ["ada@ae.example"]],
    [
      ["ada@ae.example", "byron@ae.example"],
      ["ada@ae.example", "byron@ae.example"],
    ],
    [[{ email: "ada@ae.example", status: "ok" }], ["ada@ae.example"]],
    [[], []],
    [[["", "NOT_FOUND"]], []],
  ])("reads emails given as %j", (email, addresses) => {
    expect(readResult({ email }).emails.map(({ address }) => address)).toEqual(addresses);
  });

  test.each([
    ["+1 202 555 0143", ["+1 202 555 0143"]],
    [
      ["+1 202 555 0143", "+1 202 555 0199"],
      ["+1 202 555 0143", "+1 202 555 0199"],
    ],
    ["", []],
    [null, []],
  ])("reads phones given as %j", (phone, phones) => {
    expect(readResult({ phone }).phones).toEqual(phones);
  });

  test("reads an intelligence result with confidence and references", () => {
    const view = readResult({
      structured_data: { industry: "Computing", staff: 12, constructor: "odd" },
      field_confidence: { industry: 0.9, staff: 7 },
      confidence_score: 8.5,
      references: { "https://ae.example/about": "Its own site" },
      notes: " Seen twice. ",
      findings: ["One", "Two"],
    });
    expect(view.fields).toEqual([
      { name: "industry", value: "Computing", confidence: 0.9 },
      { name: "staff", value: 12, confidence: 0.7 },
      { name: "constructor", value: "odd", confidence: null },
    ]);
    expect(view.confidenceScore).toBe(8.5);
    expect(view.references).toEqual([{ url: "https://ae.example/about", description: "Its own site" }]);
    expect(view.notes).toBe("Seen twice.");
    expect(view.findings).toEqual(["One", "Two"]);
    expect(view.rest).toEqual([]);
  });

  test("drops nothing that it doesn't understand", () => {
    expect(readResult({ email: { odd: 1 }, novelty: [1], findings: [{ text: "x" }] }).rest).toEqual([
      { name: "email", value: { odd: 1 }, confidence: null },
      { name: "novelty", value: [1], confidence: null },
      { name: "findings", value: [{ text: "x" }], confidence: null },
    ]);
    expect(readResult([1, 2]).rest).toEqual([{ name: "result", value: [1, 2], confidence: null }]);
    expect(readResult("text").rest).toEqual([{ name: "result", value: "text", confidence: null }]);
  });
});
