import { expect, test } from "vitest";
import { readScore } from "@/lib/sixtyfour/results/profiles";
import { readQualification } from "@/lib/sixtyfour/results/qualification";

const fieldsOf = (values: Record<string, unknown>) => Object.entries(values).map(([name, value]) => ({ name, value }));

test("the form's output fields are read back as verdict, score, reasons and criteria", () => {
  const fields = fieldsOf({
    suitability_score: "3",
    verdict: "NO",
    reason: "It sells to consumers.",
    recommendation: "Do not contact.",
    score_sells_to_businesses: "1",
    region: "Europe",
  });
  expect(readQualification(fields)).toEqual({
    verdict: "NO",
    isQualified: false,
    score: 3,
    reason: "It sells to consumers.",
    recommendation: "Do not contact.",
    criteria: [{ name: "sells to businesses", field: "score_sells_to_businesses", score: 1, value: "1" }],
    fieldNames: ["suitability_score", "verdict", "reason", "recommendation", "score_sells_to_businesses"],
  });
});

test("the field names of the tutorial are read as well", () => {
  const fields = fieldsOf({ suitability_score: "9", final_verdict: "YES", disqualification_reason: "" });
  expect(readQualification(fields)).toMatchObject({ verdict: "YES", isQualified: true, score: 9, reason: null });
});

test("fields without a verdict, a score or a criterion are no qualification", () => {
  expect(readQualification(fieldsOf({ reason: "It is small.", industry: "Software" }))).toBeNull();
  expect(readQualification(fieldsOf({ suitability_score: "", verdict: "N/A" }))).toBeNull();
});

test.each([
  ["YES", true],
  ["yes - a good fit", true],
  ["Qualified", true],
  [true, true],
  ["NO", false],
  ["Not qualified", false],
  ["Disqualified", false],
  ["unqualified", false],
  ["False", false],
  [false, false],
  ["Pass on this one", false],
  ["Unlikely", false],
  ["Dismissed", false],
  ["MAYBE", null],
  ["Yes and no", null],
  ["Discovery call first", null],
  ["Discuss", null],
  ["Novel approach", null],
])("a verdict of %j is %j", (verdict, isQualified) => {
  expect(readQualification(fieldsOf({ verdict }))?.isQualified).toBe(isQualified);
});

test.each([
  ["3", 3],
  [9.5, 9.5],
  ["9.5", 9.5],
  ["7/10", 7],
  ["8 out of 10", 8],
  ["85%", 8.5],
  ["4/5", 8],
  ["7.2", 7.2],
  ["8/100", 0.8],
  ["8 (strong)", 8],
  ["8/10 - strong fit", 8],
  ["8: it sells to businesses", 8],
  ["85/100", 8.5],
  [85, 8.5],
  ["0", 0],
  ["high", null],
  ["1200", null],
  ["", null],
  [null, null],
])("a score of %j is %j of ten", (given, score) => {
  expect(readScore(given)).toBe(score);
});
