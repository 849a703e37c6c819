/**
 * The content of a form as typed, which is input of the schemas in lib/tasks/task-input.ts. Its names are those of the API,
 * of the form's inputs and of the errors, so an error finds its input: `lead.email`, `tier`, `struct.2.description`.
 * Safe for the browser. It holds no schema, so that a form loads none.
 */
import type { FlagName, StructName, TextName } from "@/lib/sixtyfour/task-options";

/** One row of an editor: text as typed, or a value as it was submitted earlier. */
export type DraftRow<Part extends string> = Record<Part, string | number | null>;

/** The content of the form. It is kept as typed, so that a form with errors shows it again. */
export interface TaskDraft
  extends Partial<Record<TextName, string>>,
    Partial<Record<FlagName, boolean>>,
    Partial<Record<StructName, DraftRow<"name" | "description" | "type">[]>> {
  kind: string;
  lead: Record<string, string>;
  mode?: string;
  tier?: string;
  qualification_criteria?: DraftRow<"criteria_name" | "description" | "weight" | "threshold">[];
  /** Adds an output field for each criterion, see {@link criterionScoreFields}. */
  score_criteria?: boolean;
  references?: DraftRow<"url" | "description">[];
  max_tool_calls?: string | number;
  /** This one and the two below are for Atlas tiers alone. */
  include_workspace?: boolean;
  budget?: string | number;
  investigation_id?: string;
}

/** Messages by the name of their input; `lead` names the lead as a whole. */
export type TaskInputErrors = Record<string, string>;

const ROW_TEXTS = ["name", "criteria_name", "url", "description"];

/** True for a row of an editor without a name and a description, which is not sent; a weight or type alone does not count. */
export function isBlankRow(row: object): boolean {
  const parts = new Map<string, unknown>(Object.entries(row));
  return ROW_TEXTS.every((part) => !String(parts.get(part) ?? "").trim());
}
