import { compact } from "@/lib/sixtyfour/same-value";
import { isSpelling, nameOf, otherNameOf } from "@/lib/tasks/lead-result";

const NAME_COLUMNS = ["name", "full_name", "first_name", "last_name", "company_name"];
/** Nobody shares these values with somebody else. */
const IDENTIFYING_COLUMNS = ["email", "phone", "linkedin", "linkedin_url", "website"];

export interface RowFit {
  /**
   * Compares a row with its lead, by the lead's fields that the row repeats.
   *
   * @returns null if all of them are the lead's but for spelling; else the row's name, or its first value that differs
   */
  compare(repeated: Record<string, string>, fields: Record<string, string>): string | null;
  /**
   * False if more than half of the rows compared so far belong to somebody else. The file then has another order than the
   * one that was sent.
   *
   * Position decides whose a row is, and names may come back otherwise than they were sent. So a name that differs is not
   * enough: a row belongs to somebody else if it is exactly another lead of the file, or if neither its name nor its
   * identifying values are its lead's.
   */
  isInOrder(): boolean;
}

/** Judges row by row how a result file fits the leads that were sent. */
export function createRowFit(): RowFit {
  const leads: string[] = [];
  /** Keys of the rows that differ from their lead and may be another lead's. */
  const differingRows: string[] = [];
  let comparable = 0;
  let strangers = 0;
  return {
    compare(repeated, fields) {
      const columns = Object.keys(repeated);
      leads.push(keyOf(columns, fields));
      const compared = columns.filter((name) => compact(repeated[name] ?? "") && compact(fields[name] ?? ""));
      const differing = compared.filter((name) => !isSpelling(repeated[name] ?? "", fields[name] ?? ""));
      if (compared.length > 0) comparable += 1;
      const [first] = differing;
      if (first === undefined) return null;
      const fitsNothing = differing.length === compared.length && !sharesName(repeated, fields);
      if (fitsNothing && compared.some((name) => IDENTIFYING_COLUMNS.includes(name))) strangers += 1;
      else differingRows.push(keyOf(columns, repeated, compared));
      const isName = differing.some((name) => NAME_COLUMNS.includes(name));
      return (isName && (nameOf(repeated) || repeated.company_name)) || (repeated[first] ?? "").trim();
    },
    isInOrder: () => (strangers + countLeadsAmong(differingRows, leads)) * 2 <= comparable,
  };
}

function sharesName(repeated: Record<string, string>, fields: Record<string, string>): boolean {
  const [given, sent] = [nameOf(repeated) || repeated.company_name, nameOf(fields) || fields.company_name];
  return Boolean(given && sent) && otherNameOf({ name: given }, { name: sent ?? "" }) === null;
}

/** One line for each column, empty for those that are not compared. */
function keyOf(columns: string[], values: Record<string, string>, compared = columns): string {
  return columns.map((name) => (compared.includes(name) ? compact(values[name] ?? "") : "")).join("\n");
}

/** Counts the rows that are a lead's in all columns that were compared. */
function countLeadsAmong(rows: string[], leads: string[]): number {
  /** The leads by the columns that were compared: few sets of columns occur in a file. */
  const leadsByColumns = new Map<string, Set<string>>();
  const isLead = (row: string) => {
    const compared = row.split("\n").map(Boolean);
    const columns = compared.join();
    const known =
      leadsByColumns.get(columns) ??
      new Set(
        leads.map((lead) =>
          lead
            .split("\n")
            .map((value, at) => (compared[at] ? value : ""))
            .join("\n"),
        ),
      );
    leadsByColumns.set(columns, known);
    return known.has(row);
  };
  return rows.filter(isLead).length;
}
