import { describe, expect, test } from "vitest";
import { openCsv, readResultRows, sortColumns, tableOf, UnreadableRowsError } from "@/lib/sixtyfour/result-rows";
import type { OutputField } from "@/lib/sixtyfour/task-options";

const field = (name: string, type: OutputField["type"] = "str"): OutputField => ({ name, type, description: name });

async function read(
  file: string | Uint8Array,
  { sentColumns = ["name"], outputs = [] as OutputField[], chunkBytes = 7 } = {},
) {
  const bytes = typeof file === "string" ? new TextEncoder().encode(file) : file;
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const rows = [];
  for await (const row of readResultRows(await openCsv(chunks()), { sentColumns, outputs })) rows.push(row);
  return rows;
}

describe("a result file", () => {
  test("gives each row what it repeats and what was found, by the types that were asked for", async () => {
    const outputs = [
      field("title"),
      field("staff", "int"),
      field("share", "float"),
      field("hiring", "bool"),
      field("tags", "list[str]"),
      field("head", "dict"),
    ];
    const file =
      '\uFEFFname,title,title,staff,share,hiring,tags,head\r\n"Lovelace, Ada",Countess,Analyst,12,0.5,True,"[""a"",""b""]","{""name"":""Bo""}"\r\nEmil,,,many,,no,none,\r\n';
    expect(await read(file, { sentColumns: ["name", "title"], outputs })).toEqual([
      {
        given: { name: "Lovelace, Ada", title: "Countess" },
        result: {
          structured_data: {
            title: "Analyst",
            staff: 12,
            share: 0.5,
            hiring: true,
            tags: ["a", "b"],
            head: '{"name":"Bo"}',
          },
        },
      },
      {
        given: { name: "Emil", title: "" },
        result: {
          structured_data: { title: null, staff: "many", share: null, hiring: "no", tags: "none", head: null },
        },
      },
    ]);
  });

  test("keeps quoted line ends and characters that a chunk cuts in two", async () => {
    const file = 'name,notes\n"Müller\n😀","Größe"\n';
    for (const chunkBytes of [1, 2, 3, 5, 100]) {
      const [row] = await read(file, { outputs: [field("notes")], chunkBytes });
      expect(row).toEqual({ given: { name: "Müller\n😀" }, result: { structured_data: { notes: "Größe" } } });
    }
  });

  test("puts beside the fields what a single job's result has there, and what nobody asked for", async () => {
    const file = 'name,ceo,confidence_score,references,extra\nAcme,Bo,7.5,"{""https://a.example"":""Home""}",[broken\n';
    const [asked] = await read(file, { outputs: [field("ceo")] });
    const summary = { confidence_score: 7.5, references: { "https://a.example": "Home" } };
    expect(asked?.result).toEqual({ structured_data: { ceo: "Bo" }, ...summary, extra: "[broken" });
    const [open] = await read(file);
    expect(open?.result).toEqual({ structured_data: { ceo: "Bo", extra: "[broken" }, ...summary });
  });

  test("may leave out what was sent, or give it elsewhere", async () => {
    const outputs = [field("ceo")];
    expect(await read("ceo\nBo\n", { outputs })).toEqual([{ given: {}, result: { structured_data: { ceo: "Bo" } } }]);
    expect(await read("ceo,name\nBo,Acme\n", { outputs })).toEqual([
      { given: { name: "Acme" }, result: { structured_data: { ceo: "Bo" } } },
    ]);
  });

  test("keeps columns in their order, also those that could tell about a delivery", async () => {
    const [row] = await read("name,status,ceo,url\nAcme,active,Bo,a.example\n");
    expect(Object.entries(row?.result.structured_data ?? {})).toEqual([
      ["status", "active"],
      ["ceo", "Bo"],
      ["url", "a.example"],
    ]);
    const [asked] = await read("name,ceo,url\nAcme,Bo,a.example\n", { outputs: [field("ceo")] });
    expect(asked?.result).toEqual({ structured_data: { ceo: "Bo" }, url: "a.example" });
  });

  test("with a header alone has no rows", async () => {
    expect(await read("name,ceo\n")).toEqual([]);
  });

  test.each<[string, string | Uint8Array]>([
    ["that is empty", ""],
    ["without columns of results", "name\nAda\n"],
    ["that is a page for people", "<html><body>Sorry</body></html>"],
    ["with a row that is too short", "name,ceo\nAda\n"],
    ["with a row that is too long", "name,ceo\nAda,Bo,Cy\n"],
    ["with a quote that is not closed", 'name,ceo\nAda,"Bo\nEmil,Cy\n'],
    ["with a quote that is closed in another row", 'name,ceo\nAda,"Bo\n"Emil",Cy\n'],
    ["with a quote within a cell", 'name,ceo\nAda,B"o\n'],
    ["that is cut off within a row", "name,ceo\nAda,Bo\nEmil"],
    ["that is cut off within a quoted cell", 'name,ceo\nAda,Bo\nEmil,"C'],
    ["with a row of more than 10 MB", `name,ceo\nAda,"${"x".repeat(10_000_001)}"\n`],
    ["that is not UTF-8", new Uint8Array([0x6e, 0x2c, 0x6d, 0x0a, 0xff, 0x2c, 0x61, 0x0a])],
    ["that is cut off within a character", new Uint8Array([0x6e, 0x2c, 0x6d, 0x0a, 0x61, 0x2c, 0xc3])],
  ])("%s is unreadable", async (_, file) => {
    const chunkBytes = file.length > 1_000 ? 100_000 : 7;
    await expect(read(file, { outputs: [field("ceo")], chunkBytes })).rejects.toThrow(UnreadableRowsError);
  });

  test("may end its rows in any way, and with empty lines", async () => {
    const rows = ["Ada", "Emil"].map((name) => ({ given: { name }, result: { structured_data: { ceo: "Bo" } } }));
    for (const end of ["\n", "\r\n", "\r"]) {
      const lines = ["\uFEFFname,ceo", "Ada,Bo", '"Emil","Bo"'].join(end);
      for (const chunkBytes of [1, 2, 3, 100]) {
        for (const last of ["", end, end + end + end]) {
          expect(await read(lines + last, { outputs: [field("ceo")], chunkBytes })).toEqual(rows);
        }
      }
    }
  });

  test("with a single column may have an empty line for an empty cell", async () => {
    const results = (await read("ceo\n\nBo\n", { outputs: [field("ceo")] })).map(({ result }) => result);
    expect(results).toEqual([{ structured_data: { ceo: null } }, { structured_data: { ceo: "Bo" } }]);
  });

  test("keeps lists and objects in Python's notation as text", async () => {
    const file = `name,tags,ceo\nAcme,"['a', 'b']","{'name': 'Bo'}"\n`;
    const [row] = await read(file, { outputs: [field("tags", "list[str]"), field("ceo", "list")] });
    expect(row?.result).toEqual({ structured_data: { tags: "['a', 'b']", ceo: "{'name': 'Bo'}" } });
  });

  test("puts the people of a company into structured_data, as JSON or as Python's text", async () => {
    const file = `name,ceo,leads\nAcme,Bo,"[{""name"":""Cy""}]"\nEmca,Bo,"[{'name': 'Cy'}]"\n`;
    expect((await read(file, { outputs: [field("ceo")] })).map(({ result }) => result)).toEqual([
      { structured_data: { ceo: "Bo", leads: [{ name: "Cy" }] } },
      { structured_data: { ceo: "Bo", leads: "[{'name': 'Cy'}]" } },
    ]);
  });

  test("with a quote that is not closed is refused in linear time, and other work goes on meanwhile", async () => {
    const file = `name,ceo\nAda,"${"Bo\nEmil,Cy".repeat(500_000)}`;
    let turns = 0;
    let timer = setImmediate(function count() {
      turns += 1;
      timer = setImmediate(count);
    });
    // One chunk, so that nothing but the reader lets others have a turn.
    const reading = read(file, { outputs: [field("ceo")], chunkBytes: file.length });
    await expect(reading).rejects.toThrow(UnreadableRowsError);
    clearImmediate(timer);
    expect(file.length).toBeGreaterThan(5_000_000);
    expect(turns).toBeGreaterThan(50);
  });

  test("that breaks off throws what the source threw", async () => {
    async function* chunks() {
      yield new TextEncoder().encode("name,ceo\nAda,Bo\n");
      throw new Error("broken off");
    }
    const readAll = async () => {
      for await (const row of readResultRows(await openCsv(chunks()), { sentColumns: ["name"], outputs: [] })) {
        expect(row.given).toEqual({ name: "Ada" });
      }
    };
    await expect(readAll()).rejects.toThrow("broken off");
  });

  test("that is opened and closed is released", async () => {
    let isReleased = false;
    async function* chunks() {
      try {
        for (;;) yield new TextEncoder().encode("name,ceo\nAda,Bo\n".repeat(1_000));
      } finally {
        isReleased = true;
      }
    }
    const table = await openCsv(chunks());
    expect(table.columns).toEqual(["name", "ceo"]);
    await table.close();
    await expect.poll(() => isReleased).toBe(true);
    expect(await table.rows.next()).toMatchObject({ done: true });
  });

  test("that nobody reads to its end is released", async () => {
    let isReleased = false;
    async function* chunks() {
      try {
        for (;;) yield new TextEncoder().encode("name,ceo\nAda,Bo\n".repeat(1_000));
      } finally {
        isReleased = true;
      }
    }
    for await (const _ of readResultRows(await openCsv(chunks()), { sentColumns: ["name"], outputs: [] })) break;
    await expect.poll(() => isReleased).toBe(true);
  });
});

describe("inline rows", () => {
  test("keep the types of their values, and may lack keys", async () => {
    const table = tableOf([
      { name: "Acme", staff: 3, tags: ["a"], confidence_score: "0.9" },
      { name: "Emca", hiring: false, staff: "4" },
    ]);
    const outputs = [field("staff", "int"), field("hiring", "bool"), field("tags", "list[str]")];
    const rows = [];
    for await (const row of readResultRows(table, { sentColumns: ["name"], outputs })) rows.push(row);
    expect(rows).toEqual([
      {
        given: { name: "Acme" },
        result: { structured_data: { staff: 3, hiring: null, tags: ["a"] }, confidence_score: 0.9 },
      },
      { given: { name: "Emca" }, result: { structured_data: { staff: 4, hiring: false, tags: null } } },
    ]);
  });
});

describe("rows in the shape of a single task's result", () => {
  const outputs = [field("job_title"), field("staff", "int"), field("tags", "list[str]")];
  const readAll = async (table: ReturnType<typeof tableOf>, asked = outputs) => {
    const rows = [];
    for await (const row of readResultRows(table, { sentColumns: ["name"], outputs: asked })) rows.push(row);
    return rows;
  };

  test("are unwrapped where they stand inline", async () => {
    const table = tableOf([
      { structured_data: { job_title: "Dr", staff: 3, tags: ["a"] }, notes: "Seen", confidence_score: 0.9 },
      { structured_data: { "Job Title": "Ms", staff: "4", tags: "" }, notes: "", confidence_score: "8.5" },
      { structured_data: null, name: "Cy" },
    ]);
    expect(await readAll(table)).toEqual([
      {
        given: { name: "" },
        result: {
          structured_data: { job_title: "Dr", staff: 3, tags: ["a"] },
          notes: "Seen",
          confidence_score: 0.9,
        },
      },
      {
        given: { name: "" },
        result: { structured_data: { job_title: "Ms", staff: 4, tags: null }, confidence_score: 8.5 },
      },
      { given: { name: "Cy" }, result: { structured_data: {} } },
    ]);
  });

  test("are unwrapped where a CSV file has them as JSON or in Python's notation", async () => {
    const file = `name,structured_data,notes\nAda,"{""job_title"":""Dr"",""staff"":""3""}",Seen\nBo,"{'job_title': 'Ms', 'other': None}",\nCy,,\n`;
    const results = [
      { structured_data: { job_title: "Dr", staff: 3 }, notes: "Seen" },
      { structured_data: { job_title: "Ms", other: null } },
      { structured_data: {} },
    ];
    expect((await read(file, { outputs })).map(({ result }) => result)).toEqual(results);
    results[0] = { structured_data: { job_title: "Dr", staff: "3" as unknown as number }, notes: "Seen" };
    expect((await read(file)).map(({ result }) => result)).toEqual(results);
  });

  test("lose nothing where a cell holds something else", async () => {
    const [row] = await read("name,structured_data\nAda,{broken\n", { outputs });
    expect(row?.result).toEqual({ structured_data: { structured_data: "{broken" } });
  });

  test("may have a field that is called structured_data", async () => {
    const [row] = await read(`name,structured_data\nAda,"{""a"":1}"\n`, {
      outputs: [field("structured_data", "dict")],
    });
    expect(row?.result).toEqual({ structured_data: { structured_data: '{"a":1}' } });
  });
});

describe("names of columns", () => {
  test.each([
    "Name,Company,Job Title,Staff,Confidence Score",
    "NAME,company,jobTitle,STAFF,confidenceScore",
    "name,company,structured_data.job_title,structured_data.staff,confidence_score",
    "Job-Title,Staff,Confidence_Score,Company,Name",
  ])("%s may be spelled otherwise than they were sent and asked for", async (header) => {
    const values = new Map([
      ["name", "Ada"],
      ["company", "Acme"],
      ["jobtitle", "Dr"],
      ["staff", "3"],
      ["confidencescore", "0.5"],
    ]);
    const plain = (name: string) =>
      name
        .replace("structured_data.", "")
        .toLowerCase()
        .replace(/[^a-z]/g, "");
    const line = header.split(",").map((name) => values.get(plain(name)) ?? "");
    const outputs = [field("job_title"), field("staff", "int")];
    expect(await read(`${header}\n${line.join(",")}\n`, { sentColumns: ["name", "company"], outputs })).toEqual([
      {
        given: { name: "Ada", company: "Acme" },
        result: { structured_data: { job_title: "Dr", staff: 3 }, confidence_score: 0.5 },
      },
    ]);
  });

  test("count in full where two columns differ by case alone", async () => {
    const outputs = [field("title"), field("Title")];
    const [row] = await read("name,Title,title\nAda,A,B\n", { outputs });
    expect(row?.result).toEqual({ structured_data: { Title: "A", title: "B" } });
  });

  test("that were sent and asked for are told apart by their place, in any case", async () => {
    const given = { sentColumns: ["name", "title"], outputs: [field("title")] };
    const row = { given: { name: "Ada", title: "A" }, result: { structured_data: { title: "B" } } };
    for (const header of ["Name,Title,Title", "name,title,Title", "Name,Title,title"]) {
      expect(await read(`${header}\nAda,A,B\n`, given)).toEqual([row]);
    }
  });
});

describe("the columns of a result file", () => {
  const sort = (names: string, sent: string, outputs: string) => {
    const { given, found, ambiguous, webhook, replaced } = sortColumns(names.split(","), {
      sentColumns: sent.split(","),
      outputs: outputs ? outputs.split(",").map((name) => field(name)) : [],
    });
    const text = (columns: { name: string; index: number }[]) => columns.map(({ name, index }) => `${index} ${name}`);
    return {
      given: text(given),
      found: text(found),
      ambiguous: text(ambiguous),
      webhook: text(webhook),
      replaced: [...replaced],
    };
  };

  test.each<[string, string, string, Partial<ReturnType<typeof sort>>]>([
    ["name,title,title", "name,title", "title", { given: ["0 name", "1 title"], found: ["2 title"], replaced: [] }],
    ["name,title", "name,title", "title", { given: ["0 name"], found: ["1 title"], replaced: ["title"] }],
    ["title,ceo,name,title", "name,title", "title,ceo", { given: ["0 title", "2 name"], found: ["1 ceo", "3 title"] }],
    ["name,ceo,notes,extra", "name", "ceo", { found: ["1 ceo", "2 notes", "3 extra"], webhook: [] }],
    ["name,ceo,notes,leads,webhook_id,sent_at,extra", "name", "ceo", { found: ["1 ceo", "2 notes", "3 leads"] }],
    [
      "name,ceo,status,webhook_id,sent_at",
      "name",
      "",
      { found: ["1 ceo"], webhook: ["2 status", "3 webhook_id", "4 sent_at"] },
    ],
    ["name,ceo,status,sent_at", "name", "", { found: ["1 ceo"], ambiguous: ["2 status", "3 sent_at"], webhook: [] }],
    [
      "name,ceo,delivery_status,httpStatus,Event ID",
      "name",
      "ceo",
      { found: ["1 ceo"], ambiguous: ["2 delivery_status", "3 httpStatus", "4 Event ID"], webhook: [] },
    ],
    ["name,status,status_code", "name", "status", { found: ["1 status"], ambiguous: ["2 status_code"] }],
    ["status,ceo", "status", "ceo", { given: ["0 status"], found: ["1 ceo"], ambiguous: [] }],
    ["name,webhook_id", "name", "webhook_id", { found: ["1 webhook_id"], webhook: [] }],
    [
      "webhook_id,name,ceo",
      "webhook_id,name",
      "ceo",
      { given: ["0 webhook_id", "1 name"], found: ["2 ceo"], webhook: [] },
    ],
  ])("%s, of which %s was sent and [%s] asked for, are told apart", (names, sent, outputs, sorted) => {
    expect(sort(names, sent, outputs)).toMatchObject(sorted);
  });
});
