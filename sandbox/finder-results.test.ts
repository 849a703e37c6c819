import { describe, expect, test } from "vitest";
import { makeCost, makeResult, makeResults, times } from "@/sandbox/testing";

const ada = { name: "Ada Lovelace", company: "Analytical Engines" };
const person = (index: number) => ({ name: `Person ${index}` });

/** Returns the address tuples of a result. */
function tuplesOf(result: Record<string, unknown>, key = "email"): unknown[][] {
  return result[key] as unknown[][];
}

describe("a finder's result", () => {
  test("is equal on every machine: these exact ones can be checked by eye", () => {
    expect(makeResult("/find-email-async", { lead: ada })).toEqual({
      name: "Ada Lovelace",
      company: "Analytical Engines",
      email: [["alovelace@analytical-engines.example", "OK", "COMPANY"]],
      cost_cents: 5,
    });
    expect(makeResult("/find-phone-async", { lead: { name: "Ada Lovelace" } })).toEqual({
      name: "Ada Lovelace",
      company: "Northwind Analytics",
      phone: "+1 617 555 0108",
      cost_cents: 30,
    });
  });

  test("depends on the request, and not on the order of its keys, its defaults or its webhook", () => {
    const plain = makeResult("/find-email-async", { lead: ada });
    const written = {
      webhook_url: "https://hooks.example/",
      verify_emails: true,
      mode: "PROFESSIONAL",
      lead: { company: ada.company, name: ada.name },
    };
    expect(makeResult("/find-email-async", written)).toEqual(plain);
    const others = times(20, (index) =>
      JSON.stringify(makeResult("/find-phone-async", { lead: { ...ada, title: `Engineer ${index}` } }).phone),
    );
    expect(new Set(others).size).toBeGreaterThan(10);
  });

  test("repeats the lead's own fields", () => {
    const lead = { ...ada, title: "Countess", linkedin: "https://linkedin.com/in/ada", company_domain: "engines.com" };
    expect(makeResult("/find-email-async", { lead })).toMatchObject(lead);
    const withEmail = { ...lead, email: "ada@engines.com" };
    expect(makeResult("/find-phone-async", { lead: withEmail })).toMatchObject(withEmail);
  });

  test("reaches nobody: domains are reserved, numbers are kept for fiction", () => {
    for (const index of times(200, Number)) {
      const lead = { name: `Person ${index}`, company_domain: "https://www.real-company.com/about" };
      for (const [address] of tuplesOf(makeResult("/find-email-async", { lead }))) {
        expect(address || "@real-company.example").toMatch(/@real-company\.example$/);
      }
      const phones = [makeResult("/find-phone-async", { lead }).phone].flat() as (string | { number: string })[];
      for (const phone of phones) {
        const number = typeof phone === "string" ? phone : phone.number;
        expect(number || "+44 7700 900000").toMatch(/^\+1 \d{3} 555 01\d\d$|^\+44 7700 900\d{3}$/);
      }
    }
  });

  test("of Analytical Engines depends on no luck", () => {
    for (const index of times(200, Number)) {
      const lead = { name: `Ada ${index}`, company: "Analytical Engines" };
      expect(tuplesOf(makeResult("/find-email-async", { lead }))).toEqual([
        [expect.stringContaining("@analytical-engines.example"), expect.stringMatching(/^(OK|UNKNOWN)$/), "COMPANY"],
      ]);
      expect(makeCost("/find-phone-async", { lead })).toBe(30);
    }
  });
});

describe("an address", () => {
  const results = times(600, (index) => makeResult("/find-email-async", { lead: person(index) }));

  test("has each documented status, and two or three items", () => {
    const statuses = results.map((result) => tuplesOf(result)[0]?.[1] ?? "no tuple");
    const all = ["OK", "UNKNOWN", "CATCH_ALL", "RISKY", "INVALID", "NOT_FOUND", "no tuple"];
    expect(new Set(statuses)).toEqual(new Set(all));
    const sizes = results.map((result) => tuplesOf(result)[0]?.length).filter((size) => size !== undefined);
    expect(new Set(sizes)).toEqual(new Set([2, 3]));
    expect(sizes.filter((size) => size === 3).length).toBeGreaterThan(sizes.length / 2);
  });

  test("that was missed costs nothing, and has a text, null or a guess in its place", () => {
    const missed = results.filter((result) => ["NOT_FOUND", "INVALID"].includes(String(tuplesOf(result)[0]?.[1])));
    for (const { cost_cents } of missed) expect(cost_cents).toBe(0);
    const standIns = missed.map((result) => tuplesOf(result)[0]?.[0]);
    expect(standIns).toContain("");
    expect(standIns).toContain(null);
    expect(standIns.some((standIn) => String(standIn).includes("@"))).toBe(true);
  });

  test("of a PERSONAL search is in personal_email", () => {
    expect(makeResult("/find-email-async", { lead: { name: "Emil Novak" }, mode: "PERSONAL" })).toEqual({
      name: "Emil Novak",
      company: expect.any(String),
      personal_email: [[expect.stringMatching(/@mail\.example$/), expect.any(String), "PERSONAL"]],
      cost_cents: 20,
    });
  });

  test("is missed for Nothing Found AG", () => {
    for (const index of times(50, Number)) {
      const lead = { name: `Ada ${index}`, company: "nothing found ag" };
      const [tuple] = tuplesOf(makeResult("/find-email-async", { lead }));
      expect(["NOT_FOUND", "INVALID", undefined]).toContain(tuple?.[1]);
      expect(makeCost("/find-email-async", { lead })).toBe(0);
    }
  });
});

describe("a phone number", () => {
  test("is a text, a list of texts or a list of numbers with regions; a miss is an empty text or list", () => {
    const shapes = times(200, (index) => {
      const { phone } = makeResult("/find-phone-async", { lead: person(index) });
      if (!Array.isArray(phone)) return phone === "" ? "empty text" : "text";
      if (phone.length === 0) return "empty list";
      return typeof phone[0] === "string" ? "texts" : `{${Object.keys(phone[0])}}`;
    });
    expect(new Set(shapes)).toEqual(new Set(["text", "texts", "{number,region}", "empty text", "empty list"]));
  });
});

describe("a reverse lookup", () => {
  test("repeats the address, and names the person", () => {
    const lead = { email: "ada@engines.com", company: "Analytical Engines" };
    expect(makeResult("/reverse-email-async", { lead })).toEqual({
      email: "ada@engines.com",
      name: expect.stringMatching(/./),
      company: "Analytical Engines",
      title: expect.any(String),
      location: expect.any(String),
      linkedin: expect.any(String),
      match_confidence: "high",
      cost_cents: 10,
    });
  });

  test("that finds nobody has an empty name, and sometimes a company of the domain", () => {
    const misses = times(300, (index) =>
      makeResult("/reverse-email-async", { lead: { email: `person.${index}@acme-tools.com` } }),
    ).filter(({ cost_cents }) => cost_cents === 0);
    for (const miss of misses) expect(miss).toMatchObject({ name: "", match_confidence: "none" });
    expect(new Set(misses.map(({ company }) => company))).toEqual(new Set(["", "Acme Tools"]));
    expect(
      makeResult("/reverse-phone-async", { lead: { phone: "+1 202 555 0143", name: "Nothing Found AG" } }),
    ).toEqual({
      phone: "+1 202 555 0143",
      name: "",
      company: "",
      match_confidence: "none",
      cost_cents: 0,
    });
  });
});

describe("a bulk result", () => {
  const BULK = "/find-email-bulk-async";

  test("is in the order of the leads, each as if it were alone but for some names", () => {
    const leads = [
      ada,
      { company: "Nothing Found AG" },
      ...times(98, (index) => ({ name: `Zoë Maria Díaz ${index}` })),
    ];
    const results = makeResults(BULK, { leads });
    const alone = leads.map((lead) => makeResult("/find-email-async", { lead }));
    const withoutName = (result: Record<string, unknown>) => ({ ...result, name: undefined });
    expect(results.map(withoutName)).toEqual(alone.map(withoutName));
    const renamed = results.filter(({ name }, index) => name !== alone[index]?.name);
    expect(renamed.length).toBeGreaterThan(0);
    expect(renamed.length).toBeLessThan(leads.length / 4);
  });

  test("may have a name without accents, in capitals, or without the middle name, and Robert as Bob", () => {
    const names = (lead: (index: number) => object) =>
      new Set(makeResults(BULK, { leads: times(100, lead) }).map(({ name }) => name));
    expect(names((title) => ({ name: "Zoë Díaz", title }))).toEqual(new Set(["Zoë Díaz", "Zoe Diaz"]));
    expect(names((title) => ({ name: "Ada King", title }))).toEqual(new Set(["Ada King", "ADA KING"]));
    expect(names((title) => ({ name: "Ada May King", title }))).toEqual(new Set(["Ada May King", "Ada King"]));
    expect(names((title) => ({ name: "Robert Smith", title }))).toEqual(new Set(["Bob"]));
  });
});
