/** Holds the list that a person is about to submit, in a thread of its own: the page stays free whatever its size. */
import type {
  ListAnswer,
  ListCallName,
  ListCalls,
  ListRequest,
  ListSummary,
} from "@/app/submissions/list/_components/list-messages";
import { decodeText } from "@/lib/lists/decode-text";
import { ListBook } from "@/lib/lists/list-book";
import { readTable } from "@/lib/lists/read-table";

const PREVIEW_ROWS = 5;

let text = "";
let book: ListBook | null = null;

const handlers: { [Name in ListCallName]: (given: ListCalls[Name]["given"]) => Promise<ListCalls[Name]["answer"]> } = {
  async read({ source }) {
    const decoded =
      typeof source === "string" ? { text: source } : decodeText(new Uint8Array(await source.arrayBuffer()));
    if ("problem" in decoded) return decoded;
    text = decoded.text;
    return open();
  },
  reread: async ({ hasHeader }) => open(hasHeader),
  check: async (given) => opened().check(given),
  badRows: async ({ from, limit }) => opened().badRows(from, limit),
  mend: async ({ row, cells }) => opened().mend(row, cells),
  skip: async ({ row }) => opened().skip(row),
  bringBack: async () => opened().bringBack(),
  badRowsAsCsv: async () => opened().badRowsAsCsv(),
  leads: async ({ from, limit }) => opened().leads(from, limit),
};

function open(hasHeader?: boolean): ListSummary | { problem: string } {
  const table = readTable(text, hasHeader);
  if ("problem" in table) return table;
  book = new ListBook(table);
  const { columns, rows } = table;
  return { columns, rowCount: rows.length, preview: rows.slice(0, PREVIEW_ROWS), hasHeader: table.hasHeader };
}

function opened(): ListBook {
  if (!book) throw new Error("No list has been read.");
  return book;
}

async function answer<Name extends ListCallName>({ id, name, given }: ListRequest<Name>): Promise<ListAnswer> {
  try {
    return { id, answer: await handlers[name](given) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

// One after the other, as they were asked: reading a file takes its time, and the next may be chosen meanwhile.
let last: Promise<void> = Promise.resolve();

self.addEventListener("message", ({ data }: MessageEvent<ListRequest>) => {
  last = last.then(async () => self.postMessage(await answer(data)));
});
