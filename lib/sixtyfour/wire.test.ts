import { describe, expect, test } from "vitest";
import { readErrorDetail, readJobState, readResultFiles } from "@/lib/sixtyfour/wire";

describe("readJobState", () => {
  test.each([
    ["completed", "completed"],
    ["COMPLETED", "completed"],
    ["failed", "failed"],
    ["terminated", "failed"],
    ["timed_out", "failed"],
    ["cancelled", "cancelled"],
    ["running", "running"],
    ["RUNNING", "running"],
    ["continued_as_new", "running"],
    ["queued", "running"],
    ["a word of next year", "running"],
    ["constructor", "running"],
  ])("reads %j as %s", (status, state) => {
    expect(readJobState(status)).toBe(state);
  });
});

describe("readErrorDetail", () => {
  test("reads a sentence", () => {
    expect(readErrorDetail({ detail: "Job not found" })).toEqual({ message: "Job not found", fields: [] });
    expect(readErrorDetail({ error: "bad", message: "Worse" })).toEqual({ message: "Worse", fields: [] });
  });

  test("reads the fields of a 422", () => {
    const detail = [{ loc: ["body", "lead", "email"], msg: "Not an email", type: "value_error" }];
    expect(readErrorDetail({ detail })).toEqual({
      message: "lead.email: Not an email",
      fields: [{ path: ["lead", "email"], message: "Not an email" }],
    });
  });

  test.each([[undefined], [null], ["<html>"], [[]], [{ detail: { odd: true } }]])("makes nothing of %j", (body) => {
    expect(readErrorDetail(body)).toEqual({ message: null, fields: [] });
  });
});

describe("readResultFiles", () => {
  const link = (name: string) => `https://files.example/${name}?signature=a%20b`;

  test("reads the files in the order of their numbers, so that the last one is the whole", () => {
    const results = [10, 2, 9].map((number) => ({
      filename: `${number}.csv`,
      download_url: link(String(number)),
      block_number: number,
      row_count: number * 100,
      a_field_of_tomorrow: true,
    }));
    expect(readResultFiles(results)).toEqual(
      [2, 9, 10].map((number) => ({
        fileName: `${number}.csv`,
        url: link(String(number)),
        blockNumber: number,
        rowCount: number * 100,
      })),
    );
  });

  test("reads what has a link and nothing else, the lowest of all", () => {
    const results = [
      { download_url: link("a"), block_number: "3" },
      { download_url: link("b"), row_count: "many" },
    ];
    expect(readResultFiles(results)).toEqual([
      { fileName: null, url: link("b"), blockNumber: null, rowCount: null },
      { fileName: null, url: link("a"), blockNumber: 3, rowCount: null },
    ]);
  });

  test("leaves out what has no link that can be fetched", () => {
    const entry = (download_url: unknown) => ({ filename: "a.csv", download_url, block_number: 1 });
    const results = [
      entry(undefined),
      entry(null),
      entry(""),
      entry("/a.csv"),
      entry("javascript:alert(1)"),
      entry("file:///a.csv"),
      entry({ url: link("a") }),
      null,
      "text",
      [link("a")],
    ];
    expect(readResultFiles([...results, entry(link("b"))])).toMatchObject([{ url: link("b") }]);
  });

  test.each([[undefined], [null], ["text"], [{ download_url: "https://files.example/a" }]])(
    "finds none in %j",
    (given) => {
      expect(readResultFiles(given)).toEqual([]);
    },
  );
});
