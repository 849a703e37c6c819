import { describe, expect, test } from "vitest";
import { parseLead, parseOptions, parseTaskInput, type TaskDraft } from "@/lib/tasks/task-input";

const draft = (given: Partial<TaskDraft>): TaskDraft => ({
  kind: "find_email",
  lead: { name: "Ada" },
  mode: "PROFESSIONAL",
  tier: "low",
  struct: [],
  ...given,
});

describe("parseTaskInput", () => {
  test("keeps what the kind takes, trimmed, and leaves the rest out", () => {
    const lead = { name: "  Ada ", company: "", unknown: "x" };
    expect(parseTaskInput(draft({ lead })).input).toEqual({
      kind: "find_email",
      lead: { name: "Ada" },
      options: { mode: "PROFESSIONAL", verify_emails: true },
    });
  });

  test("needs something that says who is meant", () => {
    const leads: TaskDraft["lead"][] = [{}, { title: "CEO" }, { name: "   " }];
    for (const lead of leads) {
      expect(parseTaskInput(draft({ lead })).errors).toHaveProperty("lead");
    }
  });

  test.each([
    ["people_intelligence", "email", "not-an-email"],
    ["people_intelligence", "phone", "call me"],
    ["find_email", "linkedin", "https://example.com/in/ada"],
    ["find_email", "linkedin", "linkedin.com"],
    ["find_email", "company_domain", "not a website"],
    ["find_email", "company_domain", "javascript:alert(1)"],
    ["find_email", "name", "a\0b"],
    ["find_email", "name", "x".repeat(501)],
  ])("%s refuses %s %j beside its field", (kind, field, value) => {
    const { errors } = parseTaskInput(draft({ kind, lead: { [field]: value } }));
    expect(Object.keys(errors ?? {})).toEqual([`lead.${field}`]);
  });

  test.each([
    ["company_domain", "https://www.acme.com/about?x=1", "acme.com"],
    ["company_domain", "acme.co.uk", "acme.co.uk"],
    ["linkedin", "linkedin.com/in/ada", "https://linkedin.com/in/ada"],
    ["linkedin", "https://www.linkedin.com/in/ada/", "https://www.linkedin.com/in/ada/"],
  ])("normalises %s %j", (field, value, expected) => {
    expect(parseTaskInput(draft({ lead: { [field]: value } })).input?.lead).toEqual({ [field]: expected });
  });

  test("needs output fields where the kind does", () => {
    const company = draft({ kind: "company_intelligence", lead: { company_name: "AE" } });
    expect(parseTaskInput(company).errors).toEqual({ "struct.0.name": "Name at least one field to return." });
    const struct = [
      { name: "", description: "", type: "str" },
      { name: "industry", description: "What it does", type: "str" },
    ];
    expect(parseTaskInput({ ...company, struct }).input?.options.struct).toEqual([struct[1]]);
  });

  test("finds fault with single output fields", () => {
    const struct = [
      { name: "two words", description: "x", type: "str" },
      { name: "a", description: "", type: "str" },
      { name: "b", description: "x", type: "poem" },
      { name: "c", description: "x", type: "str" },
      { name: "c", description: "x", type: "str" },
      { name: "__proto__", description: "x", type: "str" },
    ];
    expect(Object.keys(parseTaskInput(draft({ kind: "people_intelligence", struct })).errors ?? {})).toEqual([
      "struct.0.name",
      "struct.1.description",
      "struct.2.type",
      "struct.4.name",
      "struct.5.name",
    ]);
  });

  test("refuses options that the kind doesn't have", () => {
    expect(parseTaskInput(draft({ mode: "BOTH" })).errors).toHaveProperty("mode");
    expect(
      parseTaskInput(draft({ kind: "company_intelligence", lead: { company_name: "AE" }, tier: "xhigh" })).errors,
    ).toHaveProperty("tier");
    expect(parseTaskInput(draft({ kind: "toString" })).errors).toHaveProperty("kind");
  });
});

describe("what a kind has no field for", () => {
  test("is kept where the kind is open, and enough to say who is meant", () => {
    expect(parseLead("research_agent", { "Trade fair": " Berlin\n2026 ", empty: " " }).lead).toEqual({
      "Trade fair": "Berlin\n2026",
    });
    expect(parseLead("research_agent", { empty: " " }).errors).toHaveProperty("lead");
  });

  test("is left out where it is not", () => {
    expect(parseLead("people_intelligence", { name: "Ada", "Trade fair": "Berlin" }).lead).toEqual({ name: "Ada" });
  });

  test.each([
    ["constructor", "x"],
    ["toString", "x"],
    ["two\nlines", "x"],
    ["x".repeat(101), "x"],
    ["Trade fair", "a\0b"],
    ["Trade fair", "x".repeat(10_001)],
  ])("is refused where %j can't be sent (%#)", (name, value) => {
    expect(Object.keys(parseLead("qa_agent", { name: "Ada", [name]: value }).errors ?? {})).toEqual([`lead.${name}`]);
  });

  test("can't pretend to be part of an object", () => {
    const given = JSON.parse('{"name": "Ada", "__proto__": "x"}');
    expect(parseLead("qa_agent", given).errors).toHaveProperty("lead.__proto__");
  });
});

describe("what a lead is judged by", () => {
  const row = { name: "Fits", description: "In any way", weight: "1", threshold: "0.5" };
  const judging = (given: Partial<TaskDraft>) => parseOptions("qa_agent", { kind: "qa_agent", ...given });

  test("is at least one criterion, and blank rows are none", () => {
    const blank = { name: " ", description: "", weight: "3", threshold: "" };
    expect(judging({ criteria: [blank] }).errors).toEqual({ "criteria.0.name": "Name at least one criterion." });
    expect(judging({ criteria: [blank, row] }).options?.qualification_criteria).toEqual([
      { criteria_name: "Fits", description: "In any way", weight: 1, threshold: 0.5 },
    ]);
  });

  test.each([
    ["criteria.0.name", { criteria: [{ ...row, name: "" }] }],
    ["criteria.0.description", { criteria: [{ ...row, description: "" }] }],
    ["criteria.0.weight", { criteria: [{ ...row, weight: "0" }] }],
    ["criteria.0.weight", { criteria: [{ ...row, weight: "heavy" }] }],
    ["criteria.0.threshold", { criteria: [{ ...row, threshold: "1.1" }] }],
    ["criteria.0.threshold", { criteria: [{ ...row, threshold: "-1" }] }],
    ["criteria.1.name", { criteria: [row, row] }],
    ["references.0.url", { criteria: [row], references: [{ url: "nope", description: "x" }] }],
    ["references.0.description", { criteria: [row], references: [{ url: "acme.com", description: "" }] }],
    ["max_tool_calls", { criteria: [row], max_tool_calls: "2.5" }],
    ["max_tool_calls", { criteria: [row], max_tool_calls: "0" }],
    ["max_tool_calls", { criteria: [row], max_tool_calls: "51" }],
  ])("%s is told where it is wrong (%#)", (name, given) => {
    expect(Object.keys(judging(given).errors ?? {})).toEqual([name]);
  });
});

describe("the output fields of a qualification", () => {
  const criteria = [
    { name: "Sells to businesses", description: "Not to consumers", weight: "2", threshold: "" },
    { name: "In Europe", description: "Where it is", weight: "", threshold: "1" },
  ];
  const verdict = { name: "verdict", description: "YES or NO", type: "str" };
  const qualify = (given: Partial<TaskDraft>) => parseOptions("qa_agent", { kind: "qa_agent", criteria, ...given });

  test("may be none at all: then only notes come back", () => {
    expect(qualify({}).options).not.toHaveProperty("struct");
    expect(qualify({ struct: [], score_criteria: false }).options).not.toHaveProperty("struct");
  });

  test("have one more for each criterion where it is to be scored", () => {
    expect(qualify({ struct: [verdict], score_criteria: true }).options?.struct?.map(({ name }) => name)).toEqual([
      "verdict",
      "score_sells_to_businesses",
      "score_in_europe",
    ]);
    expect(qualify({ score_criteria: true }).options?.struct).toHaveLength(2);
  });

  test("don't repeat the name of a field of one's own", () => {
    const own = { ...verdict, name: "score_in_europe" };
    const { options } = qualify({ struct: [own], score_criteria: true });
    expect(options?.struct?.map(({ name }) => name)).toEqual([
      "score_in_europe",
      "score_sells_to_businesses",
      "score_in_europe_2",
    ]);
  });

  test("are no more than the API takes", () => {
    const many = Array.from({ length: 101 }, (_, index) => ({ ...criteria[0], name: `Criterion ${index}` }));
    const { errors } = qualify({ criteria: many as typeof criteria, score_criteria: true });
    expect(Object.keys(errors ?? {})).toEqual(["score_criteria"]);
  });

  test("score no criteria of a kind that has none", () => {
    expect(parseOptions("research_agent", { kind: "research_agent", criteria, score_criteria: true }).options).toEqual(
      {},
    );
  });
});

test("a threshold above 1 is refused with its scale", () => {
  const criteria = [{ name: "Fits", description: "In any way", weight: "", threshold: "8.0" }];
  expect(parseOptions("qa_agent", { kind: "qa_agent", criteria }).errors).toEqual({
    "criteria.0.threshold": "The threshold is a number from 0 to 1, such as 0.7.",
  });
});

describe("the options of an Atlas run", () => {
  const given = { include_workspace: true, budget: " 3 ", investigation_id: " inv_1 " };
  const people = (tier: string, more: Partial<TaskDraft> = given) =>
    parseOptions("people_intelligence", { kind: "people_intelligence", tier, ...more });

  test.each(["xhigh", "scout"])("are read for the tier %s", (tier) => {
    expect(people(tier).options).toMatchObject({ tier, include_workspace: true, budget: 3, investigation_id: "inv_1" });
  });

  test("leave the workspace files out and take the price once unless told otherwise", () => {
    const { options } = people("xhigh", { budget: "", investigation_id: "" });
    expect(options).toMatchObject({ include_workspace: false, budget: 1 });
    expect(options).not.toHaveProperty("investigation_id");
  });

  test.each(["micro", "low", "medium", "high"])("are ignored for the tier %s, even where they are wrong", (tier) => {
    expect(people(tier, { ...given, budget: "99" }).options).toEqual({ tier, field_confidence: true });
  });

  test.each(["0", "11", "1.5", "many"])("have no budget of %s", (budget) => {
    expect(people("scout", { budget }).errors).toEqual({ budget: "Enter a whole number from 1 to 10." });
  });
});
