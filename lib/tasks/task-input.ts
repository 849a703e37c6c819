/**
 * Checks a lead and its options before they are submitted. The names of the form's inputs and the keys of its errors are
 * the same, so an error finds its field: `lead.email`, `tier`, `struct.2.description`; `lead` names the lead as a
 * whole. Safe for the browser.
 */
import { z } from "zod";
import { criterionScoreFields } from "@/lib/sixtyfour/criterion-scores";
import type { LeadField } from "@/lib/sixtyfour/lead-fields";
import { isTaskKindId, TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import {
  type Criterion,
  FLAGS,
  type FlagName,
  isAtlasTier,
  MAX_BUDGET,
  MODES,
  OUTPUT_TYPES,
  type OutputField,
  type ReferenceToRead,
  type StructName,
  type TaskOptions,
  type TextName,
} from "@/lib/sixtyfour/task-options";

/** Fields that a person may name. Those that score the criteria come on top, up to {@link MAX_STRUCT_FIELDS}. */
export const MAX_OUTPUT_FIELDS = 50;

/** Fields that the API takes in one struct. */
const MAX_STRUCT_FIELDS = 100;

/** One lead with its options, checked and normalised: ready to be sent. */
export interface TaskInput {
  kind: TaskKindId;
  lead: Record<string, string>;
  options: TaskOptions;
}

/** One row of an editor, as text. */
export type DraftRow<Part extends string> = Record<Part, string>;

/** The content of the form, as text. It is kept as typed, so that a form with errors shows it again. */
export interface TaskDraft
  extends Partial<Record<TextName, string>>,
    Partial<Record<FlagName, boolean>>,
    Partial<Record<StructName, DraftRow<"name" | "description" | "type">[]>> {
  kind: string;
  lead: Record<string, string>;
  mode?: string;
  tier?: string;
  criteria?: DraftRow<"name" | "description" | "weight" | "threshold">[];
  /** Adds an output field for each criterion, see {@link criterionScoreFields}. */
  score_criteria?: boolean;
  references?: DraftRow<"url" | "description">[];
  max_tool_calls?: string;
  /** This one and the two below are read for Atlas tiers alone. */
  include_workspace?: boolean;
  budget?: string;
  investigation_id?: string;
}

export type TaskInputErrors = Record<string, string>;

const line = z
  .string()
  .trim()
  .max(500, "Use at most 500 characters.")
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), "This holds characters that can't be sent.");

/** Reads `acme.com`, `www.acme.com/about` or `https://acme.com` as a URL; null where it is no public website. */
function readWebsite(value: string): URL | null {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `https://${value}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : null;
  const isPublic =
    url !== null && /^https?:$/.test(url.protocol) && !url.username && /[^.]\.[a-z0-9-]{2,}$/i.test(url.hostname);
  return isPublic ? url : null;
}

const website = (message: string, read: (url: URL) => string | null) =>
  line.transform((value, context) => {
    const url = readWebsite(value);
    const result = url && read(url);
    if (result) return result;
    context.addIssue(message);
    return z.NEVER;
  });

const FIELD_SCHEMAS: Record<LeadField["type"], z.ZodType<string>> = {
  text: line,
  email: line.pipe(z.email("Enter an email address such as ada@example.com.")),
  phone: line.refine(
    (value) => /^[+\d][\d\s().\-/]*(?:(?:x|ext\.?)\s*\d+)?$/i.test(value) && value.replace(/\D/g, "").length >= 6,
    "Enter a phone number such as +1 202 555 0143.",
  ),
  linkedin: website("Enter a LinkedIn address such as linkedin.com/in/ada-lovelace.", (url) =>
    /(^|\.)linkedin\.com$/i.test(url.hostname) && url.pathname.length > 1 ? url.href : null,
  ),
  domain: website("Enter a website such as acme.com.", (url) => url.hostname.replace(/^www\./, "")),
  website: website("Enter a website such as acme.com.", (url) => url.href.replace(/\/$/, "")),
};

const outputName = line.pipe(
  z
    .string()
    .min(1, "Give this field a name.")
    .regex(/^[a-z][a-z0-9_]{0,63}$/i, "Use letters, digits and underscores, such as funding_round."),
);
const outputDescription = line.pipe(z.string().min(1, "Describe what this field should contain."));
const criterionDescription = line.pipe(z.string().min(1, "Describe what this criterion means."));
const referenceDescription = line.pipe(z.string().min(1, "Describe what this page is."));
const outputType = z.enum(Object.keys(OUTPUT_TYPES) as [keyof typeof OUTPUT_TYPES], "Choose one of the types.");
const longText = z
  .string()
  .trim()
  .max(10_000, "Use at most 10,000 characters.")
  .refine((value) => value.isWellFormed() && !value.includes("\0"), "This holds characters that can't be sent.");

const LOOKUP_MISSING = { email: "Enter an email address.", phone: "Enter a phone number." };

/** Names that objects have of their own would set something else than a field. */
const furtherName = line.pipe(z.string().min(1).max(100)).refine((name) => !(name in {}));

const decimal = (min: number, max: number, message: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,4}([.,]\d{1,4})?$/, message)
    .transform((text) => Number(text.replace(",", ".")))
    .refine((value) => value >= min && value <= max, message);
const criterionName = line.pipe(z.string().min(1, "Give this criterion a name."));
const criterionWeight = decimal(0.01, 1_000, "Enter a number above 0, such as 1 or 2.5.");
const share = decimal(0, 1, "The threshold is a number from 0 to 1, such as 0.7.");
const wholeNumber = (min: number, max: number) => {
  const message = `Enter a whole number from ${min} to ${max}.`;
  return decimal(min, max, message).refine(Number.isInteger, message);
};
const toolCalls = wholeNumber(1, 50);
const budget = wholeNumber(1, MAX_BUDGET);

/** The checked values, or one message for each field that is wrong. */
type Parsed<Name extends string, T> =
  | ({ errors?: undefined } & Record<Name, T>)
  | ({ errors: TaskInputErrors } & Partial<Record<Name, undefined>>);

/**
 * Checks a draft against its kind.
 *
 * @returns the input ready to be sent, or one message for each field that is wrong
 */
export function parseTaskInput(draft: TaskDraft): Parsed<"input", TaskInput> {
  if (!isTaskKindId(draft.kind)) return { errors: { kind: "Choose what to do." } };
  const lead = parseLead(draft.kind, draft.lead);
  const options = parseOptions(draft.kind, draft);
  if (lead.errors || options.errors) return { errors: { ...lead.errors, ...options.errors } };
  return { input: { kind: draft.kind, lead: lead.lead, options: options.options } };
}

/**
 * Checks one lead. Errors are keyed `lead.<field>`, and `lead` where no field identifies it. Fields that the kind does not
 * have are skipped, or kept under their own names where the kind is open.
 */
export function parseLead(
  kindId: TaskKindId,
  typed: Record<string, string | undefined>,
): Parsed<"lead", Record<string, string>> {
  const kind: TaskKind = TASK_KINDS[kindId];
  const errors: TaskInputErrors = {};
  const lead: Record<string, string> = {};
  for (const field of kind.fields) {
    const text = typed[field.name]?.trim();
    if (!text) continue;
    const parsed = FIELD_SCHEMAS[field.type].safeParse(text);
    if (parsed.success) lead[field.name] = parsed.data;
    else errors[`lead.${field.name}`] = parsed.error.issues[0]?.message ?? NOT_VALID;
  }
  const isFurtherKnown = kind.open ? addFurther(kind, typed, lead, errors) : false;
  const identifiers = kind.fields.filter((field) => field.identifies);
  if (!isFurtherKnown && !identifiers.some((field) => typed[field.name]?.trim())) {
    const labels = identifiers.filter(({ isForLists }) => !isForLists).map(({ label }) => label);
    const { lookedUpBy } = kind;
    errors.lead = lookedUpBy ? LOOKUP_MISSING[lookedUpBy] : `Fill in at least one of ${listInWords(labels)}.`;
  }
  return Object.keys(errors).length > 0 ? { errors } : { lead };
}

/** Adds what the kind has no field for. @returns whether there was any */
function addFurther(
  { fields }: TaskKind,
  typed: Record<string, string | undefined>,
  lead: Record<string, string>,
  errors: TaskInputErrors,
): boolean {
  let isAny = false;
  for (const [name, value] of Object.entries(typed)) {
    if (!value?.trim() || fields.some((field) => field.name === name)) continue;
    isAny = true;
    const parsed = furtherName.safeParse(name).success ? longText.safeParse(value) : null;
    if (parsed?.success) lead[name] = parsed.data;
    else errors[`lead.${name}`] = parsed?.error.issues[0]?.message ?? "This name can't be sent.";
  }
  return isAny;
}

/** Checks what was chosen besides the lead. Errors are keyed by the names of the form's inputs. */
export function parseOptions(kindId: TaskKindId, draft: Omit<TaskDraft, "lead">): Parsed<"options", TaskOptions> {
  const kind: TaskKind = TASK_KINDS[kindId];
  const errors: TaskInputErrors = {};
  const check = <T>(name: string, schema: z.ZodType<T>, value: unknown): T | undefined => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    errors[name] = parsed.error.issues[0]?.message ?? NOT_VALID;
    return undefined;
  };
  const options: TaskOptions = {};
  if (kind.options.mode) {
    options.mode = check("mode", z.enum(Object.keys(MODES) as [keyof typeof MODES], "Choose one."), draft.mode);
  }
  if (kind.options.tiers) {
    options.tier = check("tier", z.enum(kind.options.tiers, "Choose one of the tiers."), draft.tier);
  }
  if (isAtlasTier(options.tier)) {
    options.include_workspace = draft.include_workspace ?? false;
    options.budget = check("budget", budget, draft.budget?.trim() || "1");
    if (draft.investigation_id?.trim()) {
      options.investigation_id = check("investigation_id", line, draft.investigation_id);
    }
  }
  for (const [name, need] of Object.entries(kind.options.structs ?? {}) as [StructName, "optional" | "required"][]) {
    const rows = draft[name] ?? [];
    const fields = parseOutputFields(name, rows, check, errors);
    if (fields.length > 0) options[name] = fields;
    if (need === "required" && rows.every(isBlankRow))
      errors[`${name}.0.name`] ??= "Name at least one field to return.";
  }
  for (const name of kind.options.texts ?? []) {
    if (draft[name]?.trim()) options[name] = check(name, longText, draft[name]);
  }
  for (const name of kind.options.flags ?? []) options[name] = draft[name] ?? FLAGS[name].isOn;
  if (kind.options.criteria) Object.assign(options, parseJudging(draft, check, errors));
  if (draft.score_criteria && options.qualification_criteria) {
    const struct = options.struct ?? [];
    const names = struct.map(({ name }) => name);
    options.struct = [...struct, ...criterionScoreFields(options.qualification_criteria, names)];
    if (options.struct.length > MAX_STRUCT_FIELDS) {
      errors.score_criteria = `The criteria and the fields to return together are more than ${MAX_STRUCT_FIELDS} fields.`;
    }
  }
  return Object.keys(errors).length > 0 ? { errors } : { options };
}

const NOT_VALID = "This is not valid.";

type Check = <T>(name: string, schema: z.ZodType<T>, value: unknown) => T | undefined;

function parseOutputFields(
  struct: StructName,
  rows: DraftRow<"name" | "description" | "type">[],
  check: Check,
  errors: TaskInputErrors,
): OutputField[] {
  const seen = new Set<string>();
  const fields: OutputField[] = [];
  for (const [index, row] of rows.entries()) {
    if (isBlankRow(row)) continue;
    const name = check(`${struct}.${index}.name`, outputName, row.name);
    const description = check(`${struct}.${index}.description`, outputDescription, row.description);
    const type = check(`${struct}.${index}.type`, outputType, row.type);
    if (name && seen.has(name)) errors[`${struct}.${index}.name`] = "Another field has this name already.";
    if (name) seen.add(name);
    if (name && description && type) fields.push({ name, description, type });
  }
  if (fields.length > MAX_OUTPUT_FIELDS) errors[`${struct}.0.name`] = `Ask for at most ${MAX_OUTPUT_FIELDS} fields.`;
  return fields;
}

/** Checks criteria, references and the limit on tool calls. Rows without a word in them don't count. */
function parseJudging(
  draft: Omit<TaskDraft, "lead">,
  check: Check,
  errors: TaskInputErrors,
): Pick<TaskOptions, "qualification_criteria" | "references" | "max_tool_calls"> {
  const seen = new Set<string>();
  const criteria: Criterion[] = [];
  for (const [index, row] of (draft.criteria ?? []).entries()) {
    if (isBlankRow(row)) continue;
    const criteria_name = check(`criteria.${index}.name`, criterionName, row.name);
    if (criteria_name && seen.has(criteria_name)) errors[`criteria.${index}.name`] = "Another criterion has this name.";
    if (criteria_name) seen.add(criteria_name);
    const description = check(`criteria.${index}.description`, criterionDescription, row.description);
    const weight = check(`criteria.${index}.weight`, criterionWeight, row.weight.trim() || "1");
    const threshold = row.threshold.trim() ? check(`criteria.${index}.threshold`, share, row.threshold) : null;
    if (criteria_name && description && weight && threshold !== undefined) {
      criteria.push({ criteria_name, description, weight, threshold });
    }
  }
  if ((draft.criteria ?? []).every(isBlankRow)) {
    errors["criteria.0.name"] = "Name at least one criterion.";
  }
  const references: ReferenceToRead[] = [];
  for (const [index, row] of (draft.references ?? []).entries()) {
    if (!row.url.trim() && !row.description.trim()) continue;
    const url = check(`references.${index}.url`, FIELD_SCHEMAS.website, row.url);
    const description = check(`references.${index}.description`, referenceDescription, row.description);
    if (url && description) references.push({ url, description });
  }
  const calls = draft.max_tool_calls?.trim();
  const max_tool_calls = calls ? check("max_tool_calls", toolCalls, calls) : undefined;
  return {
    qualification_criteria: criteria,
    ...(references.length > 0 ? { references } : {}),
    ...(max_tool_calls === undefined ? {} : { max_tool_calls }),
  };
}

/** True for a row of an editor without name and description, which is not sent; a weight or type alone does not count. */
export function isBlankRow(row: { name: string; description: string }): boolean {
  return !row.name.trim() && !row.description.trim();
}

/** `A, B or C` */
function listInWords(words: string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);
}
