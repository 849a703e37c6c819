import { expect, test } from "vitest";
import { criteriaByField, criterionScoreFields } from "@/lib/sixtyfour/criterion-scores";

const namesOf = (names: string[], taken?: string[]) =>
  criterionScoreFields(
    names.map((criteria_name) => ({ criteria_name })),
    taken,
  ).map(({ name }) => name);

test("each criterion has a field that asks for a score from 0 to 10", () => {
  expect(criterionScoreFields([{ criteria_name: "Sells to businesses" }])).toEqual([
    {
      name: "score_sells_to_businesses",
      description: "How well the lead meets “Sells to businesses”, from 0 to 10",
      type: "str",
    },
  ]);
});

test("names hold letters, digits and underscores alone, whatever the criterion is called", () => {
  expect(namesOf(["  Größe > 50 % ", "Café!", "東京", "--"])).toEqual([
    "score_gro_e_50",
    "score_cafe",
    "score_criterion",
    "score_criterion_2",
  ]);
});

test("names are unique, also beside other fields, and no longer than the API allows", () => {
  const long = "x".repeat(100);
  const names = namesOf([long, `${long}y`, "Fit"], ["score_fit"]);
  expect(names).toEqual([`score_${"x".repeat(58)}`, `score_${"x".repeat(56)}_2`, "score_fit_2"]);
});

test("the fields of a request are told apart by what they ask, though a name was taken", () => {
  const criteria = [{ criteria_name: "Budget", description: "Can pay" }];
  const fields = criterionScoreFields(criteria, ["score_budget"]);
  const own = { score_budget: "Their budget, in dollars" };
  const struct = { ...own, ...Object.fromEntries(fields.map(({ name, ...field }) => [name, field])) };
  expect([...criteriaByField({ struct, qualification_criteria: criteria })]).toEqual([["score_budget_2", criteria[0]]]);
  expect(criteriaByField({})).toEqual(new Map());
});
