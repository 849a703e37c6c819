import { describe, expect, test } from "vitest";
import { type Asked, countFound, hasFound, readResult } from "@/lib/sixtyfour/results";
import { readProfile } from "@/lib/sixtyfour/results/profiles";

const mira = { name: "Mira Holt", company: "Nordlicht", title: "Head of Ops", linkedin: "linkedin.com/in/mira-holt" };

const JSMITH: Asked = { kind: "reverse_email", lead: { email: "jsmith@acme.example" } };

/** The rule of what is found, as a table: what was asked for, what came, and whether that is a find. */
const FOUND: [about: string, asked: Asked, result: unknown, isFound: boolean][] = [
  // Find email
  ["a verified address", { kind: "find_email" }, { email: [["m@n.example", "OK", "COMPANY"]] }, true],
  ["a catch-all address", { kind: "find_email" }, { email: [["m@n.example", "UNKNOWN"]] }, true],
  ["a personal address", { kind: "find_email" }, { personal_email: [["m@h.example", "OK", "PERSONAL"]] }, true],
  ["a risky address", { kind: "find_email" }, { email: [["m@n.example", "RISKY"]] }, true],
  ["a plain address", { kind: "find_email" }, { email: "m@n.example" }, true],
  [
    "one good address of two",
    { kind: "find_email" },
    {
      email: [
        ["a@n.example", "INVALID"],
        ["m@n.example", "OK"],
      ],
    },
    true,
  ],
  ["an invalid address", { kind: "find_email" }, { email: [["m@n.example", "INVALID", "COMPANY"]] }, false],
  ["a guess that was not found", { kind: "find_email" }, { email: [["m@n.example", "NOT_FOUND", "COMPANY"]] }, false],
  ["an empty miss", { kind: "find_email" }, { email: [["", "NOT_FOUND", "COMPANY"]] }, false],
  ["a miss of null", { kind: "find_email" }, { email: [[null, "NOT_FOUND"]] }, false],
  ["no address at all", { kind: "find_email" }, { email: [], cost_cents: 0 }, false],
  ["a word in its place", { kind: "find_email" }, { email: "N/A" }, false],
  ["the lead, repeated", { kind: "find_email", lead: mira }, { ...mira, phone: "", email: [] }, false],
  [
    "facts that nobody asked for",
    { kind: "find_email" },
    { email: [], title: "Head of Ops", phone: "+1 202 555 0143" },
    false,
  ],
  [
    "the address that was sent",
    { kind: "find_email", lead: { email: "m@n.example" } },
    { email: "M@n.example" },
    false,
  ],
  // Find phone
  ["a number", { kind: "find_phone" }, { phone: "+1 415 555 0100" }, true],
  ["numbers with regions", { kind: "find_phone" }, { phone: [{ number: "+1 415 555 0100", region: "US" }] }, true],
  ["no number", { kind: "find_phone" }, { phone: "", email: "m@n.example" }, false],
  ["a word in its place", { kind: "find_phone" }, { phone: "Not found" }, false],
  ["a number that is none", { kind: "find_phone" }, { phone: "+1" }, false],
  [
    "the number that was sent",
    { kind: "find_phone", lead: { phone: "+1 415 555 0100" } },
    { phone: "+14155550100" },
    false,
  ],
  // Reverse
  [
    "a name",
    { kind: "reverse_email", lead: { email: "mh@n.example" } },
    { email: "mh@n.example", name: "Mira Holt" },
    true,
  ],
  [
    "a name that reads like the address, with a profile",
    { kind: "reverse_email", lead: { email: "mira.holt@n.example" } },
    { email: "mira.holt@n.example", name: "Mira Holt", linkedin: "linkedin.com/in/mira-holt" },
    true,
  ],
  ["a name for a number", { kind: "reverse_phone", lead: { phone: "+1 415 555 0100" } }, { name: "Mira Holt" }, true],
  ["no name", { kind: "reverse_email", lead: { email: "m@n.example" } }, { email: "m@n.example", name: null }, false],
  [
    "a company made of the domain",
    { kind: "reverse_email", lead: { email: "x@nordlicht.example" } },
    { email: "x@nordlicht.example", name: "", company: "Nordlicht", match_confidence: "none" },
    false,
  ],
  [
    "a name made of the address",
    { kind: "reverse_email", lead: { email: "mira.holt@nordlicht.example" } },
    { email: "mira.holt@nordlicht.example", name: "Mira Holt", company: "Nordlicht" },
    false,
  ],
  ["the address as a name", { kind: "reverse_email", lead: { email: "m@n.example" } }, { name: "m@n.example" }, false],
  [
    "the number as a name",
    { kind: "reverse_phone", lead: { phone: "+1 415 555 0100" } },
    { name: "+14155550100" },
    false,
  ],
  ["an unknown name", { kind: "reverse_phone" }, { phone: "+1 415 555 0100", name: "Unknown" }, false],
  // People, company, research
  ["a field", { kind: "people_intelligence" }, { structured_data: { title: "", city: "Berlin" } }, true],
  ["a field of false", { kind: "company_intelligence" }, { structured_data: { is_hiring: false } }, true],
  ["a field of zero", { kind: "company_intelligence" }, { structured_data: { employees: 0 } }, true],
  ["a flag of false", { kind: "research_agent" }, { structured_data: { found: false } }, false],
  [
    "empty fields",
    { kind: "people_intelligence" },
    { structured_data: { a: "", b: null, c: [], d: {}, e: "N/A", f: "None found", g: "-" }, confidence_score: 0 },
    false,
  ],
  [
    "empty fields with notes",
    { kind: "research_agent" },
    { structured_data: { a: "" }, notes: "A long report." },
    false,
  ],
  [
    "fields that repeat the lead",
    { kind: "people_intelligence", lead: mira },
    { structured_data: { company: "NORDLICHT" } },
    false,
  ],
  [
    "a field that nobody asked for",
    { kind: "research_agent", outputs: ["ceo"] },
    { structured_data: { ceo: "", x: "y" } },
    false,
  ],
  [
    "a field beside the others",
    { kind: "research_agent", outputs: ["ceo"] },
    { structured_data: {}, ceo: "Mira Holt" },
    true,
  ],
  [
    "notes where no field was asked for",
    { kind: "research_agent" },
    { structured_data: {}, notes: "A long report." },
    true,
  ],
  [
    "words for nothing in place of the fields",
    { kind: "research_agent" },
    { structured_data: "Nothing was found" },
    false,
  ],
  ["an answer in place of the fields", { kind: "research_agent" }, { structured_data: "It makes lamps." }, true],
  [
    "people of a company",
    { kind: "company_intelligence" },
    { structured_data: { ceo: "", leads: [{ name: "Mira" }] } },
    true,
  ],
  ["people as older clients read them", { kind: "company_intelligence" }, { people: [{ name: "Mira" }] }, true],
  [
    "people without a value",
    { kind: "company_intelligence" },
    { structured_data: { leads: [{ name: "", email: "" }] } },
    false,
  ],
  ["a list of one result", { kind: "people_intelligence" }, [{ structured_data: { city: "Berlin" } }], true],
  [
    "a list of empty results",
    { kind: "people_intelligence" },
    [{ structured_data: {} }, { structured_data: {} }],
    false,
  ],
  // Qualify
  ["a verdict of no", { kind: "qa_agent" }, { structured_data: { verdict: "NO", suitability_score: "0" } }, true],
  ["notes alone", { kind: "qa_agent" }, { structured_data: {}, notes: "It sells to consumers." }, true],
  [
    "no verdict",
    { kind: "qa_agent" },
    { structured_data: { verdict: "", suitability_score: "N/A" }, notes: "" },
    false,
  ],
  ["notes that say nothing", { kind: "qa_agent" }, { structured_data: {}, notes: "No information available." }, false],
  ["a judgement in text", { kind: "qa_agent", outputs: ["verdict"] }, { structured_data: [{ Verdict: "YES" }] }, true],
  // Fields by their names
  [
    "a field in another spelling",
    { kind: "people_intelligence", outputs: ["job title"] },
    { structured_data: { job_title: "COO" } },
    true,
  ],
  [
    "a field beside an empty one",
    { kind: "people_intelligence", outputs: ["Title"] },
    { structured_data: { title: "" }, Title: "COO" },
    true,
  ],
  [
    "a text in the place of the fields",
    { kind: "people_intelligence", outputs: ["title"] },
    { structured_data: "She is COO of Nordlicht." },
    true,
  ],
  [
    "a text that nothing was found",
    { kind: "people_intelligence", outputs: ["title"] },
    { structured_data: "No information found." },
    false,
  ],
  // Names made of what was sent
  ["initials of the address", JSMITH, { name: "J. Smith" }, false],
  ["the address's domain", JSMITH, { name: "Acme Inc.", company: "Acme" }, false],
  ["an unknown person", JSMITH, { name: "Unknown person" }, false],
  [
    "a caller",
    { kind: "reverse_phone", lead: { phone: "+1 415 555 0100" } },
    { name: "Caller +1 415 555 0100" },
    false,
  ],
  ["a first name", JSMITH, { name: "Jane Smith" }, true],
  ["a company that only contains the domain", JSMITH, { name: "J. Smith", company: "Acme Aerospace" }, true],
  ["a number that was not sent", JSMITH, { name: "J. Smith", phone: "+1 415 555 0100" }, true],
  // People of a company
  ["a person", { kind: "company_intelligence" }, { structured_data: { people: [{ name: "Mira" }] } }, true],
  ["one person", { kind: "company_intelligence" }, { leads: { full_name: "Mira", title: "COO" } }, true],
  ["a score without a person", { kind: "company_intelligence" }, { people: [{ score: "7", title: "COO" }] }, false],
  [
    "a person who was sent",
    { kind: "company_intelligence", lead: mira },
    { people: [{ name: "Mira Holt", company: "Nordlicht" }] },
    false,
  ],
  ["an address that is found: false", { kind: "find_email" }, { email: "guess@n.example", found: false }, false],
  // Neither here nor there
  ["nothing", { kind: "find_email" }, null, false],
  ["an empty object", { kind: "qa_agent" }, {}, false],
  ["text of a kind that answers in text", { kind: "research_agent" }, "It makes lamps.", true],
  ["text of a finder", { kind: "find_email" }, "It makes lamps.", false],
  // Without a known kind, the shape decides.
  ["an address", {}, { name: "Mira", email: [["m@n.example", "OK"]] }, true],
  ["the lead repeated", {}, { ...mira, phone: "", email: [], cost_cents: 0 }, false],
  ["an address that a phone finder repeats", {}, { name: "Mira", email: "m@n.example", phone: "" }, false],
  ["a message about a miss", {}, { email: [], message: "No email found for this lead" }, false],
  ["a miss with a flag", {}, { email: null, found: false }, false],
  ["something new", {}, { something_new: { of: 3 } }, true],
  ["something new without a value", {}, { something_new: { of: "N/A" } }, false],
];

test.each(FOUND)("found: %s, asked for %j, in %j is %s", (_, asked, result, isFound) => {
  expect(hasFound(result, asked)).toBe(isFound);
});

test("the finds of a bulk request are counted by position, and unknown where the results are no list", () => {
  const leads: Record<string, string>[] = [{ phone: "+1 415 555 0100" }, { name: "Jon" }, { name: "Ana" }];
  const results = [{ phone: "+14155550100" }, { phone: "+14155550100" }, null];
  expect(countFound(results, { kind: "find_phone" }, leads)).toBe(1);
  expect(countFound({ phone: "+1 415 555 0100" }, { kind: "find_phone" })).toBeNull();
});

describe("a result is read", () => {
  test("with addresses and numbers, of which rejected ones are seen as well", () => {
    const email = [
      ["m@n.example", "OK", "COMPANY"],
      ["guess@n.example", "NOT_FOUND", "COMPANY"],
    ];
    const view = readResult({ email, personal_email: [["m@h.example", "OK"]], phone: "" }, { kind: "find_email" });
    expect(view.emails.map(({ address, status, type }) => [address, status, type])).toEqual([
      ["m@n.example", "OK", "COMPANY"],
      ["guess@n.example", "NOT_FOUND", "COMPANY"],
      ["m@h.example", "OK", "PERSONAL"],
    ]);
    expect(view.other).toEqual([]);
  });

  test("with fields as they were meant, confidence on one scale, and references", () => {
    const view = readResult(
      {
        structured_data: { tags: "['a', 'b']", head: '{"name": "Bo"}', staff: 12, constructor: "odd" },
        field_confidence: { tags: 0.9, staff: "7" },
        confidence_score: "8.5",
        references: { "https://ae.example/about": "Its own site" },
        notes: " Seen twice. ",
        findings: "['One', 'Two']",
        cost_cents: 10,
      },
      { kind: "people_intelligence" },
    );
    expect(view).toMatchObject({
      fields: [
        { name: "tags", value: ["a", "b"], confidence: 0.9 },
        { name: "head", value: { name: "Bo" }, confidence: null },
        { name: "staff", value: 12, confidence: 0.7 },
        { name: "constructor", value: "odd", confidence: null },
      ],
      confidence: 0.85,
      references: [{ url: "https://ae.example/about", description: "Its own site" }],
      notes: "Seen twice.",
      findings: ["One", "Two"],
      other: [],
    });
    expect(readResult({ confidence_score: 0.92 }, { kind: "people_intelligence" }).confidence).toBe(0.92);
  });

  test("with the people of a company, each once, without empty values", () => {
    const people = [
      { name: "Mira", title: "COO", email: "", score: "9.5" },
      { name: "Jon", title: "" },
    ];
    const expected = [{ name: "Mira", title: "COO", score: "9.5" }, { name: "Jon" }];
    for (const leads of [
      people,
      JSON.stringify(people),
      "[{'name': 'Mira', 'title': 'COO', 'email': '', 'score': '9.5'}, {'name': 'Jon', 'title': ''}]",
    ]) {
      const view = readResult(
        { structured_data: { industry: "Lamps", leads }, people },
        { kind: "company_intelligence" },
      );
      expect(view).toMatchObject({ people: expected, fields: [{ name: "industry", value: "Lamps" }], other: [] });
      expect(view.fields).toHaveLength(1);
    }
    const odd = readResult(
      { structured_data: { leads: "Several" }, people: ["Ada"] },
      { kind: "company_intelligence" },
    );
    expect(odd).toMatchObject({
      people: [],
      fields: [{ name: "leads", value: "Several" }],
      other: [{ name: "people", value: ["Ada"] }],
    });
  });

  test("with the person behind an address, and what else came", () => {
    const lead = { email: "mh@n.example" };
    const found = { ...lead, name: "Mira Holt", company: "Nordlicht", title: "COO", age: 36, cost_cents: 10 };
    const view = readResult(found, { kind: "reverse_email", lead });
    expect(view.profile).toMatchObject({ name: "Mira Holt", company: "Nordlicht", title: "COO" });
    expect(view.other).toEqual([{ name: "age", value: 36, confidence: null }]);
    expect(view.emails).toEqual([]);
  });

  test("with the verdict on a lead", () => {
    const structured_data = { suitability_score: "8", verdict: "YES", region: "Europe" };
    const view = readResult({ structured_data, notes: "Checked." }, { kind: "qa_agent" });
    expect(view.qualification).toMatchObject({
      score: 8,
      isQualified: true,
      fieldNames: ["suitability_score", "verdict"],
    });
    expect(view.fields.map(({ name }) => name)).toEqual(["suitability_score", "verdict", "region"]);
    expect(view.notes).toBe("Checked.");
  });

  test("with everything that nobody knows, but not with what only repeats the lead", () => {
    const result = {
      email: { odd: 1 },
      findings: [{ text: "x" }],
      references: 7,
      novelty: "['a']",
      company: "Nordlicht",
      name: "Miranda Holt",
    };
    const { other } = readResult(result, { kind: "find_email", lead: mira });
    expect(other.map(({ name, value }) => [name, value])).toEqual([
      ["email", { odd: 1 }],
      ["findings", [{ text: "x" }]],
      ["references", 7],
      ["novelty", ["a"]],
      ["name", "Miranda Holt"],
    ]);
    expect(readResult([1, 2], { kind: "find_email" }).other).toEqual([
      { name: "result", value: [1, 2], confidence: null },
    ]);
    expect(readResult("text").other).toEqual([{ name: "result", value: "text", confidence: null }]);
  });

  test("also where a name that was made up of the address is no find", () => {
    const view = readResult({ name: "mira.holt" }, { kind: "reverse_email", lead: { email: "mira.holt@n.example" } });
    expect(view).toMatchObject({ isFound: false, profile: null, other: [{ name: "name", value: "mira.holt" }] });
  });
});

describe("a person in a result", () => {
  test("is read whatever the keys are called, with the score, and keeps what is not understood", () => {
    const person = {
      full_name: " Mira Holt ",
      role: "COO",
      linkedin_url: "https://linkedin.com/in/mira",
      score: "9.5",
      age: 36,
      x: "",
    };
    expect(readProfile(person)).toEqual({
      name: "Mira Holt",
      title: "COO",
      company: null,
      location: null,
      linkedin: "https://linkedin.com/in/mira",
      email: null,
      phone: null,
      score: 9.5,
      rest: [["age", 36]],
    });
  });

  test("may have a first and a last name, and is none without a name", () => {
    expect(readProfile({ first_name: "Mira", last_name: "Holt" })).toMatchObject({ name: "Mira Holt", rest: [] });
    expect(readProfile({ title: "COO", name: "" })).toBeNull();
    expect(readProfile({ name: "N/A" })).toBeNull();
  });
});
