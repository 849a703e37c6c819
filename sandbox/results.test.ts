import { describe, expect, test } from "vitest";
import { readResult } from "@/lib/sixtyfour/results";
import { ENDPOINTS } from "@/sandbox/endpoints";

function make(path: string, body: Record<string, unknown>) {
  const endpoint = ENDPOINTS.get(path);
  if (!endpoint) throw new Error(`no endpoint ${path}`);
  return endpoint.makeResult(body).result;
}

const ada = { name: "Ada Lovelace", company: "Analytical Engines" };

describe("a made-up result", () => {
  test("is the same on every machine: these exact ones can be checked by eye", () => {
    expect(make("/find-email-async", { lead: ada })).toEqual({
      name: "Ada Lovelace",
      company: "Analytical Engines",
      email: [["alovelace@analytical-engines.example", "OK", "COMPANY"]],
      cost_cents: 5,
    });
    expect(make("/find-phone-async", { lead: { name: "Ada Lovelace" } })).toEqual({
      name: "Ada Lovelace",
      company: "Northwind Analytics",
      phone: "+1 617 555 0108",
      cost_cents: 30,
    });
  });

  test("depends on the request and not on the order of its keys, its defaults or its webhook", () => {
    const plain = make("/find-email-async", { lead: ada });
    const reordered = { company: ada.company, name: ada.name };
    expect(
      make("/find-email-async", {
        webhook_url: "https://hooks.example/",
        verify_emails: true,
        mode: "PROFESSIONAL",
        lead: reordered,
      }),
    ).toEqual(plain);
    const people = Array.from({ length: 20 }, (_, index) =>
      JSON.stringify(make("/find-phone-async", { lead: { ...ada, title: `Engineer ${index}` } })),
    );
    expect(new Set(people).size).toBeGreaterThan(10);
  });

  test("is the same under an endpoint's older name", () => {
    expect(make("/enrich-lead-async", { lead_info: ada })).toEqual(
      make("/people-intelligence-async", { lead_info: ada }),
    );
  });

  test("of a bulk request comes in the order of the leads, each as if it were alone", () => {
    const leads = [ada, { company: "Nothing Found AG" }, { name: "Emil Novak" }];
    expect(make("/find-email-bulk-async", { leads })).toEqual(leads.map((lead) => make("/find-email-async", { lead })));
  });

  test("reaches nobody: domains are reserved, numbers are kept for fiction", () => {
    for (let index = 0; index < 200; index += 1) {
      const lead = { name: `Person ${index}`, company_domain: "https://www.real-company.com/about" };
      const { emails } = readResult(make("/find-email-async", { lead }));
      for (const { address } of emails) expect(address).toMatch(/@real-company\.example$/);
      const { phones } = readResult(make("/find-phone-async", { lead }));
      for (const phone of phones) expect(phone).toMatch(/^\+1 \d{3} 555 01\d\d$|^\+44 7700 900\d{3}$/);
    }
  });

  test("has all that finders are known to answer: OK, UNKNOWN, nothing, one number or a list of them", () => {
    const leads = Array.from({ length: 200 }, (_, index) => ({ name: `Person ${index}` }));
    const statuses = leads.map((lead) => readResult(make("/find-email-async", { lead })).emails[0]?.status ?? "none");
    expect(new Set(statuses)).toEqual(new Set(["OK", "UNKNOWN", "none"]));
    const counts = leads.map((lead) => readResult(make("/find-phone-async", { lead })).phones.length);
    expect(new Set(counts)).toEqual(new Set([0, 1, 2]));
  });

  test("of a PERSONAL search is in personal_email", () => {
    const found = make("/find-email-async", { lead: { name: "Emil Novak" }, mode: "PERSONAL" });
    expect(found).toEqual({
      name: "Emil Novak",
      company: expect.any(String),
      personal_email: [[expect.stringMatching(/@mail\.example$/), expect.any(String), "PERSONAL"]],
      cost_cents: 5,
    });
  });

  test("of intelligence holds the struct's fields only, in their declared types", () => {
    const struct = {
      title: "Job title",
      text: { description: "x" },
      count: { description: "x", type: "int" },
      share: { description: "x", type: "float" },
      hiring: { description: "x", type: "bool" },
      things: { description: "x", type: "list" },
      words: { description: "x", type: "list[str]" },
      numbers: { description: "x", type: "list[int]" },
      shares: { description: "x", type: "list[float]" },
      flags: { description: "x", type: "list[bool]" },
      pairs: { description: "x", type: "dict" },
    };
    const names = Object.keys(struct);
    const result = make("/people-intelligence-async", { lead_info: ada, struct });
    expect(result).toEqual({
      structured_data: {
        title: expect.any(String),
        text: expect.any(String),
        count: expect.toSatisfy(Number.isInteger),
        share: expect.any(Number),
        hiring: expect.any(Boolean),
        things: expect.any(Array),
        words: expect.toSatisfy((list: unknown[]) => list.every((item) => typeof item === "string")),
        numbers: expect.toSatisfy((list: unknown[]) => list.every(Number.isInteger)),
        shares: expect.toSatisfy((list: unknown[]) => list.every((item) => typeof item === "number")),
        flags: expect.toSatisfy((list: unknown[]) => list.every((item) => typeof item === "boolean")),
        pairs: expect.toSatisfy((text: string) => typeof JSON.parse(text) === "object"),
      },
      confidence_score: expect.toSatisfy((score: number) => score >= 0 && score <= 10),
      references: expect.any(Object),
      notes: expect.any(String),
      findings: expect.any(Array),
      field_confidence: Object.fromEntries(
        names.map((name) => [name, expect.toSatisfy((share: number) => share >= 0 && share <= 1)]),
      ),
    });
    for (const { url } of readResult(result).references) expect(new URL(url).hostname).toMatch(/\.example$/);
  });

  test("of a person without a struct has the usual fields", () => {
    const { fields } = readResult(make("/people-intelligence-async", { lead_info: ada }));
    expect(fields.map(({ name }) => name)).toEqual(["name", "title", "company", "location", "linkedin"]);
  });

  test("of a company can hold people, in the fields asked for", () => {
    const request = { target_company: { name: "Analytical Engines" }, struct: { name: "Name" } };
    const result = make("/company-intelligence-async", {
      ...request,
      find_people: true,
      lead_struct: { role: "Role" },
    });
    expect(result).toMatchObject({ structured_data: { name: "Analytical Engines" } });
    expect(result).toHaveProperty(
      "people",
      expect.toSatisfy((people: unknown[]) => people.length > 1),
    );
    expect(result).toHaveProperty("people.0", { role: expect.any(String) });
    expect(make("/company-intelligence-async", request)).not.toHaveProperty("people");
  });

  test("of the QA agent scores each criterion, and all of them together", () => {
    const qualification_criteria = [
      { criteria_name: "Fit", description: "x", threshold: 0.5 },
      { criteria_name: "Size", description: "x", weight: 3 },
    ];
    expect(make("/qa-agent-async", { data: ada, qualification_criteria })).toMatchObject({
      total_score: expect.any(Number),
      criteria: [
        { criteria_name: "Fit", score: expect.any(Number), weight: 1 },
        { criteria_name: "Size", score: expect.any(Number), weight: 3 },
      ],
    });
  });

  test("of Analytical Engines depends on no luck", () => {
    for (let index = 0; index < 200; index += 1) {
      const lead = { name: `Ada ${index}`, company: "Analytical Engines" };
      expect(readResult(make("/find-email-async", { lead })).emails).toHaveLength(1);
      expect(readResult(make("/find-phone-async", { lead })).phones).not.toEqual([]);
    }
  });

  test("for Nothing Found AG is empty, of whatever kind", () => {
    const lead = { name: "Ada Lovelace", company: "nothing found ag" };
    expect(make("/find-email-async", { lead })).toMatchObject({ email: [], cost_cents: 0 });
    expect(make("/find-phone-async", { lead })).toMatchObject({ phone: [], cost_cents: 0 });
    expect(make("/people-intelligence-async", { lead_info: lead })).toMatchObject({
      confidence_score: 0,
      structured_data: { title: null },
    });
  });
});
