import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cellText, flattenResult } from "@/lib/exports/flatten-result";

/** The cells that have a column of their own, as a spreadsheet shows them. */
const cellsOf = (result: unknown) =>
  flattenResult(result)
    .filter(({ isSurplus }) => !isSurplus)
    .map(({ section, name, value }) => [section, name, cellText(value)]);

describe("what is understood has columns of fixed names", () => {
  test("emails, with status and type, in either form", () => {
    const result = {
      email: [["ada@work.example", "ok", "COMPANY"], ["a.l@work.example"]],
      personal_email: [["ada@home.example", "UNKNOWN"]],
    };
    expect(cellsOf(result)).toEqual([
      ["email", "email", "ada@work.example"],
      ["email", "email_status", "OK"],
      ["email", "email_type", "COMPANY"],
      ["email", "email_2", "a.l@work.example"],
      ["email", "email_3", "ada@home.example"],
      ["email", "email_3_status", "UNKNOWN"],
      ["email", "email_3_type", "PERSONAL"],
    ]);
  });

  test("an address that Sixtyfour rejects, apart from those that it found", () => {
    const email = [
      ["guess@work.example", "NOT_FOUND"],
      ["ada@work.example", "OK"],
    ];
    expect(cellsOf({ email })).toEqual([
      ["email", "email", "ada@work.example"],
      ["email", "email_status", "OK"],
      ["rest", "rejected_email", "guess@work.example"],
      ["rest", "rejected_email_status", "NOT_FOUND"],
    ]);
  });

  test("phones, one or many, with their regions", () => {
    expect(cellsOf({ phone: [{ number: "+44 7700 900123", region: "GB" }] })).toEqual([
      ["phone", "phone", "+44 7700 900123"],
      ["phone", "phone_region", "GB"],
    ]);
    expect(cellsOf({ phone: "+1 202 555 0143" })).toEqual([["phone", "phone", "+1 202 555 0143"]]);
    expect(cellsOf({ phone: ["+1 202 555 0143", "+1 202 555 0144"] }).map(([, name]) => name)).toEqual([
      "phone",
      "phone_2",
    ]);
  });

  test("what an intelligence job answers", () => {
    const result = {
      structured_data: { industry: "Computing", employees: 1234, is_public: false, tags: ["a", "b"], none: null },
      field_confidence: { industry: 0.92 },
      confidence_score: 8.5,
      notes: "Seen twice.",
      findings: ["It grows.", "It is old."],
      references: { "https://a.example/1": "One", "https://a.example/2": "Two" },
    };
    expect(cellsOf(result)).toEqual([
      ["field", "industry", "Computing"],
      ["field", "employees", "1234"],
      ["field", "is_public", "false"],
      ["field", "tags", '["a","b"]'],
      ["summary", "confidence_percent", "85"],
      ["summary", "notes", "Seen twice."],
      ["summary", "findings", "It grows.\nIt is old."],
      ["summary", "references", "https://a.example/1 https://a.example/2"],
      ["rest", "field_confidence", '{"industry":0.92}'],
    ]);
  });
});

describe("the people of a company", () => {
  test("have columns of their own, without empty values", () => {
    const leads = [
      { name: "Mira", email: "", score: "9.5" },
      { name: "Jon", email: "jon@work.example" },
    ];
    expect(flattenResult({ structured_data: { leads } }, { kind: "company_intelligence" })).toMatchObject([
      { section: "person", name: "person_1_name", value: "Mira" },
      { section: "person", name: "person_1_score", value: "9.5" },
      { section: "person", name: "person_2_name", value: "Jon" },
      { section: "person", name: "person_2_email", value: "jon@work.example" },
      { section: "summary", name: "people_count", value: 2 },
    ]);
  });
});

test("the verdict on a lead has the columns of the fields that were asked for", () => {
  const result = { structured_data: { verdict: "NO", suitability_score: "3", reason: "Small." }, notes: "Checked." };
  expect(cellsOf(result)).toEqual([
    ["field", "verdict", "NO"],
    ["field", "suitability_score", "3"],
    ["field", "reason", "Small."],
    ["summary", "notes", "Checked."],
  ]);
});

describe("what is not understood is there all the same", () => {
  test("by its own name, nested values as compact JSON", () => {
    expect(cellsOf({ score: 0, verdict: { passed: true }, people: [{ n: 1 }], nothing: null })).toEqual([
      ["rest", "score", "0"],
      ["rest", "verdict", '{"passed":true}'],
      ["rest", "people", '[{"n":1}]'],
    ]);
  });

  test("whom the result names, and what it cost", () => {
    expect(cellsOf({ name: "Ada Lovelace", company: "Engines", cost_cents: 5 })).toEqual([
      ["rest", "name", "Ada Lovelace"],
      ["rest", "company", "Engines"],
      ["rest", "cost_cents", "5"],
    ]);
  });

  test("an address that is none, under the name that it came by", () => {
    expect(cellsOf({ email: "ask the office" })).toEqual([["rest", "email", "ask the office"]]);
  });

  test("a result that is no object", () => {
    expect(cellsOf("just words")).toEqual([["rest", "result", "just words"]]);
    expect(cellsOf([1, 2])).toEqual([["rest", "result", "[1,2]"]]);
  });

  test("the sixth address and the sixth number, as surplus", () => {
    const addresses = Array.from({ length: 7 }, (_, index) => [`a${index}@b.example`, "OK"]);
    const surplus = flattenResult({ email: addresses }).filter(({ isSurplus }) => isSurplus);
    expect(surplus.map(({ name, value }) => [name, value])).toEqual([
      ["email_6", "a5@b.example"],
      ["email_6_status", "OK"],
      ["email_7", "a6@b.example"],
      ["email_7_status", "OK"],
    ]);
  });
});

test.each([[null], [undefined], [{}]])("no result, no cells: %j", (result) => {
  expect(flattenResult(result)).toEqual([]);
});

test("of whatever JSON, every top-level value can be found in a cell, and each cell has a place of its own", () => {
  // Names that have a meaning lose their form; all others must come through whole.
  const meaning = /^(email|personal_email|phone|structured_data|references|notes|findings|confidence_score)$/;
  const name = fc.string({ unit: "binary", maxLength: 8 }).filter((text) => !meaning.test(text));
  const property = fc.property(fc.dictionary(name, fc.jsonValue()), (result) => {
    const cells = flattenResult(result);
    const places = cells.map((cell) => `${cell.section}:${cell.name}`);
    expect(new Set(places).size).toBe(places.length);
    for (const [key, value] of Object.entries(result)) {
      if (value === null || value === "") continue;
      expect(cells).toContainEqual({ section: "rest", name: key, value, isSurplus: false });
    }
  });
  fc.assert(property, { numRuns: 1_000 });
});
