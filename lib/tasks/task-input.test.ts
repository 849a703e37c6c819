import { describe, expect, test } from "vitest";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskDraft } from "@/lib/tasks/task-draft";
import { parseLead, parseOptions, parseTaskInput, TASK_SCHEMAS } from "@/lib/tasks/task-input";

const draft = (given: Partial<TaskDraft>): TaskDraft => ({ kind: "find_email", lead: { name: "Ada" }, ...given });

describe("one schema reads what the form, a list and the API have", () => {
  const criterion = { criteria_name: "Fits", description: "In any way" };
  const industry = { name: "industry", description: "What it does" };

  test.each<[TaskKindId, string, object, object, object]>([
    ["qa_agent", "a number", { max_tool_calls: " 5 " }, { max_tool_calls: 5 }, { max_tool_calls: 5 }],
    ["qa_agent", "no number", { max_tool_calls: "" }, {}, {}],
    [
      "qa_agent",
      "a weight with a comma",
      { qualification_criteria: [{ ...criterion, weight: "2,5", threshold: "0.7" }] },
      { qualification_criteria: [{ ...criterion, weight: 2.5, threshold: 0.7 }] },
      { qualification_criteria: [{ ...criterion, weight: 2.5, threshold: 0.7 }] },
    ],
    [
      "qa_agent",
      "a weight by default",
      { qualification_criteria: [{ ...criterion, weight: "", threshold: "" }] },
      { qualification_criteria: [criterion] },
      { qualification_criteria: [{ ...criterion, weight: 1, threshold: null }] },
    ],
    [
      "qa_agent",
      "pages",
      {
        references: [
          { url: "", description: " " },
          { url: "acme.com", description: "Prices" },
        ],
      },
      { references: [{ url: "acme.com", description: "Prices" }] },
      { references: [{ url: "https://acme.com", description: "Prices" }] },
    ],
    [
      "people_intelligence",
      "fields",
      {
        struct: [
          { name: "", description: "", type: "str" },
          { ...industry, type: "list[str]" },
        ],
      },
      { struct: { industry: { description: "What it does", type: "list[string]" } } },
      { struct: [{ ...industry, type: "list[str]" }] },
    ],
    [
      "people_intelligence",
      "fields without types",
      { struct: [{ ...industry, type: "str" }] },
      { struct: { industry: "What it does" } },
      { struct: [{ ...industry, type: "str" }] },
    ],
    ["people_intelligence", "a blank text", { research_plan: " " }, {}, {}],
    [
      "people_intelligence",
      "the options of an Atlas run",
      { tier: "scout", budget: "3" },
      { tier: "scout", budget: 3 },
      { tier: "scout", include_workspace: false, budget: 3 },
    ],
  ])("%s: %s", (kind, _, typed, json, expected) => {
    const least = kind === "qa_agent" ? { struct: [], qualification_criteria: [criterion] } : {};
    const { options } = TASK_SCHEMAS[kind].shape;
    const ofForm = options.parse({ ...least, ...typed });
    expect(ofForm).toEqual(options.parse({ ...least, ...json }));
    expect(ofForm).toMatchObject(expected);
  });

  test.each<[TaskKindId, Record<string, string>, Record<string, string>]>([
    ["find_email", { name: "  Ada ", company: " " }, { name: "Ada" }],
    ["reverse_email", { email: " ada@example.com " }, { email: "ada@example.com" }],
    ["qa_agent", { "Trade fair": " Berlin ", name: "" }, { "Trade fair": "Berlin" }],
  ])("%s: the lead %j", (kind, row, lead) => {
    expect(TASK_SCHEMAS[kind].shape.lead.parse(row)).toEqual(lead);
    expect(parseLead(kind, row)).toEqual({ lead });
  });
});

describe("parseTaskInput", () => {
  test("keeps what was given, trimmed, with the defaults of the kind", () => {
    const lead = { name: "  Ada ", company: "" };
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
    expect(parseTaskInput(company).errors).toEqual({ struct: "Name at least one field to return." });
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
      { name: "__proto__", description: "x", type: "str" },
    ];
    expect(Object.keys(parseTaskInput(draft({ kind: "people_intelligence", struct })).errors ?? {})).toEqual([
      "struct.0.name",
      "struct.1.description",
      "struct.2.type",
      "struct.3.name",
    ]);
    const twice = struct.slice(2, 3).map((row) => ({ ...row, type: "str" }));
    expect(parseTaskInput(draft({ kind: "people_intelligence", struct: [...twice, ...twice] })).errors).toEqual({
      "struct.1.name": "Another field has this name already.",
    });
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

  test("is refused where it is not", () => {
    expect(parseLead("people_intelligence", { name: "Ada", "Trade fair": "Berlin" }).errors).toEqual({
      lead: "A lead of people_intelligence has no such field.",
    });
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
    expect(parseLead("qa_agent", given).lead).toEqual({ name: "Ada" });
  });
});

describe("what a lead is judged by", () => {
  const row = { criteria_name: "Fits", description: "In any way", weight: "1", threshold: "0.5" };
  const judging = (given: Partial<TaskDraft>) => parseOptions("qa_agent", { kind: "qa_agent", ...given });

  test("is at least one criterion, and blank rows are none", () => {
    const blank = { criteria_name: " ", description: "", weight: "3", threshold: "" };
    expect(judging({ qualification_criteria: [blank] }).errors).toEqual({
      qualification_criteria: "Name at least one criterion.",
    });
    expect(judging({ qualification_criteria: [blank, row] }).options?.qualification_criteria).toEqual([
      { criteria_name: "Fits", description: "In any way", weight: 1, threshold: 0.5 },
    ]);
  });

  test.each([
    ["qualification_criteria.0.criteria_name", { qualification_criteria: [{ ...row, criteria_name: "" }] }],
    ["qualification_criteria.0.description", { qualification_criteria: [{ ...row, description: "" }] }],
    ["qualification_criteria.0.weight", { qualification_criteria: [{ ...row, weight: "0" }] }],
    ["qualification_criteria.0.weight", { qualification_criteria: [{ ...row, weight: "heavy" }] }],
    ["qualification_criteria.0.threshold", { qualification_criteria: [{ ...row, threshold: "1.1" }] }],
    ["qualification_criteria.0.threshold", { qualification_criteria: [{ ...row, threshold: "-1" }] }],
    ["qualification_criteria.1.criteria_name", { qualification_criteria: [row, row] }],
    ["references.0.url", { qualification_criteria: [row], references: [{ url: "nope", description: "x" }] }],
    ["references.0.description", { qualification_criteria: [row], references: [{ url: "acme.com", description: "" }] }],
    ["max_tool_calls", { qualification_criteria: [row], max_tool_calls: "2.5" }],
    ["max_tool_calls", { qualification_criteria: [row], max_tool_calls: "0" }],
    ["max_tool_calls", { qualification_criteria: [row], max_tool_calls: "51" }],
  ])("%s is told where it is wrong (%#)", (name, given) => {
    expect(Object.keys(judging(given).errors ?? {})).toEqual([name]);
  });
});

describe("the output fields of a qualification", () => {
  const qualification_criteria = [
    { criteria_name: "Sells to businesses", description: "Not to consumers", weight: "2", threshold: "" },
    { criteria_name: "In Europe", description: "Where it is", weight: "", threshold: "1" },
  ];
  const verdict = { name: "verdict", description: "YES or NO", type: "str" };
  const qualify = (given: Partial<TaskDraft>) =>
    parseOptions("qa_agent", { kind: "qa_agent", struct: [], qualification_criteria, ...given });

  test("may be none at all: then only notes come back", () => {
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
    const blankCriterion = { description: "Any", weight: "", threshold: "" };
    const many = Array.from({ length: 101 }, (_, index) => ({
      ...blankCriterion,
      criteria_name: `Criterion ${index}`,
    }));
    const { errors } = qualify({ qualification_criteria: many, score_criteria: true });
    expect(Object.keys(errors ?? {})).toEqual(["score_criteria"]);
  });

  test("score no criteria of a kind that has none", () => {
    const given = { kind: "research_agent", score_criteria: true };
    expect(parseOptions("research_agent", given).errors).toEqual({
      "": "The kind research_agent has no such option.",
    });
  });
});

test("a threshold above 1 is refused with its scale", () => {
  const qualification_criteria = [{ criteria_name: "Fits", description: "In any way", weight: "", threshold: "8.0" }];
  expect(parseOptions("qa_agent", { kind: "qa_agent", qualification_criteria }).errors).toEqual({
    "qualification_criteria.0.threshold": "The threshold is a number from 0 to 1, such as 0.7.",
  });
});

test("the options of a list are checked without a lead", () => {
  expect(parseOptions("find_email", { kind: "find_email", lead: {}, mode: "PERSONAL" }).options).toEqual({
    mode: "PERSONAL",
    verify_emails: true,
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

  test.each(["micro", "low", "medium", "high"])("are refused for the tier %s", (tier) => {
    expect(people(tier, { budget: 1 }).errors).toEqual({
      budget: "The option budget applies to the tiers xhigh and scout only.",
    });
  });

  test.each(["0", "11", "1.5", "many"])("have no budget of %s", (budget) => {
    expect(people("scout", { budget }).errors).toEqual({ budget: "Enter a whole number from 1 to 10." });
  });
});
