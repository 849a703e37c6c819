import { findTaskKind, hasOption, isTaskKindId } from "@/lib/sixtyfour/task-kinds";
import { ATLAS_OPTIONS, DEFAULT_TIER, FLAGS, isAtlasTier, TEXTS } from "@/lib/sixtyfour/task-options";
import { isBlankRow, type TaskDraft, type TaskInputErrors } from "@/lib/tasks/task-draft";

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

const ROW_INPUT = /^(struct|lead_struct|qualification_criteria|references)\.(\d{1,3})\.([a-z_]+)$/;

/** A blank row of each editor. A part that is missing from the form has its value. */
const BLANK_ROWS = {
  struct: { name: "", description: "", type: "str" },
  lead_struct: { name: "", description: "", type: "str" },
  qualification_criteria: { criteria_name: "", description: "", weight: "", threshold: "" },
  references: { url: "", description: "" },
};
type EditorName = keyof typeof BLANK_ROWS;
const EDITORS = Object.keys(BLANK_ROWS) as EditorName[];

/** Inputs with the names of the API that hold one text. */
const TEXT_INPUTS = ["mode", "tier", "budget", "investigation_id", "max_tool_calls", ...Object.keys(TEXTS)];
const BOXES = ["include_workspace", "score_criteria", ...Object.keys(FLAGS)];
/** The form shows these while people are found. */
const PEOPLE_OPTIONS = ["lead_struct", "people_focus_prompt"];

/** Reads the form's inputs as they were typed, without those that it hides. */
export function readDraft(form: FormData): TaskDraft {
  const texts = [...form].flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as const] : []));
  const lead = texts.flatMap(([name, value]) =>
    name.startsWith("lead.") ? [[name.slice("lead.".length), value]] : [],
  );
  const options: (readonly [string, unknown])[] = [
    ...texts.filter(([name]) => TEXT_INPUTS.includes(name)),
    // A box that is not ticked is not in the form at all.
    ...BOXES.map((name) => [name, form.has(name)] as const),
    ...EDITORS.map((name) => [name, readRows(form, name)] as const),
  ];
  const kind = String(form.get("kind") ?? "");
  const isAtlas = isAtlasTier(String(form.get("tier") ?? ""));
  const isShown = (name: string) =>
    isTaskKindId(kind) &&
    hasOption(kind, name) &&
    (form.has("find_people") || !PEOPLE_OPTIONS.includes(name)) &&
    (isAtlas || !(ATLAS_OPTIONS as readonly string[]).includes(name));
  return {
    kind,
    lead: Object.fromEntries(lead),
    ...Object.fromEntries(options.filter(([name]) => isShown(name))),
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
    const index = draft[head]?.findIndex((row) => String(row.name).trim() === name) ?? 0;
    return `${head}.${Math.max(index, 0)}.description`;
  }
  if (head === "qualification_criteria" || head === "references") {
    // Blank rows were not sent.
    const sent = [...(draft[head] ?? []).entries()].filter(([, row]) => !isBlankRow(row));
    const place = Number(name) || 0;
    return `${head}.${sent[place]?.[0] ?? place}.${part ?? Object.keys(BLANK_ROWS[head])[0]}`;
  }
  return head !== undefined && TEXT_INPUTS.includes(head) ? head : null;
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
