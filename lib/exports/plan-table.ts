import { cellText, flattenResult, RESULT_SECTIONS, type ResultCell } from "@/lib/exports/flatten-result";
import { describeMismatch, describeOtherName } from "@/lib/tasks/lead-result";
import type { LeadRow } from "@/lib/tasks/read-rows";
import { isOpen } from "@/lib/tasks/task-status";

/** So many columns are made of what leads and results hold; the rest of them shares the column `more`, as JSON. */
export const MAX_FOUND_COLUMNS = 500;

/** A table of leads: its first line, and the line of each lead, as long. */
export interface Table {
  header: string[];
  toLine(lead: LeadRow): string[];
}

interface Cell extends Omit<ResultCell, "section"> {
  section: "lead" | ResultCell["section"];
}

const FACTS = ["status", "found", "error", "warning", "delivered_at", "delivered_via"];

/**
 * Reads all leads once for the names of the columns, and keeps nothing but those: first the list's own columns, or the
 * fields of the leads where there is no list; then how each lead went; then its result. Names that are taken already get
 * a suffix. There is a column `more` where there are too many, and where results are still to come.
 *
 * @param listColumns null where there is no list
 */
export async function planTable(pages: AsyncIterable<LeadRow[]>, listColumns: string[] | null): Promise<Table> {
  const found = new Map<string, Cell>();
  let needsMore = false;
  for await (const leads of pages) {
    for (const lead of leads) {
      needsMore ||= isUnderWay(lead);
      for (const cell of cellsOf(lead, listColumns)) {
        if (found.has(keyOf(cell))) continue;
        if (cell.isSurplus || found.size >= MAX_FOUND_COLUMNS) needsMore = true;
        else found.set(keyOf(cell), { ...cell, value: null });
      }
    }
  }
  return makeTable([...found.values()], listColumns, needsMore);
}

function makeTable(found: Cell[], listColumns: string[] | null, needsMore: boolean): Table {
  const inSection = (section: Cell["section"]) => found.filter((cell) => cell.section === section);
  const own = listColumns ?? inSection("lead").map(({ name }) => name);
  const results = RESULT_SECTIONS.flatMap(inSection);
  const added = [...FACTS, ...results.map(({ name }) => name), ...(needsMore ? ["more"] : [])];
  const header = [...own, ...freeNames(added, own)];

  const indexOf = new Map(results.map((cell, index) => [keyOf(cell), own.length + FACTS.length + index]));
  for (const [index, cell] of inSection("lead").entries()) indexOf.set(keyOf(cell), index);
  const toLine = (lead: LeadRow) => {
    const line = [...own.map((_, index) => (listColumns && lead.cells?.[index]) || ""), ...factsOf(lead)];
    const more: Record<string, unknown> = {};
    for (const cell of cellsOf(lead, listColumns)) {
      const index = indexOf.get(keyOf(cell));
      if (index === undefined) more[freeNames([cell.name], Object.keys(more))[0] ?? cell.name] = cell.value;
      else line[index] = cellText(cell.value);
    }
    if (needsMore && Object.keys(more).length > 0) line[header.length - 1] = JSON.stringify(more);
    return Array.from(header, (_, index) => line[index] ?? "");
  };
  return { header, toLine };
}

function cellsOf({ fields, result, kind, outputs }: LeadRow, listColumns: string[] | null): Cell[] {
  const results = flattenResult(result, { kind, outputs, lead: fields });
  if (listColumns) return results;
  const given = Object.entries(fields).filter(([, value]) => value !== "");
  return [...given.map(([name, value]): Cell => ({ section: "lead", name, value, isSurplus: false })), ...results];
}

function factsOf({ status, isFound, error, mismatch, otherName, deliveredAt, deliveredVia }: LeadRow): string[] {
  const found = isFound === null ? "" : isFound ? "yes" : "no";
  const problem = error ?? (mismatch ? describeMismatch(mismatch) : "");
  const warning = otherName === null ? "" : describeOtherName(otherName);
  return [status, found, problem, warning, deliveredAt?.toISOString() ?? "", deliveredVia ?? ""];
}

/** Its result may have come when the second reading gets there. */
function isUnderWay({ status }: LeadRow): boolean {
  return status === "preparing" || (status !== "reused" && isOpen(status));
}

function keyOf({ section, name }: Cell): string {
  return `${section}:${name}`;
}

/** Each name, or with a suffix where it is taken in whatever case: programs that read tables often ignore that. */
function freeNames(names: string[], taken: string[]): string[] {
  const seen = new Set(taken.map((name) => name.toLowerCase()));
  return names.map((name) => {
    let free = name;
    for (let count = 1; seen.has(free.toLowerCase()); count += 1) {
      free = count === 1 ? `${name}_result` : `${name}_result_${count}`;
    }
    seen.add(free.toLowerCase());
    return free;
  });
}
