import { describe, expect, test } from "vitest";
import { makeResult, times } from "@/sandbox/testing";

const QA = "/qa-agent-async";
const CRITERIA = [
  { criteria_name: "Sells to businesses", description: "Not to consumers", weight: 10, threshold: 8 },
  { criteria_name: "Known reason to buy", description: "Any", threshold: 0.5 },
];
const STRUCT = {
  suitability_score: "0 to 10",
  final_verdict: "YES or NO",
  disqualification_reason: "If any",
  recommendation: "Next step",
  score_sells_to_businesses: "0 to 10",
  score_known_reason_to_buy: "0 to 10",
  headquarters: "Place",
};

function judge(data: Record<string, unknown>, struct?: Record<string, string>): Record<string, string> {
  const result = makeResult(QA, { data, qualification_criteria: CRITERIA, struct });
  expect(Object.keys(result)).toEqual(["structured_data", "notes"]);
  expect(result.notes).toMatch(/\. .*\.$/);
  return result.structured_data as Record<string, string>;
}

describe("the QA agent's result", () => {
  test("has the fields of the struct and notes, and nothing else, all as texts", () => {
    const fields = judge({ name: "Ada Lovelace" }, STRUCT);
    expect(Object.keys(fields)).toEqual(Object.keys(STRUCT));
    expect(Object.values(fields).every((value) => typeof value === "string")).toBe(true);
  });

  test("says only notes without a struct", () => {
    expect(judge({ name: "Ada Lovelace" })).toEqual({});
  });

  test("has a score of 10 for all and for each criterion, and a verdict and a reason that agree with it", () => {
    const all = times(100, (index) => judge({ name: `Person ${index}` }, STRUCT));
    for (const fields of all) {
      for (const name of ["suitability_score", "score_sells_to_businesses", "score_known_reason_to_buy"]) {
        expect(fields[name]).toMatch(/^([0-9]|10)$/);
      }
      const isQualified = Number(fields.suitability_score) >= 6;
      expect(fields.final_verdict).toBe(isQualified ? "YES" : "NO");
      expect(fields.disqualification_reason).toMatch(isQualified ? /^$/ : /\.$/);
      expect(fields.recommendation).toMatch(/\.$/);
    }
    expect(new Set(all.map(({ final_verdict }) => final_verdict))).toEqual(new Set(["YES", "NO"]));
    expect(new Set(all.map(({ suitability_score }) => suitability_score)).size).toBeGreaterThan(8);
  });

  test("reads a verdict and a reason under other names", () => {
    const fields = judge({ name: "Ada" }, { is_qualified: "x", decision: "x", score: "x", reason: "x" });
    const verdict = Number(fields.score) >= 6 ? "YES" : "NO";
    expect(fields).toMatchObject({ is_qualified: verdict, decision: verdict, reason: expect.stringMatching(/\.$/) });
  });

  test("is YES for Analytical Engines, and the lowest score for Nothing Found AG", () => {
    for (const index of times(50, Number)) {
      const name = `Person ${index}`;
      expect(judge({ name, company: "Analytical Engines" }, STRUCT).final_verdict).toBe("YES");
      expect(judge({ name, company: "Nothing Found AG" }, STRUCT)).toMatchObject({
        suitability_score: "0",
        final_verdict: "NO",
      });
    }
  });
});
