import Papa from "papaparse";

export const MAX_ROWS = 100_000;
/** With more the page would grow too slow, and no list of leads has them. */
const MAX_COLUMNS = 200;

export interface Table {
  /** A name for each column, none of them twice. */
  columns: string[];
  /** Each as long as `columns`. */
  rows: string[][];
  /** Whether the first line was taken for the headers. */
  hasHeader: boolean;
}

/**
 * Reads a table from text as spreadsheets write it: separated by comma, semicolon or tab, quoted where needed. Lines
 * without content are left out; short ones are filled up, and long ones get columns of their own.
 *
 * @param hasHeader whether the first line holds the headers; told from what stands in it where not given
 * @returns the table, or in a sentence why it is none
 */
export function readTable(text: string, hasHeader?: boolean): Table | { problem: string } {
  const parsed = parseLines(text);
  if ("problem" in parsed) return parsed;
  const data = parsed.lines;
  const [first] = data;
  if (!first) return { problem: "There is nothing in it." };
  const isHeader = hasHeader ?? looksLikeHeaders(first);
  const lines = isHeader ? data.slice(1) : data;
  if (lines.length === 0) return { problem: "It has headers, and no rows below them." };
  if (lines.length > MAX_ROWS) {
    return {
      problem: `It has ${figure(lines.length)} rows; take at most ${figure(MAX_ROWS)} at a time.`,
    };
  }
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), isHeader ? first.length : 0);
  if (width > MAX_COLUMNS) return { problem: `It has ${width} columns; take at most ${MAX_COLUMNS}.` };
  const columns = nameColumns(isHeader ? first : [], width);
  return { columns, rows: lines.map((line) => columns.map((_, index) => line[index] ?? "")), hasHeader: isHeader };
}

/**
 * A quotation mark within a cell that is not doubled makes one cell of all up to the next mark. Rows are never lost like
 * that: between tabs, where many programs quote nothing, marks are then taken as they are, and else it is said where.
 */
function parseLines(text: string): { lines: string[][] } | { problem: string } {
  const delimiter = guessDelimiter(text);
  const { data, errors } = Papa.parse<string[]>(text, { delimiter, skipEmptyLines: "greedy" });
  const fault = errors.find(({ type }) => type === "Quotes");
  if (!fault) return { lines: data };
  if (delimiter === "\t") {
    return { lines: Papa.parse<string[]>(text, { delimiter, skipEmptyLines: "greedy", quoteChar: NO_QUOTES }).data };
  }
  const at = fault.index ?? 0;
  const before = text.slice(0, at).split(/\r\n|\r|\n/);
  const start = (before.at(-1) + text.slice(at, at + 60)).split(/[\r\n]/, 1)[0]?.slice(0, 60);
  return {
    problem: `A quotation mark in line ${figure(before.length)} is neither doubled nor closed. It begins: ${start}`,
  };
}

/** No text holds it: Papa Parse can't be told to read without quotes. */
const NO_QUOTES = "\uffff";

function figure(count: number): string {
  return count.toLocaleString("en-GB");
}

/** So many lines tell how they are separated. */
const SAMPLE_CHARACTERS = 20_000;

/** That which splits the first lines into the most cells, and all of them into as many. A single column has none. */
function guessDelimiter(text: string): string {
  const sample = text.slice(0, SAMPLE_CHARACTERS);
  const scores = [",", ";", "\t"].map((delimiter) => {
    const { data } = Papa.parse<string[]>(sample, { delimiter, preview: 10, skipEmptyLines: "greedy" });
    const widths = data.map((line) => line.length);
    const usual = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 1;
    const fitting = widths.filter((width) => width === usual).length / Math.max(1, widths.length);
    return { delimiter, score: usual > 1 ? usual * fitting : 0 };
  });
  return scores.reduce((best, one) => (one.score > best.score ? one : best)).delimiter;
}

/** Headers are words: no address, no number, and none of them empty among several. */
function looksLikeHeaders(line: string[]): boolean {
  const isValue = (cell: string) => /@|:\/\/|^\+?[\d\s().-]+$/.test(cell.trim());
  return !line.some((cell) => cell.trim() !== "" && isValue(cell));
}

function nameColumns(headers: string[], width: number): string[] {
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, index) => {
    const name = headers[index]?.trim().replace(/\s+/g, " ") || `Column ${index + 1}`;
    let distinct = name;
    for (let copy = 2; taken.has(distinct); copy += 1) distinct = `${name} (${copy})`;
    taken.add(distinct);
    return distinct;
  });
}
