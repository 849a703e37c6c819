import { compact, isSpelling, nameOf } from "@/lib/tasks/lead-result";

const NAME_COLUMNS = ["name", "full_name", "first_name", "last_name", "company_name"];

export interface RowFit {
  /**
   * Compares a row with its lead, by what it repeats of the lead's fields.
   *
   * @returns null where all of it fits but for spelling; else the name that the row gives, or its first differing value
   */
  compare(repeated: Record<string, string>, fields: Record<string, string>): string | null;
  /**
   * False where more than half of the rows compared so far belong to somebody else: nothing in them fits their lead, or
   * they repeat another lead exactly. The file then has another order than the one that was sent.
   */
  isInOrder(): boolean;
}

/** Judges row by row how a result file fits the leads that were sent. */
export function createRowFit(): RowFit {
  const leads = new Set<string>();
  /** Rows that fit their lead in part: all of a company's people share its name. */
  const partial: string[] = [];
  let comparable = 0;
  let strangers = 0;
  return {
    compare(repeated, fields) {
      const columns = Object.keys(repeated);
      leads.add(keyOf(columns, fields));
      const compared = columns.filter((name) => compact(repeated[name] ?? "") && compact(fields[name] ?? ""));
      const differing = compared.filter((name) => !isSpelling(repeated[name] ?? "", fields[name] ?? ""));
      if (compared.length > 0) comparable += 1;
      const [first] = differing;
      if (first === undefined) return null;
      if (differing.length === compared.length) strangers += 1;
      else partial.push(keyOf(columns, repeated));
      const isName = differing.some((name) => NAME_COLUMNS.includes(name));
      return (isName && (nameOf(repeated) || repeated.company_name)) || (repeated[first] ?? "").trim();
    },
    isInOrder: () => (strangers + partial.filter((key) => leads.has(key)).length) * 2 <= comparable,
  };
}

function keyOf(columns: string[], values: Record<string, string>): string {
  return columns.map((name) => compact(values[name] ?? "")).join("\n");
}
