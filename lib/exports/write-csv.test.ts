import Papa from "papaparse";
import { describe, expect, test } from "vitest";
import { MAX_FOUND_COLUMNS } from "@/lib/exports/plan-table";
import { writeCsv } from "@/lib/exports/write-csv";
import type { LeadRow } from "@/lib/tasks/read-rows";

const lead = (given: Partial<LeadRow>): LeadRow => ({
  id: "id",
  row: 0,
  fields: {},
  cells: null,
  taskId: "task",
  position: 0,
  status: "completed",
  kind: "find_email",
  outputs: [],
  result: null,
  isFound: null,
  otherName: null,
  mismatch: null,
  error: null,
  deliveredAt: null,
  deliveredVia: null,
  ...given,
});

async function csvOf(columns: string[] | null, leads: LeadRow[], second = leads): Promise<string> {
  const readings = [leads, second];
  async function* readPages() {
    const reading = readings.shift() ?? [];
    for (let start = 0; start < reading.length; start += 2) yield reading.slice(start, start + 2);
  }
  let csv = "";
  for await (const chunk of writeCsv(columns, readPages)) csv += chunk;
  return csv;
}

const parse = (csv: string) => Papa.parse<string[]>(csv.replace(/^\ufeff/, ""), { newline: "\r\n" }).data.slice(0, -1);

/** The lines as objects by the names of the columns. */
async function tableOf(columns: string[] | null, leads: LeadRow[]): Promise<Record<string, string>[]> {
  const [header = [], ...lines] = parse(await csvOf(columns, leads));
  return lines.map((line) => {
    expect(line).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, index) => [name, line[index] ?? ""]));
  });
}

describe("the columns", () => {
  test("are the list's own, how it went, then the results, in that order whoever comes first", async () => {
    const leads = [
      lead({ cells: ["Ada", "x"], result: { other: 1, structured_data: { industry: "Computing" } } }),
      lead({ cells: ["Bea", "y"], result: { phone: "+1 202 555 0143", notes: "Seen." } }),
      lead({
        cells: ["Cy", "z"],
        result: {
          email: [
            ["cy@c.example", "OK"],
            ["c@c.example", "OK"],
          ],
        },
      }),
    ];
    const [header] = parse(await csvOf(["Name", "Extra"], leads));
    expect(header).toEqual([
      ...["Name", "Extra", "status", "found", "error", "warning", "delivered_at", "delivered_via"],
      ...["email", "email_status", "email_2", "email_2_status", "phone", "industry", "notes", "other"],
    ]);
  });

  test("are the leads' fields where there is no list", async () => {
    const leads = [lead({ fields: { name: "Ada" } }), lead({ fields: { company: "Engines", name: "Bea" } })];
    expect(parse(await csvOf(null, leads))).toEqual([
      ["name", "company", "status", "found", "error", "warning", "delivered_at", "delivered_via"],
      ["Ada", "", "completed", "", "", "", "", ""],
      ["Bea", "Engines", "completed", "", "", "", "", ""],
    ]);
  });

  test("that bear a name of the list, in whatever case, get a suffix, and the list's stay as they are", async () => {
    const result = { email: [["found@a.example", "OK"]], structured_data: { email_result: "asked for" } };
    const [header, line] = parse(await csvOf(["Email", "Status", "Email"], [lead({ cells: ["a", "b", "c"], result })]));
    expect(header).toEqual([
      ...["Email", "Status", "Email", "status_result", "found", "error", "warning", "delivered_at", "delivered_via"],
      ...["email_result", "email_status", "email_result_result"],
    ]);
    expect(line).toEqual(["a", "b", "c", "completed", "", "", "", "", "", "found@a.example", "OK", "asked for"]);
  });

  test("are no more than can be used; what goes beyond is JSON in the last one", async () => {
    const wide = Object.fromEntries(Array.from({ length: MAX_FOUND_COLUMNS + 2 }, (_, n) => [`f${n}`, n]));
    const [row] = await tableOf([], [lead({ result: wide })]);
    expect(Object.keys(row ?? {})).toHaveLength(6 + MAX_FOUND_COLUMNS + 1);
    expect(JSON.parse(row?.more ?? "")).toEqual({
      [`f${MAX_FOUND_COLUMNS}`]: MAX_FOUND_COLUMNS,
      [`f${MAX_FOUND_COLUMNS + 1}`]: MAX_FOUND_COLUMNS + 1,
    });
  });

  test("beyond five addresses share that last one too", async () => {
    const email = Array.from({ length: 6 }, (_, index) => [`a${index}@b.example`]);
    const [row] = await tableOf(null, [lead({ result: { email } })]);
    expect(row).toMatchObject({ email_5: "a4@b.example", more: '{"email_6":"a5@b.example"}' });
  });

  test("hold what came for a lead under way between the first reading and the second", async () => {
    const before = [lead({ status: "running" })];
    const csv = await csvOf(null, before, [lead({ result: { late: "news" } })]);
    expect(parse(csv)).toEqual([
      ["status", "found", "error", "warning", "delivered_at", "delivered_via", "more"],
      ["completed", "", "", "", "", "", '{"late":"news"}'],
    ]);
  });
});

describe("the lines", () => {
  test("say how each lead went", async () => {
    const deliveredAt = new Date("2026-01-31T10:00:00Z");
    const leads = [
      lead({ deliveredAt, deliveredVia: "webhook" }),
      lead({ status: "failed", error: "No source could be reached." }),
      lead({ mismatch: "count" }),
      lead({ isFound: true, otherName: "Bob Jones" }),
      lead({ isFound: false }),
    ];
    const none = { found: "", error: "", warning: "", delivered_at: "", delivered_via: "" };
    const delivered = { delivered_at: "2026-01-31T10:00:00.000Z", delivered_via: "webhook" };
    expect(await tableOf(null, leads)).toEqual([
      { ...none, status: "completed", ...delivered },
      { ...none, status: "failed", error: "No source could be reached." },
      { ...none, status: "completed", error: expect.stringContaining("more or fewer results") },
      { ...none, status: "completed", found: "yes", warning: "Sixtyfour names “Bob Jones” here." },
      { ...none, status: "completed", found: "no" },
    ]);
  });

  test("are as long as the first one, however many cells their leads have", async () => {
    const leads = [lead({ cells: ["a", "b", "c"] }), lead({ cells: ["a"] }), lead({ cells: null })];
    const lines = parse(await csvOf(["one", "two"], leads));
    expect(lines.slice(1).map((line) => line.slice(0, 2))).toEqual([
      ["a", "b"],
      ["a", ""],
      ["", ""],
    ]);
    expect(lines.map((line) => line.length)).toEqual([8, 8, 8, 8]);
  });

  test("come back as they went in, whatever they hold", async () => {
    const nasty = [
      'quote " and, comma',
      "line\r\nbreak",
      "lone \r return",
      " spaces ",
      "üñí 日本 🙂",
      "semi;colon",
      "",
    ];
    const leads = nasty.map((text) => lead({ cells: [text] }));
    const lines = parse(await csvOf(["Text"], leads)).slice(1);
    expect(lines.map(([text]) => text)).toEqual(nasty);
  });

  test("begin with the mark of UTF-8, and each ends in CR LF", async () => {
    const csv = await csvOf(null, [lead({ fields: { name: "Ada" } })]);
    expect(csv).toBe("\ufeffname,status,found,error,warning,delivered_at,delivered_via\r\nAda,completed,,,,,\r\n");
  });
});

test("nothing that a spreadsheet would run is in any cell, first line included; numbers and phones are as they were", async () => {
  const result = { phone: "+1 202 555 0143", "=header()": "x", structured_data: { growth: -12.5, trap: "=A1" } };
  const error = "@SUM(A1)";
  const leads = [lead({ cells: ["+cmd|' /C calc'!A0", "-3"], error, result })];
  const lines = parse(await csvOf(["=HYPERLINK(1)", "n"], leads));
  expect(lines).toEqual([
    [
      "'=HYPERLINK(1)",
      "n",
      "status",
      "found",
      "error",
      "warning",
      "delivered_at",
      "delivered_via",
      "phone",
      "growth",
      "trap",
      "'=header()",
    ],
    ["'+cmd|' /C calc'!A0", "-3", "completed", "", "'@SUM(A1)", "", "", "", "+1 202 555 0143", "-12.5", "'=A1", "x"],
  ]);
});
