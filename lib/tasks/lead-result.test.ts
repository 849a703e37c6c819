import { describe, expect, test } from "vitest";
import { isSpelling, otherNameOf, resultsByLead } from "@/lib/tasks/lead-result";

const ada = { fields: { name: "Ada Lovelace" } };
const jose = { fields: { name: "José Núñez" } };
const nameless = { fields: { email: "a@ae.example" } };

describe("the results of a bulk task", () => {
  test("belong to its leads by position", () => {
    const result = [{ name: "Ada King" }, { name: "JOSE NUNEZ" }, { name: "Anybody" }];
    expect(resultsByLead({ shape: "bulk", result }, [ada, jose, nameless])).toEqual({
      results: result,
      otherNames: [null, null, null],
      mismatch: null,
    });
  });

  test("belong to nobody where there are too few or too many, or no list", () => {
    for (const result of [[{ name: "Ada" }], [1, 2, 3], { name: "Ada" }, "Ada"]) {
      expect(resultsByLead({ shape: "bulk", result }, [ada, jose])).toEqual({
        results: [null, null],
        otherNames: [null, null],
        mismatch: "count",
      });
    }
  });

  test("that give other names keep their position, and tell the names", () => {
    const result = [{ name: "José Núñez " }, { name: "Ada Lovelace" }];
    expect(resultsByLead({ shape: "bulk", result }, [ada, jose])).toEqual({
      results: result,
      otherNames: ["José Núñez", "Ada Lovelace"],
      mismatch: null,
    });
  });

  test("may be missing or without a name", () => {
    expect(resultsByLead({ shape: "bulk", result: [null, { email: [] }] }, [ada, jose])).toEqual({
      results: [null, { email: [] }],
      otherNames: [null, null],
      mismatch: null,
    });
    expect(resultsByLead({ shape: "bulk", result: null }, [ada, jose])).toEqual({
      results: [null, null],
      otherNames: [null, null],
      mismatch: null,
    });
  });
});

test("the result of a single task is its lead's, whatever it names", () => {
  expect(resultsByLead({ shape: "single", result: [{ name: "X" }] }, [ada])).toEqual({
    results: [[{ name: "X" }]],
    otherNames: [null],
    mismatch: null,
  });
});

describe("otherNameOf", () => {
  test.each<[Record<string, string>, unknown, string | null]>([
    [{ name: "Robert Smith" }, { name: "Bob Smith" }, null],
    [{ name: "Robert Smith" }, { name: "Bob" }, "Bob"],
    [{ name: "Søren Ødegård" }, { name: "soren ødegard" }, null],
    [{ name: "José Núñez" }, { name: "JOSE M. NUNEZ" }, null],
    [{ name: "", full_name: "Ada King" }, { name: "Bo Li" }, "Bo Li"],
    [{ first_name: "Ada", last_name: "King" }, { name: "A. King" }, null],
    [{ first_name: "Ada", last_name: "King" }, { name: "Bo Li" }, "Bo Li"],
    [{ name: "Ada King" }, { name: "" }, null],
    [{ name: "Ada King" }, { name: ["Bo Li"] }, null],
    [{ name: "Ada King" }, {}, null],
    [{ name: "Ada King" }, null, null],
    [{ email: "a@ae.example" }, { name: "Bo Li" }, null],
  ])("of a lead %j with the result %j is %j", (fields, result, otherName) => {
    expect(otherNameOf(result, fields)).toBe(otherName);
  });
});

test.each([
  ["https://www.acme.com/", "acme.com", true],
  ["KING, Ada M.", "Ada King", true],
  ["Müller", "MULLER", true],
  ["Bob Smith", "Robert Smith", false],
])("%j is a spelling of %j: %j", (one, other, isSame) => {
  expect(isSpelling(one, other)).toBe(isSame);
});
