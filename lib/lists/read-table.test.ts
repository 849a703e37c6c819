import { describe, expect, test } from "vitest";
import { MAX_ROWS, readTable } from "@/lib/lists/read-table";

const table = (text: string, hasHeader?: boolean) => {
  const read = readTable(text, hasHeader);
  if ("problem" in read) throw new Error(read.problem);
  return read;
};

describe("a table is read", () => {
  test.each([",", ";", "\t"])("with %j between its cells", (delimiter) => {
    const text = ["Name", "Company, if any", "Note"].join(delimiter === "," ? ";" : delimiter);
    const lines = [text, ["Ada", "AE", "x; y"].map((cell) => `"${cell}"`).join(delimiter === "," ? ";" : delimiter)];
    expect(table(lines.join("\n")).rows).toEqual([["Ada", "AE", "x; y"]]);
  });

  test("with commas, quotes, and line breaks within quotes", () => {
    expect(table('Name,Note\r\n"Lovelace, Ada","said ""hi""\r\ntwice"\r\n\r\n , \r\n')).toEqual({
      columns: ["Name", "Note"],
      rows: [["Lovelace, Ada", 'said "hi"\r\ntwice']],
      hasHeader: true,
    });
  });

  test("of one column", () => {
    expect(table("Email\nada@ae.example\nbob@ae.example")).toMatchObject({
      columns: ["Email"],
      rows: [[/ada/], [/bob/]].map(([re]) => [expect.stringMatching(re as RegExp)]),
    });
  });

  test("with lines too short and too long, and headers missing or twice", () => {
    expect(table("Name,Email,,Name\nAda\nBea,b@x.example,1,2,3")).toMatchObject({
      columns: ["Name", "Email", "Column 3", "Name (2)", "Column 5"],
      rows: [
        ["Ada", "", "", "", ""],
        ["Bea", "b@x.example", "1", "2", "3"],
      ],
    });
  });

  test("between tabs with quotation marks as they are, where nothing is quoted", () => {
    const text = 'Name\tNote\n"Big" Bob\t5" wide\nBea\t"x"\n';
    expect(table(text).rows).toEqual([
      ['"Big" Bob', '5" wide'],
      ["Bea", '"x"'],
    ]);
  });

  test("without headers where its first line holds values, or the person says so", () => {
    expect(table("Ada,ada@ae.example\nBea,b@x.example")).toMatchObject({
      columns: ["Column 1", "Column 2"],
      rows: [
        ["Ada", "ada@ae.example"],
        ["Bea", "b@x.example"],
      ],
      hasHeader: false,
    });
    expect(table("Ada,AE\nBea,BE", false).rows).toHaveLength(2);
    expect(table("Ada,ada@ae.example\nBea,b@x.example", true).columns).toEqual(["Ada", "ada@ae.example"]);
  });

  test("of a hundred thousand rows, and not of more", () => {
    const rows = "Ada,AE\n".repeat(MAX_ROWS);
    expect(table(`Name,Company\n${rows}`).rows).toHaveLength(MAX_ROWS);
    expect(readTable(`Name,Company\n${rows}Ada,AE`)).toEqual({
      problem: "It has 100,001 rows; take at most 100,000 at a time.",
    });
  });
});

test.each(['Name,Company\nAda,AE\n"Big" Bob,BE\nBea,"CE"\n', 'Name,Company\r\nAda,AE\r\n"Bob,BE\r\nBea,CE\r\n'])(
  "%j would lose rows to a quotation mark, and says in which line",
  (text) => {
    expect(readTable(text)).toEqual({ problem: expect.stringMatching(/^A quotation mark in line 3 .*: "(Big|Bob)/) });
  },
);

test.each([
  ["", "There is nothing in it."],
  [" \n\n", "There is nothing in it."],
  ["Name,Company", "It has headers, and no rows below them."],
])("%j is no table, and says why", (text, problem) => {
  expect(readTable(text)).toEqual({ problem });
});
