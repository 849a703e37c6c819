import { pipeline, Readable } from "node:stream";
import Papa from "papaparse";
import type { OutputField, OutputType } from "@/lib/sixtyfour/task-options";

/** In characters; some hundred columns have some thousand. */
const LONGEST_FIRST_LINE = 1_000_000;

/** One row of a result file. */
export interface ResultRow {
  /** What it repeats of the row that was sent, by the columns of then; empty where it repeats nothing. */
  given: Record<string, string>;
  /** What was found, in the shape of a single job's result. */
  result: Record<string, unknown>;
}

/** The file is no table of results, and will not become one. */
export class UnreadableRowsError extends Error {
  override readonly name = "UnreadableRowsError";
}

/** What stands beside `structured_data` in the result of a single job. */
const SUMMARY_COLUMNS = new Set(["confidence_score", "references", "notes", "findings", "field_confidence"]);

/**
 * Reads the result file of a bulk job (CSV in UTF-8) row by row, however long it is. It has the columns that were sent
 * and then those of the results; a name that both have stands there twice. Cells are text, so they are read by the type
 * that was asked for.
 *
 * @param sentColumns the columns of the file that was sent, in their order
 * @param outputs the fields that were asked for; empty where it was left to Sixtyfour
 * @throws UnreadableRowsError, and whatever reading the chunks throws
 */
export async function* readResultRows(
  chunks: AsyncIterable<Uint8Array>,
  { sentColumns, outputs }: { sentColumns: string[]; outputs: OutputField[] },
): AsyncGenerator<ResultRow> {
  const types = new Map(outputs.map(({ name, type }) => [name, type]));
  let header: Header | null = null;
  for await (const cells of readCsv(chunks)) {
    if (!header) {
      header = readHeader(cells, sentColumns, types);
    } else {
      if (cells.length !== header.width) throw new UnreadableRowsError("A row has another number of cells.");
      yield { given: pick(cells, header.given), result: toResult(cells, header.found, types) };
    }
  }
  if (!header) throw new UnreadableRowsError("The file is empty.");
}

async function* readCsv(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const parser = Papa.parse(Papa.NODE_STREAM_INPUT, { delimiter: ",", skipEmptyLines: true });
  // Errors of the source come out of the parser, and whoever stops reading the parser stops the source.
  pipeline(Readable.from(withWholeFirstLine(decode(chunks))), parser, () => {});
  for await (const cells of parser) yield cells as string[];
}

/** The parser tells the kind of line ends from the first piece alone, so that has to hold one. */
async function* withWholeFirstLine(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let first: string | null = "";
  for await (const piece of pieces) {
    if (first === null) {
      yield piece;
    } else if (first.length + piece.length > LONGEST_FIRST_LINE || piece.includes("\n")) {
      yield first + piece;
      first = null;
    } else {
      first += piece;
    }
  }
  if (first) yield first;
}

async function* decode(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const text = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (error) {
      throw new UnreadableRowsError("The file is not UTF-8.", { cause: error });
    }
  };
  for await (const chunk of chunks) yield text(chunk);
  yield text();
}

interface Column {
  name: string;
  index: number;
}

interface Header {
  width: number;
  given: Column[];
  found: Column[];
}

function readHeader(names: string[], sentColumns: string[], outputs: Map<string, OutputType>): Header {
  const columns = names.map((name, index) => ({ name, index }));
  const isRepeated = sentColumns.every((name, index) => names[index] === name);
  const isGiven = ({ name, index }: Column) =>
    isRepeated ? index < sentColumns.length : sentColumns.includes(name) && !outputs.has(name);
  const found = columns.filter((column) => !isGiven(column));
  const isOfResults = found.some(({ name }) => outputs.size === 0 || outputs.has(name));
  if (!isOfResults) throw new UnreadableRowsError("The file has no columns of results.");
  return { width: names.length, given: columns.filter(isGiven), found };
}

function pick(cells: string[], columns: Column[]): Record<string, string> {
  return Object.fromEntries(columns.map(({ name, index }) => [name, cells[index] ?? ""]));
}

function toResult(cells: string[], columns: Column[], types: Map<string, OutputType>): Record<string, unknown> {
  const fields: [string, unknown][] = [];
  const summary: [string, unknown][] = [];
  for (const { name, index } of columns) {
    const value = readCell(cells[index] ?? "", types.get(name));
    const isField = types.has(name) || (types.size === 0 && !SUMMARY_COLUMNS.has(name));
    if (isField) fields.push([name, value]);
    else if (value !== null) summary.push([name, name === "confidence_score" ? toNumber(value) : value]);
  }
  return { structured_data: Object.fromEntries(fields), ...Object.fromEntries(summary) };
}

/** A cell by the type that was asked for; text where it is not what it should be. */
function readCell(cell: string, type: OutputType | undefined): unknown {
  if (cell === "") return null;
  switch (type) {
    case "int":
    case "float":
      return toNumber(cell);
    case "bool":
      return /^(true|false)$/i.test(cell) ? cell.toLowerCase() === "true" : cell;
    case "str":
    // As in a single job's result, where it is text with JSON in it.
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
