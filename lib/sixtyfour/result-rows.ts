import { setImmediate } from "node:timers/promises";
import { CsvError, parse } from "csv-parse";
import { isRecord, keyOf, readValue } from "@/lib/sixtyfour/results/values";
import type { OutputField, OutputType } from "@/lib/sixtyfour/task-options";

/** A longer row is an error, as is a quote that is never closed: it makes one row of the rest of the file. */
const MAX_RECORD_BYTES = 10_000_000;
/** The parser handles one piece at a time without a break, which takes it a millisecond or two. */
const PIECE_BYTES = 64 * 1024;

/** A table whose column names are known, and whose rows are read on demand. */
export interface Table {
  columns: string[];
  /** Cells by column: text in a CSV file, values of any type in inline rows. */
  rows: { next(): Promise<IteratorResult<unknown[], unknown>> };
  /** Ends reading and releases the source. */
  close(): Promise<void>;
}

/** One row of a result file. */
export interface ResultRow {
  /** The values that it repeats of the row that was sent, by its columns; empty where it repeats nothing. */
  given: Record<string, string>;
  /** The result, in the shape of a single task's result. */
  result: Record<string, unknown>;
}

/** The file is no table of results, and trying again does not help. */
export class UnreadableRowsError extends Error {
  override readonly name = "UnreadableRowsError";
}

/** Stand beside `structured_data` in the result of a single task. */
const SUMMARY_COLUMNS = new Set(["confidence_score", "references", "notes", "findings", "field_confidence"]);
/** The people of a company are a field of `structured_data`, although nobody asks for it by this name. */
const PEOPLE_COLUMN = "leads";
/** Holds all fields of a row as an object, where rows have the shape of a single task's result. */
export const FIELDS_COLUMN = "structured_data";

/**
 * Opens a CSV file in UTF-8: reads its first row and leaves the others to be read one by one. It takes linear time, holds
 * no more than a row and a piece of the file in memory, and lets the event loop turn between pieces.
 *
 * @throws UnreadableRowsError where the file is not well-formed, now or while its rows are read; whatever `chunks` throws
 */
export async function openCsv(chunks: AsyncIterable<Uint8Array>): Promise<Table> {
  const records = readCsv(chunks);
  let first = await records.next();
  while (!first.done && isEmptyLine(first.value)) first = await records.next();
  if (first.done) throw new UnreadableRowsError("The file is empty.");
  const { length } = first.value;
  const close = async () => void (await records.return());
  return {
    columns: first.value,
    rows: {
      async next() {
        for (;;) {
          const record = await records.next();
          if (record.done || record.value.length === length) return record;
          if (isEmptyLine(record.value)) continue;
          await close();
          throw new UnreadableRowsError("A row has another number of cells than the first one.");
        }
      },
    },
    close,
  };
}

/** A table of rows that are at hand, by the names that occur in any of them. */
export function tableOf(objects: Record<string, unknown>[]): Table {
  const columns = [...new Set(objects.flatMap(Object.keys))];
  const rows = objects.map((object) => columns.map((name) => (Object.hasOwn(object, name) ? object[name] : null)));
  const iterator = rows.values();
  return { columns, rows: { next: async () => iterator.next() }, close: async () => {} };
}

/** Yields the rows before a fault before it throws, so that the first one can be had of any file. */
async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[], void, undefined> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let records: string[][] = [];
  const parser = parse({
    bom: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    max_record_size: MAX_RECORD_BYTES,
    on_record: (record: string[]) => {
      records.push(record);
      return null;
    },
  });
  // Each error also comes by the callback of the write that caused it.
  parser.on("error", () => {});
  const feed = (piece: Uint8Array | null) =>
    new Promise<Error | null | undefined>((resolve) => (piece ? parser.write(piece, resolve) : parser.end(resolve)));
  const take = () => {
    const taken = records;
    records = [];
    return taken;
  };
  try {
    for await (const piece of inPieces(chunks)) {
      const error = (await feed(piece)) ?? findBadUtf8(utf8, piece);
      yield* take();
      if (error) throw toUnreadable(error);
    }
    const error = (await feed(null)) ?? findBadUtf8(utf8, null);
    yield* take();
    if (error) throw toUnreadable(error);
  } finally {
    parser.destroy();
  }
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
      yield chunk.subarray(at, at + PIECE_BYTES);
      // A source that never waits would otherwise block the event loop until its end.
      await setImmediate();
    }
  }
}

/** The parser replaces bytes that are no UTF-8 without an error. */
function findBadUtf8(decoder: TextDecoder, piece: Uint8Array | null): Error | null {
  try {
    decoder.decode(piece ?? new Uint8Array(), { stream: piece !== null });
    return null;
  } catch {
    return new UnreadableRowsError("The file is not UTF-8.");
  }
}

function toUnreadable(error: Error): Error {
  // The parser's own message repeats cells, so its code is all that is kept.
  return error instanceof CsvError ? new UnreadableRowsError(`The file is no well-formed CSV: ${error.code}.`) : error;
}

function isEmptyLine(record: string[]): boolean {
  return record.length === 1 && record[0] === "";
}

export interface ColumnsOf {
  /** The columns of the file that was sent, in their order. */
  sentColumns: string[];
  /** The fields that were asked for; empty where the choice was left to Sixtyfour. */
  outputs: OutputField[];
}

interface Column {
  /** As it was sent or asked for, if the file only spells it differently. */
  name: string;
  index: number;
}

/** The columns of a result file by where they come from. */
export interface SortedColumns {
  /** Repeat the file that was sent. */
  given: Column[];
  /** Belong to the result. */
  found: Column[];
  /** Belong to the result, although a webhook's delivery is told in columns of such names. */
  ambiguous: Column[];
  /** Tell about a webhook's delivery, and belong to no result. */
  webhook: Column[];
  /**
   * Names in `found` of columns that stand in the place of one that was sent: the result may have replaced it, or it is
   * the input itself, which the columns alone don't tell.
   */
  replaced: Set<string>;
}

/**
 * Sorts the columns of a result file. It has the columns that were sent and then those of the result; a name that both have
 * stands there twice, or once if the result has replaced the input. If a column is named after a webhook, the webhook's
 * block has written the file, so columns that nobody asked for are not taken for the result's.
 */
export function sortColumns(columns: string[], columnsOf: ColumnsOf): SortedColumns {
  const { names, sentIndexes } = identifyColumns(columns, columnsOf);
  const asked = new Set(columnsOf.outputs.map(({ name }) => name));
  const isResult = (name: string) => asked.has(name) || SUMMARY_COLUMNS.has(name) || name === PEOPLE_COLUMN;
  const beyond = names.filter((_, index) => !sentIndexes.has(index));
  const isOfWebhook = beyond.some((name) => isNamedAfterWebhook(name) && !asked.has(name));

  const sorted: SortedColumns = { given: [], found: [], ambiguous: [], webhook: [], replaced: new Set() };
  for (const [index, name] of names.entries()) {
    const column = { name, index };
    if (!sentIndexes.has(index)) {
      const isForeign = asked.size > 0 ? !isResult(name) && name !== FIELDS_COLUMN : isOfDelivery(name);
      if (isOfWebhook && isForeign) sorted.webhook.push(column);
      else sorted[isOfDelivery(name) && !isResult(name) ? "ambiguous" : "found"].push(column);
    } else if (asked.has(name) && !beyond.includes(name)) {
      sorted.found.push(column);
      sorted.replaced.add(name);
    } else {
      sorted.given.push(column);
    }
  }
  return sorted;
}

/**
 * Finds the columns that were sent, and names all columns as they were sent or asked for. Case, spaces and punctuation
 * count only where two columns differ by nothing else.
 */
function identifyColumns(
  columns: string[],
  { sentColumns, outputs }: ColumnsOf,
): { names: string[]; sentIndexes: Set<number> } {
  const isRepeated = sentColumns.every((name, index) => plainName(columns[index] ?? "") === plainName(name));
  const known = [...outputs.map(({ name }) => name), ...SUMMARY_COLUMNS, PEOPLE_COLUMN, FIELDS_COLUMN];
  const expected = isRepeated ? known : [...known, ...sentColumns];
  const rest = isRepeated ? columns.slice(sentColumns.length) : columns;
  const missing = expected.filter((name) => !rest.includes(name));
  const spellings = new Map(missing.map((name) => [plainName(name), name]));
  const names = columns.map((name, index) => {
    if (isRepeated && index < sentColumns.length) return sentColumns[index] ?? name;
    return expected.includes(name) ? name : (spellings.get(plainName(name)) ?? name);
  });
  return { names, sentIndexes: new Set(sentColumns.map((name, index) => (isRepeated ? index : names.indexOf(name)))) };
}

/** `Job title`, `jobTitle` and `structured_data.job_title` as `jobtitle`. */
function plainName(name: string): string {
  const plain = name.normalize("NFKC").toLowerCase();
  return plain.replace(/^structured_data\.|[^\p{L}\p{N}]+/gu, "") || plain;
}

function isNamedAfterWebhook(name: string): boolean {
  return /webhook/i.test(name);
}

/** Names under which a webhook's block tells about its delivery. */
const DELIVERY_NAME =
  /^((http|response|request|delivery|delivered|sent|posted|attempts?|retries|retry|status|error|event|payload|success)(_.*)?|ok|code|message|timestamp|method|endpoint|url|duration(_ms)?|latency(_ms)?)$/;

/** True if a webhook's block may have such a column of its own, although a result may have it too. */
export function isOfDelivery(name: string): boolean {
  return isNamedAfterWebhook(name) || DELIVERY_NAME.test(keyOf(name));
}

/** The table without some of its columns. */
export function withoutColumns(table: Table, indexes: Set<number>): Table {
  if (indexes.size === 0) return table;
  const pick = <T>(cells: T[]) => cells.filter((_, index) => !indexes.has(index));
  return {
    columns: pick(table.columns),
    rows: {
      async next() {
        const row = await table.rows.next();
        return row.done ? row : { done: false, value: pick(row.value) };
      },
    },
    close: () => table.close(),
  };
}

/**
 * Reads the rows of a result file, each with what it repeats and with the result in the shape of a single task's. Cells
 * of a CSV file are text, so they are read by the type that was asked for.
 *
 * @throws UnreadableRowsError, and whatever reading the table throws
 */
export async function* readResultRows(table: Table, columnsOf: ColumnsOf): AsyncGenerator<ResultRow, void, undefined> {
  const { given, found, ambiguous } = sortColumns(table.columns, columnsOf);
  const toResult = resultReader([...found, ...ambiguous], columnsOf);
  try {
    if (!toResult) throw new UnreadableRowsError("The file has no columns of results.");
    for (let row = await table.rows.next(); !row.done; row = await table.rows.next()) {
      yield { given: repeatedValues(row.value, given), result: toResult(row.value) };
    }
  } finally {
    await table.close();
  }
}

function repeatedValues(cells: unknown[], columns: Column[]): Record<string, string> {
  const text = (value: unknown) => (typeof value === "object" ? "" : String(value ?? ""));
  return Object.fromEntries(columns.map(({ name, index }) => [name, text(cells[index])]));
}

/** @returns null if no column holds a field of the result */
function resultReader(
  columns: Column[],
  { outputs }: ColumnsOf,
): ((cells: unknown[]) => Record<string, unknown>) | null {
  const types = new Map(outputs.map(({ name, type }) => [name, type]));
  const spellings = new Map(outputs.map(({ name }) => [plainName(name), name]));
  const isSummary = (name: string) => (types.size > 0 ? name !== PEOPLE_COLUMN : SUMMARY_COLUMNS.has(name));
  const roleOf = (name: string) => {
    if (types.has(name)) return "field";
    if (name === FIELDS_COLUMN) return "fields";
    return isSummary(name) ? "summary" : "field";
  };
  const sources = columns
    .toSorted((a, b) => a.index - b.index)
    .map(({ name, index }) => ({ name, index, type: types.get(name), role: roleOf(name) }));
  const hasFields = sources.some(({ name, role }) => types.size === 0 || types.has(name) || role === "fields");
  if (!hasFields) return null;

  return (cells) => {
    const fields: [string, unknown][] = [];
    const summary: [string, unknown][] = [];
    for (const { name, index, type, role } of sources) {
      const object = role === "fields" ? readValue(cells[index]) : null;
      if (isRecord(object)) {
        for (const [key, value] of Object.entries(object)) {
          const field = types.has(key) ? key : (spellings.get(plainName(key)) ?? key);
          fields.push([field, readCell(value, types.get(field))]);
        }
        continue;
      }
      const value = readCell(cells[index], type);
      if (role === "field") fields.push([name, value]);
      else if (value === null) continue;
      // The cell should hold all fields and does not: it becomes a field, so that nothing is lost.
      else if (role === "fields") fields.push([name, value]);
      else summary.push([name, name === "confidence_score" ? toNumber(value) : value]);
    }
    return { structured_data: Object.fromEntries(fields), ...Object.fromEntries(summary) };
  };
}

/**
 * A cell by the type that was asked for; text where it is something else. Values of inline rows are kept as they are. Text
 * in Python's notation stays text: the reader of results understands it.
 */
function readCell(cell: unknown, type: OutputType | undefined): unknown {
  if (cell === "" || cell === undefined) return null;
  if (typeof cell !== "string") return cell;
  switch (type) {
    case "int":
    case "float":
      return toNumber(cell);
    case "bool":
      return /^(true|false)$/i.test(cell) ? cell.toLowerCase() === "true" : cell;
    case "str":
    // As in a single task's result, where it is text with JSON in it.
    case "dict":
      return cell;
    default:
      return /^\s*[[{]/.test(cell) ? parseJson(cell) : cell;
  }
}

function toNumber(value: unknown): unknown {
  const isNumber = typeof value === "string" && /^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(value);
  return isNumber ? Number(value) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that only begins like JSON.
    return text;
  }
}
