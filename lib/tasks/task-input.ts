/**
 * Checks leads and options before they are submitted: one schema a kind, for the form's inputs, the rows of a list and the
 * API's JSON alike. Blank text stands for no value, and numbers may be text, as forms have them. Safe for the browser.
 */
import { z } from "zod";
import { criterionScoreFields } from "@/lib/sixtyfour/criterion-scores";
import type { LeadField } from "@/lib/sixtyfour/lead-fields";
import { isTaskKindId, TASK_KIND_IDS, TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import {
  ATLAS_OPTIONS,
  ATLAS_TIERS,
  DEFAULT_TIER,
  FLAGS,
  isAtlasTier,
  MAX_BUDGET,
  MAX_OUTPUT_FIELDS,
  MODES,
  OUTPUT_TYPES,
  type OutputField,
  type OutputType,
  type TaskOptions,
} from "@/lib/sixtyfour/task-options";
import { isBlankRow, type TaskDraft, type TaskInputErrors } from "@/lib/tasks/task-draft";

/** Fields that the API takes in one struct: a person's own, and those that score the criteria. */
const MAX_STRUCT_FIELDS = 100;

/** One lead with its options, checked and normalised: ready to be sent. */
export interface TaskInput {
  kind: TaskKindId;
  lead: Record<string, string>;
  options: TaskOptions;
}

const isBlank = (value: unknown) => typeof value === "string" && !value.trim();
const unlessBlank = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (isBlank(value) ? undefined : value), schema.optional()).optional();

const line = z
  .string()
  .trim()
  .max(500, "Use at most 500 characters.")
  .refine((value) => value.isWellFormed() && !/\p{Cc}/u.test(value), "This holds characters that can't be sent.");
const lineWith = (message: string) => line.pipe(z.string().min(1, message));
const longText = z
  .string()
  .trim()
  .max(10_000, "Use at most 10,000 characters.")
  .refine((value) => value.isWellFormed() && !value.includes("\0"), "This holds characters that can't be sent.");

/** A number, or text such as `2.5` or `2,5`. */
const numeric = <T extends z.ZodType<number>>(schema: T) =>
  z.preprocess((given) => {
    if (typeof given !== "string") return given;
    return /^\s*\d{1,4}([.,]\d{1,4})?\s*$/.test(given) ? Number(given.replace(",", ".")) : Number.NaN;
  }, schema);
const decimal = (min: number, max: number, message: string) =>
  numeric(z.number(message).min(min, message).max(max, message));
const wholeNumber = (min: number, max: number) => {
  const message = `Enter a whole number from ${min} to ${max}.`;
  return numeric(z.int(message).min(min, message).max(max, message));
};

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

const LOOKUP_MISSING = { email: "Enter an email address.", phone: "Enter a phone number." };

/** Names that objects have of their own would set something else than a field. */
const furtherName = line.pipe(z.string().min(1).max(100)).refine((name) => !(name in {}));

/** A lead: the fields of its kind, or any others besides where the kind is open. One of them has to identify it. */
function leadSchema(id: TaskKindId) {
  const { fields, open, lookedUpBy }: TaskKind = TASK_KINDS[id];
  const known = Object.fromEntries(fields.map(({ name, type }) => [name, unlessBlank(FIELD_SCHEMAS[type])]));
  const labels = fields.filter(({ identifies, isForLists }) => identifies && !isForLists).map(({ label }) => label);
  const missing = lookedUpBy ? LOOKUP_MISSING[lookedUpBy] : `Fill in at least one of ${listInWords(labels)}.`;
  return z
    .strictObject(known, unlessKnown(`A lead of ${id} has no such field.`))
    .catchall(open ? unlessBlank(longText) : z.never())
    .superRefine((lead, context) => {
      const given = Object.keys(withoutUndefined(lead));
      const further = given.filter((name) => !Object.hasOwn(known, name));
      for (const name of further.filter((one) => !furtherName.safeParse(one).success)) {
        context.addIssue({ code: "custom", path: [name], message: "This name can't be sent." });
      }
      const isIdentified = fields.some(({ name, identifies }) => identifies && given.includes(name));
      if (!isIdentified && further.length === 0 && context.issues.length === 0) context.addIssue(missing);
    })
    .transform((lead) => withoutUndefined(lead) as Record<string, string>);
}

/** Rows of an editor. Blank ones are left out, and the others keep their places in errors. */
function rowsOf<Row extends z.ZodObject>(
  row: Row,
  { missing, unique }: { missing?: string; unique?: { part: string; message: string } } = {},
) {
  const unlessBlankRow = (given: unknown) => (isRow(given) && isBlankRow(given) ? undefined : given);
  return z
    .array(z.preprocess(unlessBlankRow, row.optional()), {
      error: ({ input }) => (input === undefined ? missing : undefined),
    })
    .superRefine((rows, context) => {
      const seen = new Set<unknown>();
      for (const [index, given] of rows.entries()) {
        if (!unique || !given) continue;
        const name = (given as Record<string, unknown>)[unique.part];
        if (seen.has(name)) context.addIssue({ code: "custom", path: [index, unique.part], message: unique.message });
        seen.add(name);
      }
    })
    .transform((rows) => rows.filter((given) => given !== undefined) as z.output<Row>[]);
}

/** Sixtyfour writes two of the types in two ways. */
const OTHER_TYPES: Record<string, OutputType> = { string: "str", "list[string]": "list[str]" };
const outputType = z
  .enum([...Object.keys(OUTPUT_TYPES), ...Object.keys(OTHER_TYPES)], "Choose one of the types.")
  .transform((type) => OTHER_TYPES[type] ?? (type as OutputType));
const outputName = lineWith("Give this field a name.").pipe(
  z.string().regex(/^[a-z][a-z0-9_]{0,63}$/i, "Use letters, digits and underscores, such as funding_round."),
);
const outputDescription = lineWith("Describe what this field should contain.");
const NO_FIELD = "Name at least one field to return.";
const outputFields = rowsOf(
  z.strictObject({ name: outputName, description: outputDescription, type: outputType.default("str") }),
  { missing: NO_FIELD, unique: { part: "name", message: "Another field has this name already." } },
);
const outputFieldsByName = z
  .record(
    z.string(),
    z.union([
      outputDescription.transform((description) => ({ description, type: undefined })),
      z.strictObject({ description: outputDescription, type: outputType.optional() }),
    ]),
  )
  .transform((fields, context) =>
    Object.entries(fields).map(([given, { description, type = "str" }]) => {
      const { error, data: name = given } = outputName.safeParse(given);
      if (error) context.addIssue({ code: "custom", path: [given], message: error.issues[0]?.message });
      return { name, description, type };
    }),
  );

const STRUCT = "Fields to return: name to description, or to description and type";
/** Rows as the form has them, or an object as the API has them. */
const struct = z
  .union([outputFields, outputFieldsByName])
  .refine((fields) => fields.length <= MAX_OUTPUT_FIELDS, `Ask for at most ${MAX_OUTPUT_FIELDS} fields.`);

function structSchema(need: "optional" | "required", byDefault: readonly OutputField[] | undefined): z.ZodType {
  if (need === "required") {
    const required = struct.refine((fields) => fields.length > 0, NO_FIELD);
    return required.meta({ description: `${STRUCT}; at least one` });
  }
  if (!byDefault) return struct.optional().meta({ description: STRUCT });
  const names = byDefault.map(({ name }) => name).join(", ");
  const description = `${STRUCT}. Only these fields and notes are returned; without a struct it is asked for ${names}, and with an empty one for none.`;
  return struct.prefault([...byDefault]).meta({ description });
}

const onlyAtlas = `Tiers ${ATLAS_TIERS.join(" and ")} only`;
const ATLAS = {
  include_workspace: z
    .boolean()
    .optional()
    .meta({ description: `${onlyAtlas}: include the workspace's files in the result; false by default` }),
  budget: unlessBlank(wholeNumber(1, MAX_BUDGET)).meta({
    description: `${onlyAtlas}: 1 to ${MAX_BUDGET}, 1 by default; each step bills the tier's price once more`,
  }),
  investigation_id: unlessBlank(line).meta({
    description: `${onlyAtlas}: the earlier investigation of the same lead to continue`,
  }),
};

const NO_CRITERION = "Name at least one criterion.";
const JUDGING = {
  qualification_criteria: rowsOf(
    z.strictObject({
      criteria_name: lineWith("Give this criterion a name."),
      description: lineWith("Describe what this criterion means."),
      weight: unlessBlank(decimal(0.01, 1_000, "Enter a number above 0, such as 1 or 2.5."))
        .transform((weight) => weight ?? 1)
        .prefault(1)
        .meta({ description: "Relative to the other weights; 1 by default" }),
      threshold: unlessBlank(decimal(0, 1, "The threshold is a number from 0 to 1, such as 0.7.").nullable())
        .transform((threshold) => threshold ?? null)
        .prefault(null)
        .meta({ description: "Score that must be reached, from 0 to 1" }),
    }),
    { missing: NO_CRITERION, unique: { part: "criteria_name", message: "Another criterion has this name." } },
  ).refine((criteria) => criteria.length > 0, NO_CRITERION),
  references: rowsOf(
    z.strictObject({ url: FIELD_SCHEMAS.website, description: lineWith("Describe what this page is.") }),
  ).optional(),
  max_tool_calls: unlessBlank(wholeNumber(1, 50)).meta({ description: "1 to 50; Sixtyfour's default is 10" }),
  score_criteria: z
    .boolean()
    .optional()
    .meta({ description: "Adds a field named score_<criterion> for each criterion, from 0 to 10" }),
};

/** The options of a kind by the names of the API, with the kind's defaults. */
function optionsSchema(id: TaskKindId) {
  const { options }: TaskKind = TASK_KINDS[id];
  const { mode, tiers, structs = {}, defaultStruct, flags = [], texts = [], criteria } = options;
  const shape: Record<string, z.ZodType> = {
    ...(mode ? { mode: z.enum(Object.keys(MODES), "Choose one.").default("PROFESSIONAL") } : {}),
    ...(tiers ? { tier: z.enum(tiers, "Choose one of the tiers.").default(DEFAULT_TIER) } : {}),
    ...(tiers?.some(isAtlasTier) ? ATLAS : {}),
    ...Object.fromEntries(Object.entries(structs).map(([name, need]) => [name, structSchema(need, defaultStruct)])),
    ...Object.fromEntries(texts.map((name) => [name, unlessBlank(longText)])),
    ...Object.fromEntries(flags.map((name) => [name, z.boolean().default(FLAGS[name].isOn)])),
    ...(criteria ? JUDGING : {}),
  };
  return z
    .strictObject(shape, unlessKnown(`The kind ${id} has no such option.`))
    .transform((given: CheckedOptions, context) => withAtlas(given, context))
    .transform((given, context) => withScores(inOrder(given, Object.keys(shape)), context));
}

type CheckedOptions = TaskOptions & { score_criteria?: boolean };

/** Fills in the defaults of an Atlas run. Its options would do nothing for any other tier. */
function withAtlas(given: CheckedOptions, context: z.RefinementCtx): CheckedOptions {
  if (isAtlasTier(given.tier)) return { include_workspace: false, budget: 1, ...withoutUndefined(given) };
  for (const name of ATLAS_OPTIONS.filter((option) => given[option] !== undefined)) {
    const message = `The option ${name} applies to the tiers ${ATLAS_TIERS.join(" and ")} only.`;
    context.addIssue({ code: "custom", path: [name], message });
  }
  return given;
}

/** Without what is empty, and in one order, since the API compares repeated requests as text. */
function inOrder(given: CheckedOptions, names: string[]): CheckedOptions {
  const values = new Map<string, unknown>(Object.entries(withoutUndefined(given)));
  const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(names.map((name) => [name, values.get(name)]).filter(([, value]) => !isEmpty(value)));
}

function withScores({ score_criteria: isScored, ...options }: CheckedOptions, context: z.RefinementCtx): TaskOptions {
  if (!isScored) return options;
  const { struct: own = [], qualification_criteria: criteria = [] } = options;
  const scores = criterionScoreFields(
    criteria,
    own.map(({ name }) => name),
  );
  if (own.length + scores.length > MAX_STRUCT_FIELDS) {
    const message = `The criteria and the fields to return together are more than ${MAX_STRUCT_FIELDS} fields.`;
    context.addIssue({ code: "custom", path: ["score_criteria"], message });
  }
  return { ...options, struct: [...own, ...scores] };
}

const schemaOf = (id: TaskKindId) =>
  z.object({ kind: z.literal(id), lead: leadSchema(id), options: optionsSchema(id) });

/** The schema of a lead with its options, by kind. A list and the API take the parts of it. */
export const TASK_SCHEMAS = Object.fromEntries(TASK_KIND_IDS.map((id) => [id, schemaOf(id)])) as Record<
  TaskKindId,
  ReturnType<typeof schemaOf>
>;

/** The checked values, or one message for each field that is wrong. */
type Parsed<Name extends string, T> =
  | ({ errors?: undefined } & Record<Name, T>)
  | ({ errors: TaskInputErrors } & Partial<Record<Name, undefined>>);

/**
 * Checks a draft by the schema of its kind.
 *
 * @returns the input ready to be sent, or one message for each input that is wrong
 */
export function parseTaskInput({ kind, lead, ...options }: TaskDraft): Parsed<"input", TaskInput> {
  if (!isTaskKindId(kind)) return { errors: { kind: "Choose what to do." } };
  const given = { kind, lead, options: withoutUndefined(options) };
  const { data: input, error } = TASK_SCHEMAS[kind].safeParse(given);
  return input ? { input } : { errors: errorsOf(error) };
}

/** Checks one lead, as a list has it. Errors are keyed `lead.<field>`, and `lead` for the lead as a whole. */
export function parseLead(
  kind: TaskKindId,
  given: Record<string, string | undefined>,
): Parsed<"lead", Record<string, string>> {
  const { data: lead, error } = TASK_SCHEMAS[kind].shape.lead.safeParse(given);
  return lead ? { lead } : { errors: errorsOf(error, ["lead"]) };
}

/** Checks the options of a draft alone. Errors are keyed by the names of the form's inputs. */
export function parseOptions(
  id: TaskKindId,
  { kind: _, lead: __, ...given }: Partial<TaskDraft>,
): Parsed<"options", TaskOptions> {
  const { data: options, error } = TASK_SCHEMAS[id].shape.options.safeParse(withoutUndefined(given));
  return options ? { options } : { errors: errorsOf(error) };
}

/** The form names the inputs of options by themselves, such as `tier`. */
function errorsOf(error: z.ZodError, within: string[] = []): TaskInputErrors {
  const errors: TaskInputErrors = {};
  for (const { path, message } of issuesOf(error.issues)) {
    const [head, ...rest] = [...within, ...path];
    errors[(head === "options" ? rest : [head, ...rest]).join(".")] ??= message;
  }
  return errors;
}

/** Returns the issues of a check; of a union, those of the one whose type was given. */
export function issuesOf(issues: z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== "invalid_union" || issue.errors.length === 0) return issue;
    const isOther = (of: z.core.$ZodIssue[]) =>
      of.some(({ code, path }) => code === "invalid_type" && path.length === 0);
    const meant = issue.errors.find((of) => !isOther(of)) ?? issue.errors[0] ?? [];
    return issuesOf(meant).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
}

/** The message for keys that an object does not have. */
function unlessKnown(message: string) {
  return { error: ({ code }: { code: string }) => (code === "unrecognized_keys" ? message : undefined) };
}

function withoutUndefined<T extends object>(given: T): T {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
}

function isRow(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

/** `A, B or C` */
function listInWords(words: string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);
}
