import type { TaskDraft, TaskInputErrors } from "@/lib/tasks/task-input";

/** What the form shows: made by the page at first, and by the action after each try that did not go through. */
export interface SubmissionFormState {
  /** Names this rendering of the form, so that a second press of "Submit" is known for what it is. */
  formKey: string;
  draft: TaskDraft;
  /** Messages by the name of their input. */
  errors: TaskInputErrors;
  /** What is wrong beyond single fields. `taskId` is the task that keeps what happened. */
  problem: { title: string; detail: string; taskId?: string } | null;
  /** Counts the tries, so that inputs are drawn anew with what was typed. */
  attempt: number;
}

const STRUCT_INPUT = /^struct\.(\d{1,3})\.(name|description|type)$/;

/** Reads the form's inputs as they were typed. */
export function readDraft(form: FormData): TaskDraft {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const lead: Record<string, string> = {};
  const rows = new Map<number, TaskDraft["struct"][number]>();
  for (const [name, value] of form) {
    if (typeof value !== "string") continue;
    if (name.startsWith("lead.")) lead[name.slice("lead.".length)] = value;
    const [, index, part] = STRUCT_INPUT.exec(name) ?? [];
    if (index === undefined || part === undefined) continue;
    const row = rows.get(Number(index)) ?? { name: "", description: "", type: "str" };
    rows.set(Number(index), { ...row, [part]: value });
  }
  return {
    kind: text("kind") ?? "",
    lead,
    mode: text("mode"),
    tier: text("tier"),
    struct: [...rows].sort(([a], [b]) => a - b).map(([, row]) => row),
    research_plan: text("research_plan"),
  };
}

/** The name of the input that Sixtyfour's complaint about `path` belongs to; null where no input has it. */
export function inputOf(path: string[], draft: TaskDraft, leadKey: string): string | null {
  const [head, name] = path;
  if (head === leadKey) return name && name in draft.lead ? `lead.${name}` : "lead";
  if (head === "struct") {
    const index = draft.struct.findIndex((row) => row.name.trim() === name);
    return `struct.${Math.max(index, 0)}.description`;
  }
  return head === "tier" || head === "mode" || head === "research_plan" ? head : null;
}

/** The form of a kind as it is first shown, with the API's own defaults. */
export function emptyForm(kind: TaskDraft["kind"], formKey: string): SubmissionFormState {
  const draft: TaskDraft = { kind, lead: {}, mode: "PROFESSIONAL", tier: "low", struct: [], research_plan: "" };
  return { formKey, draft, errors: {}, problem: null, attempt: 0 };
}
