import { describe, expect, test } from "vitest";
import { MAX_API_LEADS, parseSubmissionBody } from "@/lib/submissions/api-input";

const pointersOf = (body: unknown) => {
  const parsed = parseSubmissionBody(body);
  return "errors" in parsed ? parsed.errors.map(({ pointer }) => pointer) : null;
};
const lead = { name: "Ada Lovelace" };

describe("a right body", () => {
  test("comes out as the form's input would: trimmed, and with the defaults of its kind", () => {
    expect(
      parseSubmissionBody({ kind: "find_email", leads: [{ name: " Ada ", company_domain: "https://www.acme.com/x" }] }),
    ).toEqual({
      submission: {
        kind: "find_email",
        name: "",
        leads: [{ fields: { name: "Ada", company_domain: "acme.com" } }],
        options: { mode: "PROFESSIONAL", verify_emails: true },
      },
    });
  });

  test("is the same whatever the order of its keys, so that its Idempotency-Key still fits", () => {
    const one = {
      kind: "find_email",
      name: "x",
      leads: [{ name: "Ada", company: "AE" }],
      options: { mode: "PERSONAL" },
    };
    const other = {
      options: { mode: "PERSONAL" },
      leads: [{ company: "AE", name: "Ada" }],
      name: "x",
      kind: "find_email",
    };
    expect(JSON.stringify(parseSubmissionBody(other))).toBe(JSON.stringify(parseSubmissionBody(one)));
  });

  test("may give a field to return as a description, or as a description and a type", () => {
    const struct = { age: { description: "In years", type: "int" }, city: "Where they live" };
    const otherNames = {
      tags: { description: "Topics", type: "list[string]" },
      city: { description: "Town", type: "string" },
    };
    expect(
      parseSubmissionBody({ kind: "people_intelligence", leads: [lead], options: { struct: otherNames } }),
    ).toMatchObject({ submission: { options: { struct: [{ type: "list[str]" }, { type: "str" }] } } });
    expect(parseSubmissionBody({ kind: "people_intelligence", leads: [lead], options: { struct } })).toMatchObject({
      submission: {
        options: {
          struct: [
            { name: "age", description: "In years", type: "int" },
            { name: "city", description: "Where they live", type: "str" },
          ],
        },
      },
    });
  });
});

describe("what is not known is an error with its place", () => {
  test.each<[string, unknown, string[]]>([
    ["a key of the body", { kind: "find_email", leads: [lead], "a/b~c": 1 }, ["/a~1b~0c"]],
    ["a field of a lead", { kind: "find_email", leads: [lead, { ...lead, shoe: "44" }] }, ["/leads/1/shoe"]],
    ["an empty field of a lead", { kind: "find_email", leads: [{ ...lead, shoe: "" }] }, ["/leads/0/shoe"]],
    [
      "a field named as objects' own are",
      { kind: "find_email", leads: [{ ...lead, constructor: "x" }] },
      ["/leads/0/constructor"],
    ],
    [
      "a field beside one that is wrong",
      { kind: "find_email", leads: [{ ...lead, company_domain: "no site", shoe: "44" }] },
      ["/leads/0/company_domain", "/leads/0/shoe"],
    ],
    [
      "a key of an option",
      { kind: "people_intelligence", leads: [lead], options: { struct: { a: { description: "x", colour: 1 } } } },
      ["/options/struct/a/colour"],
    ],
    ["an option", { kind: "find_email", leads: [lead], options: { colour: "x" } }, ["/options/colour"]],
    [
      "an investigation for two leads",
      {
        kind: "people_intelligence",
        leads: [lead, { name: "Bo" }],
        options: { tier: "scout", investigation_id: "inv_1" },
      },
      ["/options/investigation_id"],
    ],
  ])("%s", (_, body, pointers) => {
    expect(pointersOf(body)).toEqual(pointers);
  });

  test("but a kind that is open takes any field", () => {
    const body = {
      kind: "research_agent",
      leads: [{ favourite_engine: "Analytical" }],
      options: { struct: { age: "In years" } },
    };
    expect(pointersOf(body)).toBeNull();
  });

  test("and a field that is known may be empty", () => {
    expect(pointersOf({ kind: "find_email", leads: [{ ...lead, company: "" }] })).toBeNull();
  });
});

test("what is no object, and what is no JSON at all, is an error of the whole body", () => {
  for (const body of [undefined, null, 1, "x", []]) expect(pointersOf(body)).toEqual([""]);
});

test("up to ten thousand leads are taken, and at least one is wanted", () => {
  const many = (count: number) => ({ kind: "find_email", leads: Array.from({ length: count }, () => lead) });
  expect(pointersOf(many(MAX_API_LEADS))).toBeNull();
  expect(pointersOf(many(MAX_API_LEADS + 1))).toEqual(["/leads"]);
  expect(pointersOf(many(0))).toEqual(["/leads"]);
});

test("at most a hundred errors are told at once", () => {
  const leads = Array.from({ length: 500 }, () => ({ ...lead, company_domain: "no site" }));
  expect(pointersOf({ kind: "find_email", leads })).toHaveLength(100);
});

const optionsOf = (body: object) => {
  const parsed = parseSubmissionBody(body);
  if ("errors" in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.submission.options;
};
const errorsOf = (body: object) => {
  const parsed = parseSubmissionBody(body);
  return "errors" in parsed ? parsed.errors : null;
};

describe("the fields of a qualification", () => {
  const qualify = (options: object) => ({
    kind: "qa_agent",
    leads: [lead],
    options: { qualification_criteria: [{ criteria_name: "In Europe", description: "An office" }], ...options },
  });
  const namesOf = (options: object) => optionsOf(qualify(options)).struct?.map(({ name }) => name);

  test("are a score, a verdict, the reason and a recommendation where none are given", () => {
    expect(namesOf({})).toEqual(["suitability_score", "verdict", "reason", "recommendation"]);
  });

  test("are none where the struct is empty, and the given ones where it is not", () => {
    expect(namesOf({ struct: {} })).toBeUndefined();
    expect(namesOf({ struct: { fit: "How well it fits" } })).toEqual(["fit"]);
  });

  test("score each criterion where that is asked for", () => {
    expect(namesOf({ struct: {}, score_criteria: true })).toEqual(["score_in_europe"]);
  });

  test("belong to thresholds from 0 to 1 and to at most 50 tool calls", () => {
    const criteria = [{ criteria_name: "In Europe", description: "An office", threshold: 8 }];
    expect(errorsOf(qualify({ qualification_criteria: criteria, max_tool_calls: 51 }))).toEqual([
      {
        pointer: "/options/qualification_criteria/0/threshold",
        detail: "The threshold is a number from 0 to 1, such as 0.7.",
      },
      { pointer: "/options/max_tool_calls", detail: "Enter a whole number from 1 to 50." },
    ]);
  });
});

test.each([
  ["qa_agent", "/options/qualification_criteria", "Name at least one criterion."],
  ["company_intelligence", "/options/struct", "Name at least one field to return."],
])("%s needs %s", (kind, pointer, detail) => {
  for (const options of [{}, { [pointer.slice("/options/".length)]: [] }]) {
    expect(errorsOf({ kind, leads: [], options })).toContainEqual({ pointer, detail });
  }
});

describe("the options of an Atlas run", () => {
  const atlas = { include_workspace: true, budget: 2, investigation_id: "inv_1" };
  const people = (options: object) => ({ kind: "people_intelligence", leads: [lead], options });

  test("are taken for its tiers, with the workspace files left out by default", () => {
    expect(optionsOf(people({ tier: "scout", ...atlas }))).toMatchObject({ tier: "scout", ...atlas });
    expect(optionsOf(people({ tier: "xhigh" }))).toMatchObject({ include_workspace: false, budget: 1 });
  });

  test.each([{ tier: "high" }, {}])("are errors for other tiers: %j", (tier) => {
    expect(errorsOf(people({ ...tier, ...atlas }))).toEqual(
      ["include_workspace", "budget", "investigation_id"].map((option) => ({
        pointer: `/options/${option}`,
        detail: `The option ${option} applies to the tiers xhigh and scout only.`,
      })),
    );
  });

  test("are errors for kinds without such tiers", () => {
    const body = { kind: "find_email", leads: [lead], options: { budget: 2 } };
    expect(errorsOf(body)).toEqual([{ pointer: "/options/budget", detail: "The kind find_email has no such option." }]);
  });

  test("have a budget from 1 to 10", () => {
    expect(errorsOf(people({ tier: "scout", budget: 11 }))).toEqual([
      { pointer: "/options/budget", detail: "Enter a whole number from 1 to 10." },
    ]);
  });
});

test("an option that is given empty is none of another kind", () => {
  const body = { kind: "people_intelligence", leads: [lead], options: { struct: {}, research_plan: "" } };
  expect(optionsOf(body)).toEqual({ tier: "low", field_confidence: true });
});

describe("leads as one file", () => {
  const asFile = (options: object) => ({ kind: "people_intelligence", leads: [lead], options, as_file: true });

  test.each([{}, { tier: "micro" }, { tier: "high" }])("are taken with the options %j", (options) => {
    expect(pointersOf(asFile(options))).toBeNull();
  });

  test.each(["xhigh", "scout"])("are refused for the tier %s, which Sixtyfour's guide does not name", (tier) => {
    expect(errorsOf(asFile({ tier }))).toEqual([
      { pointer: "/as_file", detail: "Files take the tiers micro, low, medium, high only." },
    ]);
  });
});
