import { z } from "zod";
import { hasOption, TASK_KIND_IDS, TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import {
  ATLAS_OPTIONS,
  ATLAS_TIERS,
  DEFAULT_TIER,
  isAtlasTier,
  MAX_BUDGET,
  OUTPUT_TYPES,
  type OutputType,
  type TaskOptions,
  TIERS,
} from "@/lib/sixtyfour/task-options";
import { parseLead, parseOptions, type TaskDraft } from "@/lib/tasks/task-input";

export const MAX_API_LEADS = 10_000;

/** Sixtyfour writes two of the types in two ways. */
const OTHER_NAMES: Record<string, OutputType> = { string: "str", "list[string]": "list[str]" };
const outputType = z
  .enum([...Object.keys(OUTPUT_TYPES), ...Object.keys(OTHER_NAMES)])
  .transform((type) => OTHER_NAMES[type] ?? (type as OutputType));
const struct = z
  .record(z.string(), z.union([z.string(), z.strictObject({ description: z.string(), type: outputType.optional() })]))
  .meta({ description: "Fields to return: name to description, or to description and type" });

const defaultQualification = (TASK_KINDS.qa_agent as TaskKind).options.defaultStruct ?? [];
const onlyAtlas = `Tiers ${ATLAS_TIERS.join(" and ")} only`;

const options = z.strictObject({
  mode: z.enum(["PROFESSIONAL", "PERSONAL"]).optional(),
  verify_emails: z.boolean().optional(),
  tier: z.enum(Object.keys(TIERS) as [keyof typeof TIERS, ...(keyof typeof TIERS)[]]).optional(),
  include_workspace: z
    .boolean()
    .optional()
    .meta({ description: `${onlyAtlas}: include the workspace's files in the result; false by default` }),
  budget: z
    .int()
    .optional()
    .meta({
      description: `${onlyAtlas}: 1 to ${MAX_BUDGET}, 1 by default; each step bills the tier's price once more`,
    }),
  investigation_id: z
    .string()
    .optional()
    .meta({ description: `${onlyAtlas}: the earlier investigation of the same lead to continue` }),
  struct: struct.optional().meta({
    description: `Fields to return: name to description, or to description and type. The qa_agent returns only these fields and notes; without a struct it is asked for ${defaultQualification.map(({ name }) => name).join(", ")}, and with an empty one for none.`,
  }),
  lead_struct: struct.optional(),
  research_plan: z.string().optional(),
  people_focus_prompt: z.string().optional(),
  field_confidence: z.boolean().optional(),
  find_people: z.boolean().optional(),
  full_org_chart: z.boolean().optional(),
  qualification_criteria: z
    .array(
      z.strictObject({
        criteria_name: z.string(),
        description: z.string(),
        weight: z.number().optional().meta({ description: "Relative to the other weights; 1 by default" }),
        threshold: z.number().nullable().optional().meta({ description: "Score that must be reached, from 0 to 1" }),
      }),
    )
    .optional(),
  score_criteria: z
    .boolean()
    .optional()
    .meta({ description: "Adds a field named score_<criterion> for each criterion, from 0 to 10" }),
  references: z.array(z.strictObject({ url: z.string(), description: z.string() })).optional(),
  max_tool_calls: z.int().optional().meta({ description: "1 to 50; Sixtyfour's default is 10" }),
});

/** The body of `POST /api/submissions`. */
export const submissionBody = z.strictObject({
  kind: z.enum(TASK_KIND_IDS as [TaskKindId, ...TaskKindId[]]),
  leads: z
    .array(z.record(z.string(), z.string()))
    .min(1, "Give at least one lead.")
    .max(MAX_API_LEADS, `Give at most ${MAX_API_LEADS} leads at once.`),
  options: options.default({}),
  name: z.string().max(200).default(""),
  as_file: z
    .boolean()
    .default(false)
    .meta({ description: "Sends all leads as one file, where the kind has an endpoint for files that takes the tier" }),
});
export type SubmissionBody = z.output<typeof submissionBody>;

/** One mistake in a body, with its place as a JSON pointer (RFC 6901). */
export interface BodyError {
  pointer: string;
  detail: string;
}

/** A checked submission, ready to be stored. */
export interface ApiSubmission {
  kind: TaskKindId;
  options: TaskOptions;
  leads: { fields: Record<string, string> }[];
  name: string;
  /** All in one file, instead of in requests of their own. Missing and not false: it is hashed with the rest. */
  asFile?: true;
}

const MAX_ERRORS = 100;

/**
 * Checks a body by the same rules as the form. Fields and options that a kind does not have are errors, since they would do
 * nothing.
 *
 * @param given the body as JSON; undefined where it was none
 */
export function parseSubmissionBody(given: unknown): { submission: ApiSubmission } | { errors: BodyError[] } {
  if (given === undefined) return { errors: [{ pointer: "", detail: "The body is not JSON." }] };
  const parsed = submissionBody.safeParse(given);
  if (!parsed.success) return { errors: parsed.error.issues.flatMap(toBodyErrors).slice(0, MAX_ERRORS) };
  const { kind, leads, name, as_file: asFile } = parsed.data;
  const checkedOptions = parseOptions(kind, toDraft(parsed.data));
  const errors: BodyError[] = Object.entries(checkedOptions.errors ?? {}).map(([input, detail]) => ({
    pointer: optionPointer(input, parsed.data),
    detail,
  }));
  errors.push(...misplacedOptions(parsed.data));
  if (leads.length > 1 && parsed.data.options.investigation_id !== undefined) {
    const detail = "An investigation is of one lead: give that lead alone.";
    errors.push({ pointer: pointerTo(["options", "investigation_id"]), detail });
  }
  const fileError = asFile ? whyNoFile(parsed.data) : null;
  if (fileError) errors.push({ pointer: "/as_file", detail: fileError });
  const checkedLeads = leads.map((lead, index) => {
    const { lead: fields, errors: wrong } = parseLead(kind, lead);
    for (const [input, detail] of Object.entries(wrong ?? {})) {
      const [, field] = input.split(".");
      errors.push({ pointer: pointerTo(["leads", index, ...(field ? [field] : [])]), detail });
    }
    for (const field of Object.keys(lead).filter((name) => !isFieldOf(kind, name))) {
      errors.push({ pointer: pointerTo(["leads", index, field]), detail: `A lead of ${kind} has no such field.` });
    }
    return { fields: fields ?? {} };
  });
  if (errors.length > 0 || !checkedOptions.options) return { errors: errors.slice(0, MAX_ERRORS) };
  return {
    submission: { kind, options: checkedOptions.options, leads: checkedLeads, name, ...(asFile ? { asFile } : {}) },
  };
}

/** Options that would do nothing for the kind, or for the tier. */
function misplacedOptions({ kind, options: given }: SubmissionBody): BodyError[] {
  return Object.keys(given).flatMap((option) => {
    const pointer = pointerTo(["options", option]);
    const isKnown = hasOption(kind, option === "score_criteria" ? "qualification_criteria" : option);
    if (!isKnown) return [{ pointer, detail: `The kind ${kind} has no such option.` }];
    const needsAtlas = (ATLAS_OPTIONS as readonly string[]).includes(option);
    if (!needsAtlas || isAtlasTier(given.tier)) return [];
    return [{ pointer, detail: `The option ${option} applies to the tiers ${ATLAS_TIERS.join(" and ")} only.` }];
  });
}

/** @returns the reason why these leads can't go out as one file; null where they can */
function whyNoFile({ kind, options: { tier = DEFAULT_TIER } }: SubmissionBody): string | null {
  const { file }: TaskKind = TASK_KINDS[kind];
  if (!file) return `The kind ${kind} takes no files.`;
  return file.tiers.includes(tier) ? null : `Files take the tiers ${file.tiers.join(", ")} only.`;
}

function isFieldOf(kindId: TaskKindId, name: string): boolean {
  const kind: TaskKind = TASK_KINDS[kindId];
  return kind.open === true || kind.fields.some((field) => field.name === name);
}

function toDraft({ kind, options: given }: SubmissionBody): Omit<TaskDraft, "lead"> {
  const { struct: fields, lead_struct, qualification_criteria, references, max_tool_calls, budget, ...plain } = given;
  const { defaultStruct = [] }: TaskKind["options"] = TASK_KINDS[kind].options;
  return {
    mode: "PROFESSIONAL",
    tier: DEFAULT_TIER,
    ...plain,
    kind,
    struct: fields ? toRows(fields) : [...defaultStruct],
    lead_struct: toRows(lead_struct),
    criteria: qualification_criteria?.map(({ criteria_name, description, weight, threshold }) => ({
      name: criteria_name,
      description,
      weight: weight === undefined ? "" : String(weight),
      threshold: threshold === undefined || threshold === null ? "" : String(threshold),
    })),
    references,
    max_tool_calls: max_tool_calls === undefined ? undefined : String(max_tool_calls),
    budget: budget === undefined ? undefined : String(budget),
  };
}

function toRows(given: z.output<typeof struct> | undefined): { name: string; description: string; type: string }[] {
  return Object.entries(given ?? {}).map(([name, field]) =>
    typeof field === "string" ? { name, description: field, type: "str" } : { name, type: "str", ...field },
  );
}

/** The form names rows by their place; a body names fields by their own names. */
function optionPointer(input: string, { options: given }: SubmissionBody): string {
  const [head = "", index, part = ""] = input.split(".");
  if (head === "struct" || head === "lead_struct") {
    const name = Object.keys(given[head] ?? {})[Number(index)];
    return pointerTo(["options", head, ...(name === undefined ? [] : [name])]);
  }
  if (head === "criteria") {
    return pointerTo(["options", "qualification_criteria", Number(index), part === "name" ? "criteria_name" : part]);
  }
  return pointerTo(["options", head, ...(index === undefined ? [] : [Number(index), part])]);
}

function toBodyErrors(issue: z.core.$ZodIssue): BodyError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: "There is no such field." }));
  }
  return [{ pointer: pointerTo(issue.path), detail: issue.message }];
}

function pointerTo(path: PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
