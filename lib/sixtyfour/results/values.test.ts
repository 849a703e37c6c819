import { describe, expect, test } from "vitest";
import { readConfidence, readRecords, readValue, repeatsLead, saysSomething } from "@/lib/sixtyfour/results/values";

describe("a value says something", () => {
  test.each([
    ["Berlin"],
    ["0"],
    [0],
    [false],
    [true],
    ["No"],
    ["NO"],
    [["", "Berlin"]],
    [{ city: "", country: "DE" }],
    ["['a']"],
    ["Unknown Worlds Entertainment"],
    ["None of the Above Records"],
    ["No Name Company"],
    ["No data breaches in 2025"],
    ["Not for profit organization"],
    ["Founded in 1999; no further funding rounds were found, but a grant of the EU was."],
    ["$"],
    ["北京"],
  ])("in %j", (value) => {
    expect(saysSomething(value)).toBe(true);
  });

  test.each([
    [null],
    [undefined],
    [""],
    [" \n"],
    ["-"],
    ["—"],
    ["..."],
    ["\u200b"],
    [[]],
    [{}],
    [["", null, []]],
    [["N/A"]],
    [{ city: "", country: null }],
    ["[]"],
    ["['']"],
    ['{"city": ""}'],
    ["N/A"],
    ["n/a."],
    ["N/A - no website"],
    ["None"],
    ["NONE FOUND"],
    ["None found"],
    ["Not found"],
    ["NOT_FOUND"],
    ["Unknown"],
    ["unknown (not public)"],
    ["Not available"],
    ["Not publicly available"],
    ["No information available"],
    ["No email found for this lead"],
    ["Nothing was found"],
    ["Nothing could be found."],
    ["Could not be found"],
    ["Unable to determine"],
    ["“Unknown”"],
    ["null"],
    [Number.NaN],
  ])("but not in %j", (value) => {
    expect(saysSomething(value)).toBe(false);
  });

  test.each([
    ["found", false, false],
    ["email_found", "False", false],
    ["isFound", false, false],
    ["found", true, true],
    ["is_hiring", false, true],
    ["founded", false, true],
  ])("under the key %s: %j is %s", (name, value, isSaid) => {
    expect(saysSomething(value, name)).toBe(isSaid);
  });
});

describe("a value that came as text", () => {
  test("is read as the list or the object that it is", () => {
    expect(readValue("['a', 'b']")).toEqual(["a", "b"]);
    expect(readValue('["a", "b"]')).toEqual(["a", "b"]);
    expect(readValue(' {"rank": 3} ')).toEqual({ rank: 3 });
    expect(readValue("{'rank': 3}")).toEqual({ rank: 3 });
  });

  test.each([["[sic] as written"], ["[see the notes]"], ["12"], ["true"], ["{"], [7], [null]])("stays %j", (value) => {
    expect(readValue(value)).toBe(value);
  });

  test("is read as records, one or several", () => {
    expect(readRecords({ name: "Ada" })).toEqual([{ name: "Ada" }]);
    expect(readRecords('[{"name": "Ada"}, {}]')).toEqual([{ name: "Ada" }, {}]);
    expect(readRecords("{'name': 'Ada'}")).toEqual([{ name: "Ada" }]);
    for (const value of [[], {}, ["Ada"], [{ name: "Ada" }, null], "Ada", "{ odd }", null, 7]) {
      expect(readRecords(value)).toBeNull();
    }
  });
});

test.each([
  [0.92, 0.92],
  [1, 1],
  [9.5, 0.95],
  ["8.5", 0.85],
  ["92%", 0.92],
  [85, 0.85],
  [0, 0],
  [-1, null],
  ["high", null],
  [null, null],
])("a confidence of %j is the share %j", (given, share) => {
  const read = readConfidence(given);
  if (share === null) expect(read).toBeNull();
  else expect(read).toBeCloseTo(share);
});

describe("a value that repeats the lead", () => {
  const lead = {
    first_name: "Mira",
    last_name: "Holt",
    company: "Nordlicht",
    email: "mira.holt@nordlicht.example",
    linkedin: "https://www.linkedin.com/in/mira-holt/",
    phone: "+49 (30) 555 0100",
    vip: "yes",
  };
  test.each([
    ["company", "NORDLICHT"],
    ["employer", "Nordlicht"],
    ["name", "Mira Holt"],
    ["profile", "linkedin.com/in/mira-holt"],
    ["phone", "+49305550100"],
    ["contact", "Mira.Holt@nordlicht.example"],
    ["vip", "Yes"],
  ])("is told: %s %s", (name, value) => {
    expect(repeatsLead(name, value, lead)).toBe(true);
  });
  test.each([
    ["company", "Nordlicht Werke"],
    ["email", "miraholt@nordlicht.example"],
    ["verdict", "YES"],
    ["staff", 12],
    ["name", ""],
    ["tags", ["Nordlicht"]],
  ])("is not assumed: %s %j", (name, value) => {
    expect(repeatsLead(name, value, lead)).toBe(false);
  });
});
