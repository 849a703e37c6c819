import { describe, expect, test } from "vitest";
import { readResultRows, UnreadableRowsError } from "@/lib/sixtyfour/result-rows";
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
  for await (const row of readResultRows(chunks(), { sentColumns, outputs })) rows.push(row);
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

  test("with a header alone has no rows", async () => {
    expect(await read("name,ceo\n")).toEqual([]);
  });

  test.each<[string, string | Uint8Array]>([
    ["that is empty", ""],
    ["without columns of results", "name\nAda\n"],
    ["that is a page for people", "<html><body>Sorry</body></html>"],
    ["with a row that is too short", "name,ceo\nAda\n"],
    ["with a row that is too long", "name,ceo\nAda,Bo,Cy\n"],
    ["that is not UTF-8", new Uint8Array([0x6e, 0x2c, 0x6d, 0x0a, 0xff, 0x2c, 0x61, 0x0a])],
    ["that is cut off within a character", new Uint8Array([0x6e, 0x2c, 0x6d, 0x0a, 0x61, 0x2c, 0xc3])],
  ])("%s is unreadable", async (_, file) => {
    await expect(read(file, { outputs: [field("ceo")] })).rejects.toThrow(UnreadableRowsError);
  });

  test("that breaks off throws what the source threw", async () => {
    async function* chunks() {
      yield new TextEncoder().encode("name,ceo\nAda,Bo\n");
      throw new Error("broken off");
    }
    const readAll = async () => {
      for await (const row of readResultRows(chunks(), { sentColumns: ["name"], outputs: [] })) {
        expect(row.given).toEqual({ name: "Ada" });
      }
    };
    await expect(readAll()).rejects.toThrow("broken off");
  });

  test("that nobody reads to its end is let go", async () => {
    let isReleased = false;
    async function* chunks() {
      try {
        for (;;) yield new TextEncoder().encode("name,ceo\nAda,Bo\n".repeat(1_000));
      } finally {
        isReleased = true;
      }
    }
    for await (const _ of readResultRows(chunks(), { sentColumns: ["name"], outputs: [] })) break;
    await expect.poll(() => isReleased).toBe(true);
  });
});
