import Papa from "papaparse";
import { neutraliseCell } from "@/lib/exports/neutralise-cell";
import { planTable } from "@/lib/exports/plan-table";
import type { LeadRow } from "@/lib/tasks/read-rows";

/**
 * Leads as CSV after RFC 4180, with the mark by which Excel knows UTF-8, in pieces of a page each. No cell is one that a
 * spreadsheet would run. Reads all pages twice: the names of the columns stand in the first line.
 *
 * @param columns the list's own; null where there is no list
 */
export async function* writeCsv(
  columns: string[] | null,
  readPages: () => AsyncIterable<LeadRow[]>,
): AsyncGenerator<string> {
  yield Papa.BYTE_ORDER_MARK;
  const table = await planTable(readPages(), columns);
  yield toCsv([table.header]);
  for await (const leads of readPages()) yield toCsv(leads.map(table.toLine));
}

function toCsv(lines: string[][]): string {
  const cells = lines.map((line) => line.map(neutraliseCell));
  return `${Papa.unparse(cells, { newline: "\r\n" })}\r\n`;
}
