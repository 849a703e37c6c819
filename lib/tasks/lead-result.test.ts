import { describe, expect, test } from "vitest";
import { resultsByLead } from "@/lib/tasks/lead-result";

const ada = { fields: { name: "Ada Lovelace" } };
const jose = { fields: { name: "José Núñez" } };
const nameless = { fields: { email: "a@ae.example" } };

describe("the results of a bulk task", () => {
  test("go to its leads by their places", () => {
    const result = [{ name: "Ada King" }, { name: "JOSE NUNEZ" }, { name: "Anybody" }];
    expect(resultsByLead({ shape: "bulk", result }, [ada, jose, nameless])).toEqual({
      results: result,
      mismatch: null,
    });
  });

  test("go to nobody where there are too few or too many, or no list", () => {
    for (const result of [[{ name: "Ada" }], [1, 2, 3], { name: "Ada" }, "Ada"]) {
      expect(resultsByLead({ shape: "bulk", result }, [ada, jose])).toEqual({
        results: [null, null],
        mismatch: "count",
      });
    }
  });

  test("go to nobody where one names somebody else", () => {
    const result = [{ name: "José Núñez" }, { name: "Ada Lovelace" }];
    expect(resultsByLead({ shape: "bulk", result }, [ada, jose])).toEqual({ results: [null, null], mismatch: "names" });
  });

  test("may be missing or without a name", () => {
    expect(resultsByLead({ shape: "bulk", result: [null, { email: [] }] }, [ada, jose])).toEqual({
      results: [null, { email: [] }],
      mismatch: null,
    });
    expect(resultsByLead({ shape: "bulk", result: null }, [ada, jose])).toEqual({
      results: [null, null],
      mismatch: null,
    });
  });
});

test("the result of a single task is its lead's, whatever it names", () => {
  expect(resultsByLead({ shape: "single", result: [{ name: "X" }] }, [ada]).results).toEqual([[{ name: "X" }]]);
});
