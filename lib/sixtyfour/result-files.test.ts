import { describe, expect, test } from "vitest";
import { AppError } from "@/lib/errors";
import type { DownloadOutcome } from "@/lib/sixtyfour/download-result";
import { openResultFile, type ResultFile, readInlineRows, readResultFiles } from "@/lib/sixtyfour/result-files";
import { readResultRows } from "@/lib/sixtyfour/result-rows";
import type { OutputField } from "@/lib/sixtyfour/task-options";

describe("readResultFiles", () => {
  const link = (name: string) => `https://files.example/${name}?signature=a%20b`;

  test("reads the files in the order of their numbers", () => {
    const results = [10, 2, 9].map((number) => ({
      filename: `${number}.csv`,
      download_url: link(String(number)),
      block_number: number,
      row_count: number * 100,
      results: null,
      a_field_of_tomorrow: true,
    }));
    expect(readResultFiles(results)).toEqual(
      [2, 9, 10].map((number) => ({
        fileName: `${number}.csv`,
        url: link(String(number)),
        blockNumber: number,
        rowCount: number * 100,
        rows: null,
      })),
    );
  });

  test("reads loosely typed numbers, of which 0 rows are an unknown number, and puts files without a number first", () => {
    const results = [
      { download_url: link("a"), block_number: "3", row_count: "7" },
      { download_url: link("b"), row_count: "many" },
      { download_url: link("c"), block_number: 4, row_count: 0 },
    ];
    expect(readResultFiles(results)).toMatchObject([
      { url: link("b"), blockNumber: null, rowCount: null },
      { url: link("a"), blockNumber: 3, rowCount: 7 },
      { url: link("c"), blockNumber: 4, rowCount: null },
    ]);
  });

  test.each([[undefined], [null], [""], ["/a.csv"], ["javascript:alert(1)"], ["file:///a.csv"], [{ url: link("a") }]])(
    "keeps a file whose link is %j, without a link",
    (download_url) => {
      expect(readResultFiles([{ filename: "a.csv", download_url, block_number: 2 }])).toMatchObject([
        { fileName: "a.csv", url: null, blockNumber: 2 },
      ]);
    },
  );

  test("reads inline rows, and only where they are objects", () => {
    const read = (results: unknown) => readResultFiles([{ block_number: 2, results }])[0]?.rows;
    expect(read([{ name: "Ada", staff: 3 }])).toEqual([{ name: "Ada", staff: 3 }]);
    for (const rows of [null, [], "rows", "[]", {}, [1], [{ name: "Ada" }, null]]) expect(read(rows)).toBeNull();
  });

  test("reads inline rows, and the list itself, that come as JSON text", () => {
    const results = JSON.stringify([{ name: "Ada", staff: 3 }]);
    const files = [{ fileName: null, url: null, blockNumber: 2, rowCount: null, rows: [{ name: "Ada", staff: 3 }] }];
    expect(readResultFiles([{ block_number: 2, results }])).toEqual(files);
    expect(readResultFiles(JSON.stringify([{ block_number: 2, results }]))).toEqual(files);
  });

  test.each([
    [undefined],
    [null],
    ["text"],
    [{ download_url: link("a") }],
    [[null, "text", [link("a")], { email: [] }]],
  ])("finds no files in %j", (given) => {
    expect(readResultFiles(given)).toEqual([]);
  });
});

type Content = string | null | DownloadOutcome["type"] | Record<string, unknown>[] | "breaks off" | "too large";

const LEADS = ["Ada", "Bo"];
const field = (name: string): OutputField => ({ name, type: "str", description: name });
/** A CSV file whose cells are named after their columns and its block. */
const csv = (columns: string, block: number) =>
  [
    columns,
    ...LEADS.map((lead) => columns.split(",").map((name) => (name === "name" ? lead : `${name} ${block}`))),
  ].join("\n");

/** Stubs the storage of a job whose blocks, from 1 on, have these contents; a text is the header of a CSV file. */
function storage(contents: Content[], fileNames: Record<number, string> = {}, rowCount: number | null = 2) {
  const opened: number[] = [];
  const openNow = new Set<number>();
  const files: ResultFile[] = contents.map((content, index) => ({
    fileName: fileNames[index + 1] ?? `block_${index + 1}.csv`,
    url: content === null || Array.isArray(content) ? null : `https://files.example/${index + 1}`,
    blockNumber: index + 1,
    rowCount,
    rows: Array.isArray(content) ? content : null,
  }));
  const download = async (url: string): Promise<DownloadOutcome> => {
    const number = Number(url.split("/").at(-1));
    const content = contents[number - 1];
    opened.push(number);
    if (content === "expired") return { type: "expired" };
    if (content === "unavailable") return { type: "unavailable", reason: "server_fault" };
    if (content === "too large") return { type: "refused", reason: "too_large" };
    openNow.add(number);
    async function* chunks() {
      try {
        if (content === "breaks off") throw new AppError("upstream", "broken off");
        yield new TextEncoder().encode(typeof content === "string" && content ? csv(content, number) : "");
      } finally {
        openNow.delete(number);
      }
    }
    return { type: "file", chunks: chunks(), bytes: null };
  };
  return { files, download, opened, openNow };
}

async function choose(
  contents: Content[],
  given: {
    outputs?: string[];
    sentColumns?: string[];
    accept?: "none" | "whole" | "best";
    leadCount?: number;
    rowCount?: number | null;
    fileNames?: Record<number, string>;
  } = {},
) {
  const { files, download, opened, openNow } = storage(contents, given.fileNames, given.rowCount);
  const columnsOf = {
    sentColumns: given.sentColumns ?? ["name", "company"],
    outputs: (given.outputs ?? ["title", "ceo"]).map(field),
  };
  const choice = await openResultFile(files, {
    ...columnsOf,
    leadCount: given.leadCount ?? 2,
    accept: given.accept ?? "none",
    download,
  });
  if (choice.type !== "table") {
    expect([...openNow]).toEqual([]);
    return { choice: choice.type === "none" ? choice.reason : choice.type, opened, results: [] };
  }
  const results = [];
  for await (const { result } of readResultRows(choice.table, columnsOf)) results.push(result);
  expect([...openNow]).toEqual([]);
  return { choice: "table", opened, results };
}

const INPUT = "name,company";
const ENRICHED = "name,company,title,ceo";
const DELIVERY = "webhook_status,webhook_response_code,delivered_at";
const resultsOf = (block: number) =>
  LEADS.map(() => ({ structured_data: { title: `title ${block}`, ceo: `ceo ${block}` } }));

describe("the file with the enrichment", () => {
  test("is the last one where no webhook was asked for, and is opened once", async () => {
    expect(await choose([INPUT, ENRICHED])).toEqual({ choice: "table", opened: [2], results: resultsOf(2) });
    expect(await choose([INPUT, ENRICHED, ENRICHED])).toEqual({ choice: "table", opened: [3], results: resultsOf(3) });
  });

  test.each([
    ["on top of all columns", `${ENRICHED},${DELIVERY}`],
    ["on top of the input", `${INPUT},${DELIVERY}`],
    ["alone", DELIVERY],
  ])("is the one before that of a webhook, which has its columns %s", async (_, webhook) => {
    expect(await choose([INPUT, ENRICHED, webhook])).toEqual({
      choice: "table",
      opened: [3, 2],
      results: resultsOf(2),
    });
    const open = await choose([INPUT, ENRICHED, webhook], { outputs: [] });
    expect(open).toEqual({ choice: "table", opened: [3, 2], results: resultsOf(2) });
  });

  test("is never the input, also where that has a column named like a field", async () => {
    const given = { sentColumns: ["name", "title"], outputs: ["title"] };
    expect((await choose(["name,title"], given)).choice).toBe("later");
    expect((await choose(["name,title"], { ...given, accept: "best" })).choice).toBe("later");
    expect((await choose(["name,title", `name,title,${DELIVERY}`], given)).choice).toBe("later");
    const { opened, results } = await choose(["name,title", "name,title,title", `name,title,${DELIVERY}`], given);
    expect(opened).toEqual([3, 2]);
    expect(results).toEqual(LEADS.map(() => ({ structured_data: { title: "title 2" } })));
  });

  test("may have replaced a column of the input", async () => {
    const given = { sentColumns: ["name", "title"], outputs: ["title"] };
    expect((await choose(["name,title", "name,title"], given)).results).toEqual(
      LEADS.map(() => ({ structured_data: { title: "title 2" } })),
    );
  });

  test("is the webhook's own where no other has the fields, without the columns of the webhook", async () => {
    expect(await choose([INPUT, INPUT, `${ENRICHED},${DELIVERY},http_code`])).toEqual({
      choice: "table",
      opened: [3, 2],
      results: resultsOf(3),
    });
    const { results } = await choose([INPUT, `${ENRICHED},${DELIVERY}`], { outputs: [] });
    expect(results).toEqual(resultsOf(2));
  });

  test("may have a field that is named after a webhook", async () => {
    const { results } = await choose([INPUT, `${INPUT},webhook_provider`], { outputs: ["webhook_provider"] });
    expect(results).toEqual(LEADS.map(() => ({ structured_data: { webhook_provider: "webhook_provider 2" } })));
  });

  test("may lack fields; then the one with most of them is chosen, the last one of several", async () => {
    const some = `${INPUT},title`;
    const results = LEADS.map(() => ({ structured_data: { title: "title 3" } }));
    expect(await choose([INPUT, some, some])).toEqual({ choice: "table", opened: [3, 2], results });
    expect((await choose([INPUT, ENRICHED, some])).results).toEqual(resultsOf(2));
  });

  test("is not an error page, nor a file that can't be read, if another one has the fields", async () => {
    for (const other of ["<html><body>Sorry</body></html>", "", 'name,"a"b', "too large"]) {
      expect((await choose([INPUT, ENRICHED, other])).results).toEqual(resultsOf(2));
    }
  });
});

describe("a webhook's block without a webhook's name", () => {
  const none = { outputs: [] };

  test.each([
    ["status,status_code"],
    [`${INPUT},status,status_code`],
    [`${INPUT},httpStatus,Delivered At,attempts,url,event_id`],
    [`${ENRICHED},status,status_code`],
    [`${ENRICHED},delivery_status,http_status`],
    [`${ENRICHED},delivery_status,http_status,response_body,error,delivered_at`],
  ])("(%s) is not taken for the enrichment", async (columns) => {
    const chosen = { choice: "table", opened: [3, 2], results: resultsOf(2) };
    expect(await choose([INPUT, ENRICHED, columns])).toEqual(chosen);
    expect(await choose([INPUT, ENRICHED, columns], none)).toEqual(chosen);
  });

  test("is told by the block before where its columns have other names", async () => {
    const chosen = { choice: "table", opened: [3, 2], results: resultsOf(2) };
    for (const columns of [`${INPUT},hook_a,hook_b,hook_c`, "hook_a,hook_b,hook_c", `${INPUT},status,hook`]) {
      expect(await choose([INPUT, ENRICHED, columns], none)).toEqual(chosen);
    }
  });

  test("does not hide a result that has such columns itself", async () => {
    const columns = `${INPUT},title,url,status`;
    const results = LEADS.map(() => ({ structured_data: { title: "title 2", url: "url 2", status: "status 2" } }));
    const chosen = { choice: "table", opened: [2], results };
    expect(await choose([INPUT, columns], none)).toEqual(chosen);
    for (const webhook of [`${columns},status_code`, `${INPUT},status,status_code`, "status,status_code"]) {
      expect(await choose([INPUT, columns, webhook], none)).toEqual({ ...chosen, opened: [3, 2] });
    }
  });

  test("does not hide a later step of the enrichment", async () => {
    const step = `${INPUT},title`;
    const { results } = await choose([INPUT, step, `${step},ceo,status`], none);
    expect(results).toEqual(
      LEADS.map(() => ({ structured_data: { title: "title 3", ceo: "ceo 3", status: "status 3" } })),
    );
    expect(await choose([INPUT, step, `${ENRICHED},status`])).toMatchObject({ choice: "table", opened: [3, 2] });
    expect(await choose([INPUT, ENRICHED, `${ENRICHED},${DELIVERY}`, `${ENRICHED},status`], none)).toMatchObject({
      results: resultsOf(2),
    });
  });

  test("may have a column named like a field", async () => {
    const given = { outputs: ["status"] };
    const results = LEADS.map(() => ({ structured_data: { status: "status 2" } }));
    for (const webhook of [`${INPUT},status,status_code`, "status,status_code"]) {
      expect((await choose([INPUT, `${INPUT},status`, webhook], given)).results).toEqual(results);
      expect((await choose([INPUT, null, webhook], given)).choice).toBe("later");
      expect((await choose([INPUT, null, webhook], { ...given, accept: "whole" })).choice).toBe("later");
    }
    expect((await choose([INPUT, `${INPUT},status`], given)).results).toEqual(results);
  });

  test("is not the enrichment where no other file is listed", async () => {
    expect((await choose([INPUT, `${INPUT},status,status_code`], none)).choice).toBe("later");
    expect((await choose([INPUT, null, `${INPUT},status,status_code`], { ...none, accept: "best" })).choice).toBe(
      "later",
    );
  });

  test("leaves its columns out if it has to be taken", async () => {
    const columns = `${ENRICHED},status,status_code`;
    for (const other of ["", "<html><body>Sorry</body></html>", "too large"] as const) {
      expect((await choose([INPUT, other, columns])).results).toEqual(resultsOf(3));
      expect((await choose([INPUT, other, columns], none)).results).toEqual(resultsOf(3));
    }
    expect((await choose([INPUT, null, columns])).choice).toBe("later");
    expect((await choose([INPUT, null, columns], { accept: "whole" })).results).toEqual(resultsOf(3));
  });
});

describe("columns that are spelled otherwise", () => {
  test("are known by their letters", async () => {
    expect(await choose(["Name,Company", "Name,Company,Title,CEO"])).toEqual({
      choice: "table",
      opened: [2],
      results: LEADS.map(() => ({ structured_data: { title: "Title 2", ceo: "CEO 2" } })),
    });
    const { results } = await choose([INPUT, "NAME,COMPANY,Job Title", `Name,Company,jobTitle,${DELIVERY}`], {
      outputs: ["job_title"],
    });
    expect(results).toEqual(LEADS.map(() => ({ structured_data: { job_title: "Job Title 2" } })));
  });
});

describe("a file that can't be had now", () => {
  test.each<[Content]>([[null], ["expired"], ["unavailable"], ["breaks off"]])(
    "(%j) is waited for if it might be the right one, and no other is taken",
    async (missing) => {
      expect((await choose([INPUT, missing])).choice).toBe("later");
      expect((await choose([INPUT, ENRICHED, missing])).choice).toBe("later");
      expect((await choose([INPUT, missing, DELIVERY])).choice).toBe("later");
      expect((await choose([INPUT, missing, `${ENRICHED},${DELIVERY}`])).choice).toBe("later");
    },
  );

  test("does not matter if a later one is the right one", async () => {
    expect(await choose([null, null, ENRICHED])).toEqual({ choice: "table", opened: [3], results: resultsOf(3) });
  });

  test("is not waited for if its name says that it is the webhook's", async () => {
    const fileNames = { 3: "Webhook_output.csv" };
    expect((await choose([INPUT, ENRICHED, null], { fileNames })).results).toEqual(resultsOf(2));
    expect((await choose([INPUT, null, null], { fileNames })).choice).toBe("later");
  });

  test("is not waited for longer than some minutes if another one has the whole enrichment", async () => {
    const accept = "whole";
    const chosen = { choice: "table", opened: [2], results: resultsOf(2) };
    expect(await choose([INPUT, ENRICHED, null], { accept })).toEqual(chosen);
    expect(await choose([INPUT, ENRICHED, null], { accept, outputs: [] })).toEqual(chosen);
    expect(await choose([INPUT, ENRICHED, null], { accept, rowCount: null })).toEqual(chosen);
    expect((await choose([INPUT, ENRICHED, "expired"], { accept })).results).toEqual(resultsOf(2));
    expect((await choose([INPUT, null, `${ENRICHED},${DELIVERY}`], { accept })).choice).toBe("later");

    expect((await choose([INPUT, ENRICHED, null], { accept, rowCount: 1 })).choice).toBe("later");
    expect((await choose([INPUT, `${INPUT},title`, null], { accept })).choice).toBe("later");
    expect((await choose([INPUT, null, DELIVERY], { accept })).choice).toBe("later");
    expect((await choose([INPUT, null, `${INPUT},status,hook`], { accept, outputs: [] })).choice).toBe("later");
    expect((await choose([INPUT, "", null], { accept })).choice).toBe("later");
    expect((await choose([ENRICHED, null], { accept })).choice).toBe("later");
  });

  test("is given up at last, for the best one that can be read", async () => {
    const accept = "best";
    expect((await choose([INPUT, ENRICHED, null], { accept })).results).toEqual(resultsOf(2));
    expect((await choose([INPUT, null, `${ENRICHED},${DELIVERY}`], { accept })).results).toEqual(resultsOf(3));
    expect((await choose([ENRICHED, null, DELIVERY], { accept })).results).toEqual(resultsOf(1));
    expect((await choose([INPUT, null, DELIVERY], { accept })).choice).toBe("later");
    expect((await choose([ENRICHED, null], { accept, outputs: [] })).choice).toBe("later");
  });
});

describe("no file with the enrichment", () => {
  test("is said where the files can be read and have no such columns", async () => {
    expect((await choose([INPUT, "<html><body>Sorry</body></html>"])).choice).toBe("unreadable");
    expect((await choose([INPUT, ""])).choice).toBe("unreadable");
    expect((await choose([INPUT, "too large"])).choice).toBe("too_large");
  });

  test("is not said while only the input, or a webhook's file, is listed", async () => {
    expect((await choose([])).choice).toBe("later");
    expect((await choose([INPUT])).choice).toBe("later");
    expect((await choose([INPUT, DELIVERY])).choice).toBe("later");
  });
});

describe("inline rows", () => {
  const rows = LEADS.map((name) => ({ name, company: "", title: "Dr", ceo: null }));

  test("are read in place of a download where they are complete, with values of any type", async () => {
    const typed = LEADS.map((name) => ({ name, title: ["a"], ceo: 3 }));
    expect(await choose([INPUT, typed])).toEqual({
      choice: "table",
      opened: [],
      results: LEADS.map(() => ({ structured_data: { title: ["a"], ceo: 3 } })),
    });
    expect(await choose([rows, rows, rows.map((row) => ({ ...row, webhook_status: "ok" }))])).toMatchObject({
      choice: "table",
      results: LEADS.map(() => ({ structured_data: { title: "Dr", ceo: null } })),
    });
  });

  test("may have the shape of a single task's result", async () => {
    const single = LEADS.map((_, n) => ({ structured_data: { title: `T ${n}`, ceo: "" }, notes: "Seen" }));
    const results = LEADS.map((_, n) => ({ structured_data: { title: `T ${n}`, ceo: null }, notes: "Seen" }));
    for (const accept of ["none", "whole"] as const) {
      expect(await choose([INPUT, single], { accept })).toEqual({ choice: "table", opened: [], results });
      expect((await choose([INPUT, single, null], { accept })).choice).toBe(accept === "whole" ? "table" : "later");
    }
    expect((await choose([INPUT, single, "status,status_code"])).results).toEqual(results);
    expect((await choose([INPUT, single, "status,status_code"], { outputs: [] })).results).toMatchObject([
      { structured_data: { title: "T 0" } },
      { structured_data: { title: "T 1" } },
    ]);
  });

  test("may stand in the answer without a file", () => {
    const rows = [{ structured_data: { title: "Dr" } }, { structured_data: {} }];
    const file = { fileName: null, url: null, blockNumber: null, rowCount: 2, rows };
    expect(readInlineRows(rows, 2)).toEqual(file);
    expect(readInlineRows(JSON.stringify(rows), 2)).toEqual(file);
    for (const other of [rows.slice(1), null, "text", {}, [1, 2], [{ filename: "a" }, { filename: "b" }]]) {
      expect(readInlineRows(other, 2)).toBeNull();
    }
  });

  test("are not enough where there are fewer than leads", async () => {
    const { files, download } = storage([INPUT, ENRICHED]);
    const [input, enriched] = files as [ResultFile, ResultFile];
    const given = { leadCount: 2, sentColumns: [], outputs: [field("title")], accept: "none" as const, download };
    const some = await openResultFile([input, { ...enriched, rows: rows.slice(1) }], given);
    if (some.type !== "table") throw new Error(some.type);
    expect(await some.table.rows.next()).toMatchObject({ value: ["Ada", "company 2", "title 2", "ceo 2"] });
    await some.table.close();
    expect(await openResultFile([input, { ...enriched, url: null, rows: rows.slice(1) }], given)).toEqual({
      type: "later",
    });
  });
});
