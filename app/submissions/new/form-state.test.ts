import { describe, expect, test } from "vitest";
import { emptyForm, inputOf, readDraft, readRows } from "@/app/submissions/new/form-state";

function formWith(inputs: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(inputs)) form.append(name, value);
  return form;
}

describe("the rows of an editor", () => {
  test("stay at the place of their inputs, so that an error finds them where others were removed", () => {
    const form = formWith({
      "qualification_criteria.2.criteria_name": "Fits",
      "qualification_criteria.2.threshold": "7",
      "qualification_criteria.0.criteria_name": "In Europe",
      "references.0.url": "acme.com",
    });
    expect(readRows(form, "qualification_criteria")).toEqual([
      { criteria_name: "In Europe", description: "", weight: "", threshold: "" },
      { criteria_name: "", description: "", weight: "", threshold: "" },
      { criteria_name: "Fits", description: "", weight: "", threshold: "7" },
    ]);
    expect(readRows(form, "struct")).toEqual([]);
  });

  test("hold nothing but the parts of that editor", () => {
    const form = formWith({ "struct.0.name": "a", "struct.0.threshold": "1", "struct.0.constructor": "x" });
    expect(readRows(form, "struct")).toEqual([{ name: "a", description: "", type: "str" }]);
  });
});

test("a box that is not ticked is a no, and one that is ticked a yes", () => {
  const draft = readDraft(formWith({ kind: "company_intelligence", find_people: "on" }));
  expect(draft).toMatchObject({ find_people: true, full_org_chart: false });
});

test("what to find out about people is sent only while people are found", () => {
  const inputs = {
    kind: "company_intelligence",
    people_focus_prompt: "Engineers",
    "lead_struct.0.name": "email",
    "lead_struct.0.description": "Work email",
  };
  const hidden = readDraft(formWith(inputs));
  expect(hidden).not.toHaveProperty("people_focus_prompt");
  expect(hidden).not.toHaveProperty("lead_struct");
  expect(readDraft(formWith({ ...inputs, find_people: "on" }))).toMatchObject({
    people_focus_prompt: "Engineers",
    lead_struct: [{ name: "email", description: "Work email", type: "str" }],
  });
});

test("an error of Sixtyfour counts the rows that were sent, and blank ones were not", () => {
  const blank = { criteria_name: "", description: "", weight: "", threshold: "" };
  const criteria = [
    blank,
    { ...blank, criteria_name: "Fits" },
    { ...blank, weight: "3" },
    { ...blank, description: "In Europe" },
  ];
  const references = [
    { url: " ", description: "" },
    { url: "acme.com", description: "Prices" },
  ];
  const draft = { kind: "qa_agent", lead: {}, qualification_criteria: criteria, references };
  expect(inputOf(["qualification_criteria", "0", "threshold"], draft)).toBe("qualification_criteria.1.threshold");
  expect(inputOf(["qualification_criteria", "1", "criteria_name"], draft)).toBe(
    "qualification_criteria.3.criteria_name",
  );
  expect(inputOf(["qualification_criteria"], draft)).toBe("qualification_criteria.1.criteria_name");
  expect(inputOf(["references", "0", "url"], draft)).toBe("references.1.url");
});

test.each([
  [["lead_info", "email"], "lead.email"],
  [["lead_info", "unknown"], "lead"],
  [["struct", "staff", "type"], "struct.1.description"],
  [["qualification_criteria", "1", "threshold"], "qualification_criteria.1.threshold"],
  [["qualification_criteria", "0", "criteria_name"], "qualification_criteria.0.criteria_name"],
  [["references", "2", "url"], "references.2.url"],
  [["max_tool_calls"], "max_tool_calls"],
  [["budget"], "budget"],
  [["investigation_id"], "investigation_id"],
  [["research_plan"], "research_plan"],
  [["providers"], null],
])("an error about %j belongs to the input %j", (path, input) => {
  const struct = ["industry", "staff"].map((name) => ({ name, description: "", type: "str" }));
  const draft = { kind: "people_intelligence", lead: { email: "ada@ae.example" }, struct };
  expect(inputOf(path, draft)).toBe(input);
});

describe("the form of a kind as it is first shown", () => {
  test("asks for a score, a verdict, the reason and a recommendation where a lead is qualified", () => {
    const { draft } = emptyForm("qa_agent", "key");
    expect(draft.struct?.map(({ name }) => name)).toEqual(["suitability_score", "verdict", "reason", "recommendation"]);
    expect(draft.score_criteria).toBe(false);
    expect(emptyForm("people_intelligence", "key").draft.struct).toEqual([]);
  });

  test("leaves workspace files out and has a budget of 1", () => {
    expect(emptyForm("people_intelligence", "key").draft).toMatchObject({ include_workspace: false, budget: "1" });
  });
});

test("the options of an Atlas run are read as they were typed, and only where its tier is chosen", () => {
  const inputs = { kind: "people_intelligence", include_workspace: "on", budget: "3", investigation_id: "i" };
  expect(readDraft(formWith({ ...inputs, tier: "scout" }))).toMatchObject({
    include_workspace: true,
    budget: "3",
    investigation_id: "i",
  });
  expect(readDraft(formWith({ ...inputs, tier: "low" }))).not.toHaveProperty("budget");
});

test("only the options of the kind are read", () => {
  const form = formWith({ kind: "qa_agent", score_criteria: "on", tier: "low", mode: "PERSONAL" });
  expect(readDraft(form)).toEqual({
    kind: "qa_agent",
    lead: {},
    score_criteria: true,
    struct: [],
    qualification_criteria: [],
    references: [],
  });
  expect(readDraft(formWith({ kind: "toString", mode: "PERSONAL" }))).toEqual({ kind: "toString", lead: {} });
});
