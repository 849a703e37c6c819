import { describe, expect, test } from "vitest";
import { isNoValue } from "@/sandbox/no-value";
import { makeCost, makeResult, times } from "@/sandbox/testing";

const PEOPLE = "/people-intelligence-async";
const COMPANY = "/company-intelligence-async";
const ada = { name: "Ada Lovelace", company: "Analytical Engines" };

type Intelligence = {
  structured_data: Record<string, unknown>;
  confidence_score: number;
  field_confidence: Record<string, number>;
  references: Record<string, string>;
  notes: string;
  people?: Record<string, unknown>[];
};
const research = (path: string, body: Record<string, unknown>) => makeResult(path, body) as unknown as Intelligence;

describe("an intelligence result", () => {
  test("is equal under an endpoint's older name, and with an idempotency key", () => {
    const result = makeResult(PEOPLE, { lead_info: ada });
    expect(makeResult("/enrich-lead-async", { lead_info: ada, dispatch_id: "one-two-three" })).toEqual(result);
  });

  test("has the struct's fields only, in their declared types", () => {
    const struct = {
      title: "Job title",
      text: { description: "x" },
      string: { description: "x", type: "string" },
      count: { description: "x", type: "int" },
      share: { description: "x", type: "float" },
      hiring: { description: "x", type: "bool" },
      things: { description: "x", type: "list" },
      words: { description: "x", type: "list[str]" },
      strings: { description: "x", type: "list[string]" },
      numbers: { description: "x", type: "list[int]" },
      shares: { description: "x", type: "list[float]" },
      flags: { description: "x", type: "list[bool]" },
      pairs: { description: "x", type: "dict" },
      company_logo: "The company's logo",
    };
    const listOf = (is: (item: unknown) => boolean) => expect.toSatisfy((list: unknown[]) => list.every(is));
    const isText = (value: unknown) => typeof value === "string";
    const result = research(PEOPLE, { lead_info: ada, struct });
    expect(result).toEqual({
      structured_data: {
        title: expect.any(String),
        text: expect.any(String),
        string: expect.any(String),
        count: expect.toSatisfy(Number.isInteger),
        share: expect.any(Number),
        hiring: expect.any(Boolean),
        things: expect.stringMatching(/^\['.*'\]$/),
        words: listOf(isText),
        strings: listOf(isText),
        numbers: listOf(Number.isInteger),
        shares: listOf((item) => typeof item === "number"),
        flags: listOf((item) => typeof item === "boolean"),
        pairs: expect.toSatisfy((text: string) => typeof JSON.parse(text) === "object"),
        company_logo: expect.stringMatching(/^https:\/\/media\.sixtyfour\.example\/v1\/media\/[0-9a-f]{32}\.png$/),
      },
      confidence_score: expect.any(Number),
      references: expect.any(Object),
      notes: expect.any(String),
      findings: expect.any(Array),
      field_confidence: Object.fromEntries(Object.keys(struct).map((name) => [name, expect.any(Number)])),
    });
    for (const url of Object.keys(result.references)) expect(new URL(url).hostname).toMatch(/\.example$/);
  });

  test("of a person without a struct has the usual fields", () => {
    const { structured_data } = research(PEOPLE, { lead_info: ada });
    expect(Object.keys(structured_data)).toEqual(["name", "title", "company", "location", "linkedin"]);
  });

  test("has its confidences on one scale: mostly of 10, sometimes a share", () => {
    const results = times(100, (index) => research(PEOPLE, { lead_info: { ...ada, title: `Engineer ${index}` } }));
    const isShare = ({ confidence_score: score }: Intelligence) => score <= 1;
    for (const result of results) {
      const fields = Object.values(result.field_confidence);
      expect(fields.every((field) => (isShare(result) ? field <= 1 : field > 1 && field <= 10))).toBe(true);
    }
    const shares = results.filter(isShare).length;
    expect(shares).toBeGreaterThan(0);
    expect(shares).toBeLessThan(results.length / 2);
  });

  test("has no value for a few fields, and no confidence in them", () => {
    const results = times(300, (index) => research(PEOPLE, { lead_info: { name: `Person ${index}` } }));
    const fields = results.flatMap(({ structured_data, field_confidence }) =>
      Object.entries(structured_data).map(([name, value]) => ({ value, confidence: field_confidence[name] })),
    );
    const gaps = fields.filter(({ value }) => isNoValue(value));
    expect(gaps.every(({ confidence }) => confidence === 0)).toBe(true);
    expect(gaps.length).toBeLessThan(fields.length / 5);
    const words = new Set(gaps.map(({ value }) => JSON.stringify(value)));
    expect(words).toEqual(new Set(['""', '"N/A"', '"None found"', '"Unknown"', "null", "[]"]));
    expect(gaps.filter(({ value }) => value === "").length).toBeGreaterThan(gaps.length / 3);
  });

  test("of Nothing Found AG has no value at all, and says so", () => {
    const lead = { name: "Ada Lovelace", company: "Nothing Found AG" };
    const struct = { title: "Title", employer: "Employer", tags: { description: "x", type: "list[str]" } };
    const result = research(PEOPLE, { lead_info: lead, struct });
    expect(Object.keys(result.structured_data)).toEqual(Object.keys(struct));
    expect(Object.values(result.structured_data).every(isNoValue)).toBe(true);
    expect(result).toMatchObject({
      confidence_score: 0,
      field_confidence: { title: 0, employer: 0, tags: 0 },
      references: {},
      findings: [],
      notes: expect.stringMatching(/^Nothing could be found/),
    });
  });
});

describe("an investigation", () => {
  test("costs its tier's price times its budget", () => {
    expect(makeCost(PEOPLE, { lead_info: ada, tier: "xhigh" })).toBe(200);
    expect(makeCost(PEOPLE, { lead_info: ada, tier: "scout", budget: 3 })).toBe(900);
    expect(makeCost(PEOPLE, { lead_info: ada, tier: "medium", budget: 3 })).toBe(40);
  });

  test("has its workspace's files, unless the request declines them", () => {
    const request = { lead_info: ada, tier: "scout" };
    expect(makeResult(PEOPLE, request)).toHaveProperty("workspace_files.0.path", "report.md");
    expect(makeResult(PEOPLE, { ...request, include_workspace: false })).not.toHaveProperty("workspace_files");
    expect(makeResult(PEOPLE, { lead_info: ada })).not.toHaveProperty("workspace_files");
  });
});

describe("the people of a company", () => {
  const request = { target_company: { name: "Analytical Engines" }, struct: { name: "Name" }, find_people: true };

  test("stand in structured_data.leads, with the usual fields and those asked for", () => {
    const result = research(COMPANY, { ...request, lead_struct: { role: "Role" } });
    expect(result.structured_data.name).toBe("Analytical Engines");
    const people = result.structured_data.leads as Record<string, unknown>[];
    expect(people.length).toBeGreaterThan(1);
    for (const person of people) {
      expect(person).toEqual({
        name: expect.stringMatching(/./),
        email: expect.any(String),
        company: "Analytical Engines",
        title: expect.any(String),
        phone: expect.any(String),
        score: expect.stringMatching(/^\d+\.\d$/),
        linkedin: expect.any(String),
        role: expect.any(String),
      });
    }
    expect(research(COMPANY, { ...request, find_people: false }).structured_data).not.toHaveProperty("leads");
  });

  test("are for a few requests also, or only, where older clients read them", () => {
    const results = times(100, (index) => research(COMPANY, { ...request, people_focus_prompt: `Prompt ${index}` }));
    const places = results.map(
      ({ structured_data, people }) => `${"leads" in structured_data} ${people !== undefined}`,
    );
    expect(new Set(places)).toEqual(new Set(["true false", "true true", "false true"]));
    expect(places.filter((place) => place === "true false").length).toBeGreaterThan(results.length / 2);
  });

  test("have an empty text where nothing is known", () => {
    const people = times(20, (index) =>
      research(COMPANY, { ...request, people_focus_prompt: `Prompt ${index}` }),
    ).flatMap((result) => (result.structured_data.leads ?? []) as Record<string, unknown>[]);
    for (const field of ["email", "title", "phone", "linkedin"]) {
      expect(people.some((person) => person[field] === "")).toBe(true);
      expect(people.some((person) => person[field] !== "")).toBe(true);
    }
  });

  test("are none for Nothing Found AG", () => {
    const nobody = { ...request, target_company: { name: "Nothing Found AG" } };
    const { structured_data, people } = research(COMPANY, nobody);
    expect(structured_data.leads ?? people).toEqual([]);
  });
});
