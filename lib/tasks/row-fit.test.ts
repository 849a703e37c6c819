import { describe, expect, test } from "vitest";
import { createRowFit } from "@/lib/tasks/row-fit";

describe("a row of a result file", () => {
  test.each<[Record<string, string>, Record<string, string>, string | null]>([
    [{ name: "KING, Ada M.", website: "https://www.ae.example/" }, { name: "Ada King", website: "ae.example" }, null],
    [{ name: "", company: "Acme" }, { name: "Ada King" }, null],
    [{}, { name: "Ada King" }, null],
    [{ name: "Bo Li", company: "Acme" }, { name: "Ada King", company: "Acme" }, "Bo Li"],
    [{ first_name: "Bo", last_name: "King" }, { first_name: "Ada", last_name: "King" }, "Bo King"],
    [{ company_name: "Other Ltd" }, { company_name: "Acme" }, "Other Ltd"],
    [{ name: "Ada King", company: " Other " }, { name: "Ada King", company: "Acme" }, "Other"],
    [{ email: "b@ae.example" }, { email: "a@ae.example" }, "b@ae.example"],
  ])("that repeats %j of the lead %j names %j", (repeated, fields, otherName) => {
    expect(createRowFit().compare(repeated, fields)).toBe(otherName);
  });
});

describe("the order of a result file", () => {
  const isInOrder = (pairs: [repeated: Record<string, string>, fields: Record<string, string>][]) => {
    const fit = createRowFit();
    for (const [repeated, fields] of pairs) fit.compare(repeated, fields);
    return fit.isInOrder();
  };
  const right = (name: string) => [{ name }, { name }] as [Record<string, string>, Record<string, string>];
  const wrong = (name: string) => [{ name: "Zoe" }, { name }] as [Record<string, string>, Record<string, string>];

  test("is trusted until more than half of the rows fit nothing of their lead", () => {
    expect(isInOrder([right("Ada"), right("Bo"), wrong("Cy")])).toBe(true);
    expect(isInOrder([right("Ada"), wrong("Bo")])).toBe(true);
    expect(isInOrder([right("Ada"), wrong("Bo"), wrong("Cy")])).toBe(false);
  });

  test("is trusted where nothing can be compared", () => {
    expect(isInOrder([])).toBe(true);
    expect(isInOrder([[{}, { name: "Ada" }]])).toBe(true);
    expect(isInOrder([[{ name: "Zoe" }, { name: "" }]])).toBe(true);
  });

  test("does not count rows that can't be compared as right ones", () => {
    expect(isInOrder([[{ name: "" }, { name: "Ada" }], [{ name: "" }, { name: "Bo" }], wrong("Cy")])).toBe(false);
  });

  test("is trusted where names differ within one company", () => {
    const colleague = (given: string, sent: string) =>
      [
        { name: given, company: "Acme" },
        { name: sent, company: "Acme" },
      ] as [Record<string, string>, Record<string, string>];
    expect(isInOrder([colleague("Bob", "Robert"), colleague("Liz", "Elizabeth")])).toBe(true);
  });

  test("is not trusted where most rows repeat another lead of one company", () => {
    const people = ["Ada", "Bo", "Cy"].map((name) => ({ name, company: "Acme" }));
    expect(isInOrder(people.map((fields, index) => [people[(index + 1) % 3] ?? {}, fields]))).toBe(false);
  });
});
