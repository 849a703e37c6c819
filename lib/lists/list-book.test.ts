import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { ListBook } from "@/lib/lists/list-book";

const COLUMNS = ["Name", "Site", "Note"];
const MAPPING = ["name", "company_domain", null];
const CHECK = { kind: "find_email" as const, mapping: MAPPING, keepDuplicates: false };

const book = (...rows: string[][]) => new ListBook({ columns: COLUMNS, rows, hasHeader: true });

describe("a list", () => {
  test("tells good rows from bad ones, and what is wrong with these", () => {
    const list = book(["Ada", "ae.example", "x"], ["Bea", "not a site", "y"], ["", "", "z"]);
    expect(list.check(CHECK)).toEqual({ rows: 3, good: 1, bad: 2, duplicates: 0, skipped: 0 });
    expect(list.badRows(0, 10)).toEqual([
      {
        row: 1,
        cells: ["Bea", "not a site", "y"],
        errors: [{ column: 1, message: expect.stringContaining("website") }],
      },
      {
        row: 2,
        cells: ["", "", "z"],
        errors: [{ column: -1, message: expect.stringContaining("Fill in at least one") }],
      },
    ]);
    expect(list.badRows(1, 1).map(({ row }) => row)).toEqual([2]);
    expect(list.leads(0, 10)).toEqual([
      { fields: { name: "Ada", company_domain: "ae.example" }, cells: ["Ada", "ae.example", "x"] },
    ]);
  });

  test("takes what was mended, and leaves out what was skipped", () => {
    const list = book(["Bea", "not a site", "y"], ["Cy", "also none", ""], ["Di", "", ""]);
    list.check(CHECK);
    expect(list.mend(0, ["Bea", "still not one", "y"]).errors).toHaveLength(1);
    expect(list.mend(0, ["Bea", "bea.example", "y"])).toEqual({
      counts: { rows: 3, good: 2, bad: 1, duplicates: 0, skipped: 0 },
      errors: [],
    });
    expect(list.skip("bad")).toEqual({ rows: 3, good: 2, bad: 0, duplicates: 0, skipped: 1 });
    expect(list.skip(2)).toMatchObject({ good: 1, skipped: 2 });
    expect(list.leads(0, 10).map(({ cells }) => cells[0])).toEqual(["Bea"]);

    list.check({ ...CHECK, mapping: ["name", null, null] });
    expect(list.bringBack()).toEqual({ rows: 3, good: 3, bad: 0, duplicates: 0, skipped: 0 });
  });

  test("finds duplicates whatever their case and spacing, and keeps them where the person wants", () => {
    const rows = [
      ["Ada  L", "ae.example", "1"],
      ["ADA l", "https://www.ae.example/about", "2"],
      ["Ada M", "", "3"],
    ];
    const list = book(...rows);
    expect(list.check(CHECK)).toMatchObject({ good: 2, duplicates: 1 });
    expect(list.leads(0, 10).map(({ cells }) => cells[2])).toEqual(["1", "3"]);
    expect(list.check({ ...CHECK, keepDuplicates: true })).toMatchObject({ good: 3, duplicates: 1 });
    expect(list.leads(1, 10).map(({ cells }) => cells[2])).toEqual(["2", "3"]);
  });

  test("gives its bad rows as CSV with what is wrong, harmless to a spreadsheet", () => {
    const list = book(["=1+1", "nope", "é"], ["Ada", "", ""]);
    list.check(CHECK);
    const { data } = Papa.parse<string[]>(list.badRowsAsCsv().replace("\ufeff", ""), { skipEmptyLines: true });
    expect(data).toEqual([
      ["Name", "Site", "Note", "Problem"],
      ["'=1+1", "nope", "é", expect.stringMatching(/^Site: Enter a website/)],
    ]);
  });

  test("of a hundred thousand rows is given out in parts, each lead once", () => {
    const list = book(...Array.from({ length: 100_000 }, (_, index) => [`Person ${index}`, "", ""]));
    expect(list.check(CHECK)).toMatchObject({ good: 100_000 });
    const names = new Set<string>();
    for (let from = 0; from < 100_000; from += 10_000) {
      for (const { cells } of list.leads(from, 10_000)) names.add(cells[0] ?? "");
    }
    expect(names.size).toBe(100_000);
  });
});
