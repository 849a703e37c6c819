import { describe, expect, test } from "vitest";
import type { Person } from "@/db/schema";
import { createMatcher, personOf, textsOfBody } from "@/lib/tasks/person-traces";

const ada = {
  name: "Ada Lovelace",
  company: "Analytical Engines",
  email: "ada@ae.example",
  phone: "+1 (202) 555-0143",
  linkedin: "https://uk.linkedin.com/in/ada-lovelace/?trk=x",
};

/** How sure it is that a text is about a lead. */
function judge(lead: Record<string, string>, text: string): "certain" | "possible" | "no" {
  const person = personOf(lead);
  const { certain, possible } = createMatcher(person ? [person] : []).mentions(text);
  if (certain.size > 0) return "certain";
  return possible.size > 0 ? "possible" : "no";
}

describe("a text is about a lead", () => {
  test.each([
    ["its email", "Write to ADA@ae.example."],
    ["its email in an address", "mailto:ada@ae.example?subject=x"],
    ["its number, however it is written", "call +1-202-555.0143, please"],
    ["its profile", "see www.linkedin.com/in/Ada-Lovelace?x=1"],
    ["its name and its company", "Ada  Lovelace of Analytical Engines"],
    ["its name as an owner's, and its company", "Ada Lovelace’s time at Analytical Engines"],
  ])("by %s", (_, text) => {
    expect(judge(ada, text)).toBe("certain");
  });

  test.each([
    ["its name alone", "Find out about Ada Lovelace."],
    ["its name and a company of which its own is a part", "Ada Lovelace of Analytical Enginesmiths"],
  ])("possibly, by %s", (_, text) => {
    expect(judge(ada, text)).toBe("possible");
  });

  test.each([
    ["a longer name", "Ada Lovelace-King, Nada Lovelace, Ada Lovelaces, ada_lovelace of Analytical Engines"],
    ["a longer email", "nada@ae.example, x.ada@ae.example, ada@ae.example.org, ada@ae.examples"],
    ["a longer number", "+1 202 555 01431"],
    ["a longer profile", "linkedin.com/in/ada-lovelace-2 and linkedin.com/company/ada-lovelace"],
    ["its company alone", "Analytical Engines"],
  ])("not by %s", (_, text) => {
    expect(judge(ada, text)).toBe("no");
  });

  test("in any script, whatever the case and the composition of its letters", () => {
    const lead = { name: "Zoë Łukasiewicz", company: "Škoda" };
    expect(judge(lead, "ZOE\u0308 ŁUKASIEWICZ (škoda)")).toBe("certain");
    expect(judge(lead, "Zoë Łukasiewiczów, Škoda")).toBe("no");
    expect(judge({ name: "Анна Ли", company: "Яндекс" }, "Жанна Ли, Яндекс")).toBe("no");
  });
});

test("common words, junk numbers and shared pages are no trace of anybody", () => {
  expect(judge({ name: "of the" }, "Views of the week")).toBe("possible");
  expect(judge({ name: "of the", company: "of the week" }, "Views of the week")).toBe("possible");
  expect(personOf({ name: "Ada", company: "Analytical Engines" })).toBeNull();
  for (const phone of ["00000", "000 000 000", "12 12 12 12", "555-0143"]) expect(personOf({ phone })).toBeNull();
  expect(personOf({ linkedin: "https://linkedin.com/company/analytical-engines" })).toBeNull();
});

test("values of two leads, and the two sides of a gap, are not put together", () => {
  const bob = { name: "Bob Ray", company: "Ray & Sons" };
  const matcher = createMatcher([ada, bob].flatMap((lead) => personOf(lead) ?? []));
  const { certain, possible } = matcher.mentions("Ada Lovelace of Ray & Sons");
  expect({ certain: [...certain], possible: [...possible] }).toEqual({ certain: [], possible: [0] });
  expect(isOfBody(ada, '{"first":"Ada","last":"Lovelace","company":"Analytical Engines"}')).toBe(false);
});

function isOfBody(lead: Record<string, string>, body: string): boolean {
  const { values, rest } = textsOfBody(body);
  const { isAbout, mentions } = createMatcher([personOf(lead) as Person]);
  return isAbout(values) || mentions(rest).certain.size > 0;
}

test("a body is read by its values, also where it is cut off, escaped or no JSON, and not by its keys", () => {
  const lead = { name: "Zoë Quill", company: "Ink" };
  expect(isOfBody(lead, '{"name":"Zo\\u00eb Quill","company":"Ink"}')).toBe(true);
  expect(isOfBody(lead, '{"company":"Ink","name":"Zoë Quill')).toBe(true);
  expect(isOfBody(lead, "name=Zoë Quill&company=Ink")).toBe(true);
  expect(isOfBody(ada, '{"phone":12025550143}')).toBe(true);
  expect(isOfBody(lead, '{"Zoë Quill":1,"Ink":2}')).toBe(false);
});

test("a body that has the values within longer texts is about somebody else", () => {
  expect(isOfBody(ada, '{"name":"Bo","notes":"Ada Lovelace of Analytical Engines, ada@ae.example"}')).toBe(false);
  const common = { name: "of the", company: "Acme" };
  expect(isOfBody(common, '{"name":"Bo Berg","company":"Acme","summary":"Head of the office"}')).toBe(false);
});

test("a search that has a name and a further value, and other words, is not only about that lead", () => {
  const isNothingElse = (lead: Record<string, string>, text: string) =>
    createMatcher([personOf(lead) as Person]).isNothingElse(text);
  expect(isNothingElse(ada, "ada lovelace, Analytical Engines")).toBe(true);
  expect(isNothingElse(ada, "ada lovelace")).toBe(false);
  expect(isNothingElse({ name: "of the", company: "Acme" }, "views of the week at acme")).toBe(false);
});

describe("a row is the lead itself", () => {
  const isSame = (lead: Record<string, string>, other: Record<string, string>) => {
    const person = personOf(other) as Person;
    return createMatcher([personOf(lead) as Person]).sameAs(person).size > 0;
  };
  test("by the same address, or by its name and a second value", () => {
    expect(isSame(ada, { email: "Ada@AE.example" })).toBe(true);
    expect(isSame(ada, { name: "ada lovelace", company: "analytical engines" })).toBe(true);
  });
  test("and not by what colleagues share, or by a name alone", () => {
    expect(isSame(ada, { name: "Bob Ray", email: "ada@ae.example" })).toBe(false);
    expect(isSame(ada, { name: "Ada Lovelace" })).toBe(false);
    expect(
      isSame({ ...ada, industry: "Software" }, { name: "Ada Lovelace", company: "Else", industry: "Software" }),
    ).toBe(false);
  });
});

test("twenty thousand people are looked for in a text as quickly as a few", () => {
  const people = Array.from({ length: 20_000 }, (_, n) => personOf({ name: `Person Number ${n}`, company: "Acme" }));
  const matcher = createMatcher(people.flatMap((person) => person ?? []));
  const startedAt = Date.now();
  for (let n = 0; n < 2_000; n += 1)
    expect(matcher.mentions(`Person Number ${n} of Acme`).certain).toEqual(new Set([n]));
  expect(Date.now() - startedAt).toBeLessThan(2_000);
});
