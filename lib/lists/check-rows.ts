import type { ColumnMapping } from "@/lib/lists/guess-columns";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { parseLead } from "@/lib/tasks/task-input";

/** What a row comes to. `errors` are by column, -1 standing for the row as a whole. */
export type CheckedRow =
  | { type: "lead"; lead: Record<string, string> }
  | { type: "bad"; errors: { column: number; message: string }[] };

/** Reads the lead from a row, as its columns are mapped. */
export function checkRow(kind: TaskKindId, mapping: ColumnMapping, cells: string[]): CheckedRow {
  const typed: Record<string, string> = {};
  for (const [index, name] of mapping.entries()) if (name) typed[name] = cells[index] ?? "";
  const { lead, errors } = parseLead(kind, typed);
  if (!errors) return { type: "lead", lead };
  return {
    type: "bad",
    errors: Object.entries(errors).map(([key, message]) => ({
      column: mapping.indexOf(key.replace(/^lead\./, "")),
      message,
    })),
  };
}

/** What two rows have in common that mean the same lead, whatever their case and spacing. */
export function leadKey(lead: Record<string, string>): string {
  const parts = Object.entries(lead).map(
    ([name, value]) => `${name}=${value.trim().replace(/\s+/g, " ").toLowerCase()}`,
  );
  return parts.sort().join("\n");
}
