import { describe, expect, test } from "vitest";
import { createRowFit } from "@/lib/pipeline/row-fit";

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
  type Values = Record<string, string>;
  const isInOrder = (pairs: [repeated: Values, fields: Values][]) => {
    const fit = createRowFit();
    for (const [repeated, fields] of pairs) fit.compare(repeated, fields);
    return fit.isInOrder();
  };
  /** Gives each lead the row of the next one. */
  const shifted = (leads: Values[]) =>
    leads.map((fields, index): [Values, Values] => [leads[(index + 1) % leads.length] ?? {}, fields]);
  const right = (email: string): [Values, Values] => [{ email }, { email }];
  const wrong = (email: string): [Values, Values] => [{ email: "zoe@zz.example" }, { email }];
  const [ada, bo, cy] = ["ada@ae.example", "bo@ae.example", "cy@ae.example"] as const;

  test("is trusted until more than half of the rows belong to somebody else", () => {
    expect(isInOrder([right(ada), right(bo), wrong(cy)])).toBe(true);
    expect(isInOrder([right(ada), wrong(bo)])).toBe(true);
    expect(isInOrder([right(ada), wrong(bo), wrong(cy)])).toBe(false);
  });

  test("is trusted where nothing can be compared", () => {
    expect(isInOrder([])).toBe(true);
    expect(isInOrder([[{}, { name: "Ada" }]])).toBe(true);
    expect(isInOrder([[{ email: "zoe@zz.example" }, { email: "" }]])).toBe(true);
  });

  test("does not count rows that can't be compared as right ones", () => {
    expect(isInOrder([[{ email: "" }, { email: ada }], [{ email: "" }, { email: bo }], wrong(cy)])).toBe(false);
  });

  const nicknames = [
    ["Robert Smith", "Bob Smith"],
    ["Elizabeth Taylor", "Liz Taylor"],
    ["William Gates", "Bill Gates"],
  ] as const;

  test("is trusted where rows have nicknames", () => {
    expect(isInOrder(nicknames.map(([name, nickname]) => [{ name: nickname }, { name }]))).toBe(true);
    const split = (name: string) => {
      const [first_name = "", last_name = ""] = name.split(" ");
      return { first_name, last_name };
    };
    expect(isInOrder(nicknames.map(([name, nickname]) => [split(nickname), split(name)]))).toBe(true);
  });

  test("is trusted where rows have nicknames and other addresses", () => {
    const rows = nicknames.map(([name, nickname], index): [Values, Values] => [
      { name: nickname, email: `${index}@new.example`, company: "New Ltd" },
      { name, email: `${index}@old.example`, company: "Acme" },
    ]);
    expect(isInOrder(rows)).toBe(true);
  });

  test("is trusted where names alone share nothing with the leads, nor with other leads", () => {
    expect(isInOrder([["Bob", "Robert"] as const].map(([given, sent]) => [{ name: given }, { name: sent }]))).toBe(
      true,
    );
    expect(
      isInOrder([
        [{ company_name: "IBM" }, { company_name: "International Business Machines" }],
        [{ company_name: "Meta" }, { company_name: "Facebook" }],
      ]),
    ).toBe(true);
    expect(
      isInOrder([
        [
          { name: "Zoe", company: "Elsewhere" },
          { name: "Ada", company: "Acme" },
        ],
      ]),
    ).toBe(true);
  });

  test.each(["email", "phone", "linkedin", "website"])(
    "is not trusted where most rows have another %s and name",
    (column) => {
      const value = (n: number) => (column === "phone" ? `+1 202 555 010${n}` : `p${n}.example/in/p${n}`);
      const rows = ["Ada", "Bo", "Cy"].map((name, index): [Values, Values] => [
        { name: `Zoe ${index}`, [column]: value(index + 4) },
        { name, [column]: value(index) },
      ]);
      expect(isInOrder(rows)).toBe(false);
      // One of them is the lead's own.
      expect(
        isInOrder(
          rows.map(([row, fields]) => [
            { ...row, id: "7" },
            { ...fields, id: "7" },
          ]),
        ),
      ).toBe(true);
    },
  );

  test("is trusted where names differ within one company", () => {
    const colleague = (given: string, sent: string): [Values, Values] => [
      { name: given, company: "Acme" },
      { name: sent, company: "Acme" },
    ];
    expect(isInOrder([colleague("Bob", "Robert"), colleague("Liz", "Elizabeth")])).toBe(true);
  });

  test("is not trusted where most rows are exactly other leads'", () => {
    expect(isInOrder(shifted(["Ada", "Bo", "Cy"].map((name) => ({ name }))))).toBe(false);
    expect(isInOrder(shifted(["Ada", "Bo", "Cy"].map((name) => ({ name, company: "Acme" }))))).toBe(false);
    expect(isInOrder(shifted(["Ada King", "Bo King", "Cy King"].map((name) => ({ name }))))).toBe(false);
    expect(isInOrder(shifted(["Acme", "Emca", "Macy"].map((company_name) => ({ company_name }))))).toBe(false);
  });

  test("is not trusted where shuffled rows are spelled otherwise, or leads lack columns", () => {
    const leads = [
      { name: "Ada King", company: "Acme", website: "https://www.ada.example/" },
      { name: "Bo Li", company: "Acme", website: "" },
      { name: "Cy Jo", company: "", website: "cy.example" },
    ];
    const rows = shifted(leads).map(([row, fields]): [Values, Values] => [
      { ...row, name: row.name?.toUpperCase() ?? "", website: row.website?.replace("https://www.", "") ?? "" },
      fields,
    ]);
    expect(isInOrder(rows)).toBe(false);
  });

  test("is trusted where a row only repeats another column of another lead", () => {
    const rows: [Values, Values][] = [
      [
        { name: "Ada", company: "Emca" },
        { name: "Ada", company: "Acme" },
      ],
      [
        { name: "Bo", company: "Acme" },
        { name: "Bo", company: "Emca" },
      ],
    ];
    expect(isInOrder(rows)).toBe(true);
  });
});
