import { describe, expect, test } from "vitest";
import { readConfidence, readRecords, readValue, saysSomething } from "@/lib/sixtyfour/results/values";

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
    [{ value: "Berlin", confidence: 0 }],
    ["['a']"],
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
    [{ value: "", confidence: 0.4 }],
    [{ value: null, source: "https://acme.com" }],
    ["N/A"],
    ["None found"],
    [Number.NaN],
  ])("but not in %j", (value) => {
    expect(saysSomething(value)).toBe(false);
  });

  test.each([
    ["found", false, false],
    ["email_found", "False", false],
    ["isFound", false, false],
    ["found_email", false, false],
    ["foundEmail", false, false],
    ["email_found", 0, false],
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

  test("stays text where it is deeper than anybody reads", () => {
    const deep = `${"[".repeat(9_000)}${"]".repeat(9_000)}`;
    expect(readValue(deep)).toBe(deep);
    expect(saysSomething({ x: deep })).toBe(true);
    expect(saysSomething(JSON.parse(`${"[".repeat(3_000)}${"]".repeat(3_000)}`))).toBe(true);
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
