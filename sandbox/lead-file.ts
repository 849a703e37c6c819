/** The files of leads that the bulk endpoints take: CSV, JSON, and JSON Lines under two names. */
import Papa from "papaparse";
import { slug } from "@/sandbox/fiction";
import { Refusal } from "@/sandbox/http";
import type { Lead, LeadFile } from "@/sandbox/requests";

export const MAX_FILE_BYTES = 100 * 1024 * 1024;
const MAX_ROWS = 100_000;

type Table = Omit<LeadFile, "name">;

const READERS = new Map<string, (text: string) => Table>([
  ["csv", readCsv],
  ["json", (text) => readRecords(parseJson(text))],
  ["jsonl", readJsonLines],
  ["ndjson", readJsonLines],
]);

/**
 * Reads an uploaded file by the end of its name.
 *
 * @throws Refusal 400 or 413 with a sentence, where it is of another kind, too big, empty, or not what its name says.
 */
export async function readLeadFile(file: File): Promise<LeadFile> {
  const read = READERS.get(/\.([a-z]+)$/i.exec(file.name)?.[1]?.toLowerCase() ?? "");
  if (!read) throw refusal("Unsupported file type. Use .csv, .json, .jsonl or .ndjson.");
  if (file.size > MAX_FILE_BYTES) throw refusal("The file is larger than 100 MB.", 413);
  const table = read(decode(await file.arrayBuffer()));
  if (table.rows.length === 0) throw refusal("The file has no rows.");
  if (table.rows.length > MAX_ROWS) throw refusal(`The file has more than ${MAX_ROWS} rows.`);
  return { name: file.name, ...table };
}

/** The file in the body of a job that was started with one. */
export function fileOf(body: Record<string, unknown>): LeadFile {
  return body.file as LeadFile;
}

/** A row as a lead: its columns under the names that the API has for them, `Company Name` as `company_name`. */
export function leadOfRow(columns: string[], cells: unknown[]): Lead {
  return Object.fromEntries(columns.map((column, index) => [slug(column, "_"), cells[index]]));
}

function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refusal("The file is not UTF-8.");
  }
}

function readCsv(text: string): Table {
  const [header = [], ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" }).data;
  return { columns: header, rows: rows.map((row) => header.map((_, index) => row[index] ?? "")) };
}

function readJsonLines(text: string): Table {
  const lines = text.split("\n").filter((line) => line.trim());
  return readRecords(lines.map(parseJson));
}

function readRecords(records: unknown): Table {
  if (!Array.isArray(records) || !records.every(isRecord)) throw refusal("The file must hold one object for each row.");
  const columns = [...new Set(records.flatMap(Object.keys))];
  return { columns, rows: records.map((record) => columns.map((column) => record[column] ?? null)) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("The file is not valid JSON.");
  }
}

function refusal(detail: string, status = 400): Refusal {
  return new Refusal({ status, body: { detail } });
}
