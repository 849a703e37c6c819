import { describe, expect, test } from "vitest";
import { countFound, hasFound, readProfile, readRecords, readResult } from "@/lib/sixtyfour/results";

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

  test("reads how a lead does by each criterion, and in all", () => {
    const criterion = { criteria_name: "In Europe", score: 0.4, weight: 2, threshold: 0.5, passed: false };
    const view = readResult({
      qualified: false,
      total_score: 0.61,
      criteria: [
        { ...criterion, reasoning: " Its offices are in Asia. " },
        { name: "Sells to businesses", score: "high" },
      ],
      references: { "https://ae.example": "Its own site" },
    });
    expect(view).toMatchObject({ isQualified: false, totalScore: 0.61, rest: [] });
    expect(view.scores).toEqual([
      {
        name: "In Europe",
        score: 0.4,
        weight: 2,
        threshold: 0.5,
        isPassed: false,
        reasoning: "Its offices are in Asia.",
      },
      { name: "Sells to businesses", score: null, weight: null, threshold: null, isPassed: null, reasoning: null },
    ]);
  });

  test.each([
    [[{ criteria_name: "Named", score: 1 }, { score: 0 }]],
    [[{ criteria_name: "Named", score: 1 }, "text"]],
    [{ "In Europe": 0.4 }],
    [[{ criteria_name: "Out of a hundred", score: 85, threshold: 70 }]],
    [[{ criteria_name: "Out of ten", score: 8.5 }]],
    [[{ criteria_name: "Below nothing", score: -1 }]],
    [[]],
  ])("shows scores of another shape as they came: %j", (criteria) => {
    expect(readResult({ criteria, qualified: "perhaps" })).toMatchObject({
      scores: [],
      isQualified: null,
      rest: [
        { name: "criteria", value: criteria },
        { name: "qualified", value: "perhaps" },
      ],
    });
  });

  test("shows a total on another scale as it came", () => {
    expect(readResult({ total_score: 85 })).toMatchObject({
      totalScore: null,
      rest: [{ name: "total_score", value: 85 }],
    });
  });

  test("reads who works at a company, and shows people of another shape as they came", () => {
    const people = [{ name: "Ada", title: "Countess" }, { name: "Charles" }];
    expect(readResult({ structured_data: { industry: "Computing" }, people })).toMatchObject({ people, rest: [] });
    expect(readResult({ people: ["Ada"] })).toMatchObject({ people: [], rest: [{ name: "people", value: ["Ada"] }] });
  });

  test("takes whom a reverse look-up names for its result, and elsewhere for an echo of the lead", () => {
    const found = { email: "ada@ae.example", name: "Ada Lovelace", company: "AE", title: "Countess", cost_cents: 10 };
    expect(readResult(found, "email").rest.map(({ name }) => name)).toEqual(["name", "company", "title"]);
    expect(readResult(found).rest.map(({ name }) => name)).toEqual(["title"]);
  });

  test("takes what a person was looked up by for no find, but further ones for finds", () => {
    const nobody = { email: "ada@ae.example", name: null, company: null, cost_cents: 0 };
    expect(readResult(nobody, "email")).toEqual(readResult({}));
    expect(readResult({ ...nobody, phone: "+1 202 555 0143" }, "email").phones).toEqual(["+1 202 555 0143"]);
    expect(readResult({ email: [["ada@home.example", "OK"]] }, "email").emails).toHaveLength(1);
    expect(readResult({ phone: "+1 202 555 0143" }, "phone").phones).toEqual([]);
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

describe("readRecords", () => {
  test("reads one thing and several alike", () => {
    expect(readRecords({ name: "Ada" })).toEqual([{ name: "Ada" }]);
    expect(readRecords([{ name: "Ada" }, {}])).toEqual([{ name: "Ada" }, {}]);
  });

  test("reads what came as text with JSON in it", () => {
    expect(readRecords(' {"rank": 3, "offices": ["Rome"]}')).toEqual([{ rank: 3, offices: ["Rome"] }]);
  });

  test.each([
    [[]],
    [{}],
    [["Ada"]],
    [[{ name: "Ada" }, null]],
    ["Ada"],
    ["{"],
    ["{ not JSON }"],
    ["{}"],
    ['[{"name": "Ada"}]'],
    [null],
    [7],
  ])("makes nothing of %j", (value) => {
    expect(readRecords(value)).toBeNull();
  });
});

describe("whether something was found", () => {
  test.each([
    [{ name: "Ada", email: [["ada@x.example", "OK", "COMPANY"]] }, true],
    [{ name: "Ada", email: [["ada@x.example", "CATCH_ALL"]] }, true],
    [{ name: "Ada", email: [["ada@x.example", "INVALID"]] }, false],
    [{ name: "Ada", email: [], cost_cents: 0 }, false],
    [{ name: "Ada", company: "Engines", phone: "" }, false],
    [{ phone: "+1 415 555 0100" }, true],
    [{ structured_data: { title: null, city: "" }, notes: "Nothing could be found.", references: {} }, false],
    [{ structured_data: { title: null, city: "Berlin" } }, true],
    [{ qualified: false, total_score: 0.1, criteria: [] }, true],
    [{ something_new: { of: 3 } }, true],
    [null, false],
    ["a text", true],
  ])("in %j: %s", (result, isFound) => {
    expect(hasFound(result)).toBe(isFound);
  });

  test("by a reverse look-up hangs by whom it names, and not by what it repeats", () => {
    expect(hasFound({ email: "ada@x.example", name: null }, "email")).toBe(false);
    expect(hasFound({ email: "ada@x.example", name: "Ada" }, "email")).toBe(true);
    expect(hasFound({ phone: "+1 415 555 0100", name: null, company: null }, "phone")).toBe(false);
  });

  test("is counted over the results of a bulk request, and unknown where they are no list", () => {
    expect(countFound([{ phone: "+1 415 555 0100" }, { phone: "" }, null])).toBe(1);
    expect(countFound({ phone: "+1 415 555 0100" })).toBeNull();
  });
});

describe("a person in a result", () => {
  test("is read whatever the keys are called, and keeps what is not understood", () => {
    const person = {
      full_name: " Ada Lovelace ",
      role: "Countess",
      linkedin_url: "https://linkedin.com/in/ada",
      age: 36,
    };
    expect(readProfile(person)).toEqual({
      name: "Ada Lovelace",
      title: "Countess",
      company: null,
      location: null,
      linkedin: "https://linkedin.com/in/ada",
      rest: [["age", 36]],
    });
  });

  test("is none without a name", () => {
    expect(readProfile({ title: "Countess", name: "" })).toBeNull();
  });
});
