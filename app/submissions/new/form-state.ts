import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import { ATLAS_OPTIONS, DEFAULT_TIER, FLAGS, type FlagName, TEXTS, type TextName } from "@/lib/sixtyfour/task-options";
import { isBlankRow, type TaskDraft, type TaskInputErrors } from "@/lib/tasks/task-input";

/** The state of the form: made by the page at first, and by the action after each try that was not submitted. */
export interface SubmissionFormState {
  /** Names this rendering of the form, so that a second press of "Submit" is known for what it is. */
  formKey: string;
  draft: TaskDraft;
  /** Messages by the name of their input. */
  errors: TaskInputErrors;
  /** An error beyond single fields. `taskId` is the task that was refused. */
  problem: { title: string; detail: string; taskId?: string } | null;
  /** The lead that it is submitted again for; null for a new one. */
  basedOnLeadId: string | null;
  /** Names the answer that it is, so that each one renders its inputs again with what was typed; null at first. */
  answerId: string | null;
}

const ROW_INPUT = /^(struct|lead_struct|criteria|references)\.(\d{1,3})\.([a-z]+)$/;

/** A blank row of each editor. A part that is missing from the form has its value. */
const BLANK_ROWS = {
  struct: { name: "", description: "", type: "str" },
  lead_struct: { name: "", description: "", type: "str" },
  criteria: { name: "", description: "", weight: "", threshold: "" },
  references: { url: "", description: "" },
};
type EditorName = keyof typeof BLANK_ROWS;

/** Inputs with the names of the API that hold one value and show an error. */
const PLAIN_INPUTS = ["tier", "mode", "max_tool_calls", ...ATLAS_OPTIONS, ...Object.keys(TEXTS)];

/** Reads the form's inputs as they were typed, without those that it hides: the people options while no people are found. */
export function readDraft(form: FormData): TaskDraft {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === "string" ? value : undefined;
  };
  const lead: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value === "string" && name.startsWith("lead.")) lead[name.slice("lead.".length)] = value;
  }
  const findsPeople = form.get("find_people") === "on";
  return {
    kind: text("kind") ?? "",
    lead,
    mode: text("mode"),
    tier: text("tier"),
    max_tool_calls: text("max_tool_calls"),
    budget: text("budget"),
    investigation_id: text("investigation_id"),
    ...Object.fromEntries((Object.keys(TEXTS) as TextName[]).map((name) => [name, text(name)])),
    people_focus_prompt: findsPeople ? text("people_focus_prompt") : undefined,
    // A box that is not ticked is not in the form at all.
    ...Object.fromEntries((Object.keys(FLAGS) as FlagName[]).map((name) => [name, form.get(name) === "on"])),
    score_criteria: form.get("score_criteria") === "on",
    include_workspace: form.get("include_workspace") === "on",
    struct: readRows(form, "struct"),
    lead_struct: findsPeople ? readRows(form, "lead_struct") : [],
    criteria: readRows(form, "criteria"),
    references: readRows(form, "references"),
  };
}

/** The rows of one editor, as they were typed, each at the place that its inputs are named by; blank where one is gone. */
export function readRows<Name extends EditorName>(form: FormData, editor: Name): (typeof BLANK_ROWS)[Name][] {
  const rows = new Map<number, (typeof BLANK_ROWS)[Name]>();
  for (const [name, value] of form) {
    const [, of, index, part] = ROW_INPUT.exec(name) ?? [];
    if (of !== editor || part === undefined || typeof value !== "string") continue;
    const blank: (typeof BLANK_ROWS)[Name] = BLANK_ROWS[editor];
    if (Object.hasOwn(blank, part)) rows.set(Number(index), { ...(rows.get(Number(index)) ?? blank), [part]: value });
  }
  const length = 1 + Math.max(-1, ...rows.keys());
  return Array.from({ length }, (_, index) => rows.get(index) ?? BLANK_ROWS[editor]);
}

/** Returns the name of the input that Sixtyfour's error about `path` belongs to; null where no input has it. */
export function inputOf(path: string[], draft: TaskDraft): string | null {
  const [head, name, part] = path;
  if (head === findTaskKind(draft.kind)?.leadKey)
    return name && Object.hasOwn(draft.lead, name) ? `lead.${name}` : "lead";
  if (head === "struct" || head === "lead_struct") {
    const index = draft[head]?.findIndex((row) => row.name.trim() === name) ?? 0;
    return `${head}.${Math.max(index, 0)}.description`;
  }
  if (head === "qualification_criteria") {
    const row = rowOfSent(draft.criteria?.map(isBlankRow), Number(name) || 0);
    return `criteria.${row}.${part === "criteria_name" ? "name" : (part ?? "name")}`;
  }
  if (head === "references") {
    const row = rowOfSent(
      draft.references?.map(({ url, description }) => isBlankRow({ name: url, description })),
      Number(name) || 0,
    );
    return `references.${row}.${part ?? "url"}`;
  }
  return head !== undefined && PLAIN_INPUTS.includes(head) ? head : null;
}

/** The row of the `place`th entry that was sent: blank rows are none. */
function rowOfSent(areBlank: boolean[] | undefined, place: number): number {
  const sent = [...(areBlank ?? []).entries()].filter(([, isBlank]) => !isBlank);
  return sent[place]?.[0] ?? place;
}

/** The form of a kind as it is first shown, with the defaults of the API and of the kind. */
export function emptyForm(kind: TaskDraft["kind"], formKey: string): SubmissionFormState {
  const flags = Object.fromEntries(Object.entries(FLAGS).map(([name, { isOn }]) => [name, isOn]));
  const struct = findTaskKind(kind)?.options.defaultStruct?.map((field) => ({ ...field })) ?? [];
  const draft: TaskDraft = {
    kind,
    lead: {},
    mode: "PROFESSIONAL",
    tier: DEFAULT_TIER,
    struct,
    score_criteria: false,
    include_workspace: false,
    budget: "1",
    ...flags,
  };
  return { formKey, draft, errors: {}, problem: null, basedOnLeadId: null, answerId: null };
}
