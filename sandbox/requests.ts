/** The requests that each async endpoint accepts, as the API documents them. Unknown fields are accepted everywhere. */
import { z } from "zod";

export type Lead = Record<string, unknown>;

/** A file of leads that has been read. Each row has a cell for each column. */
export interface LeadFile {
  name: string;
  columns: string[];
  rows: unknown[][];
}

const MAX_LEADS = 100;
const MAX_STRUCT_FIELDS = 100;
const MAX_URL_LENGTH = 2083;

const OUTPUT_TYPES = [
  "str",
  "string",
  "int",
  "float",
  "bool",
  "list",
  "list[str]",
  "list[string]",
  "list[int]",
  "list[float]",
  "list[bool]",
  "dict",
] as const;
export type OutputType = (typeof OUTPUT_TYPES)[number];

const webhookUrl = z
  .string()
  .min(1, { abort: true })
  .max(MAX_URL_LENGTH, { abort: true })
  .superRefine((value, context) => {
    if (!URL.canParse(value)) {
      context.addIssue({
        code: "custom",
        message: "Input should be a valid URL, relative URL without a base",
        params: { type: "url_parsing" },
      });
      return;
    }
    const { protocol, hostname } = new URL(value);
    // The real API takes https alone; a machine under development has none, so its own addresses may be http.
    if (protocol === "https:" || (protocol === "http:" && isLoopback(hostname))) return;
    context.addIssue({ code: "custom", message: "URL scheme should be 'https'", params: { type: "url_scheme" } });
  });

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\./.test(hostname);
}

const lead = z
  .record(z.string(), z.unknown())
  .refine((fields) => Object.values(fields).some(saysSomething), "at least one field must be given");

function saysSomething(value: unknown): boolean {
  if (typeof value === "string") return value.trim() !== "";
  return value !== null && value !== undefined;
}

const leads = z.array(lead).min(1).max(MAX_LEADS);
const leadWith = (key: "email" | "phone") => z.looseObject({ [key]: z.string().min(1) });

const struct = z
  .record(
    z.string(),
    z.union([z.string(), z.looseObject({ description: z.string(), type: z.enum(OUTPUT_TYPES).optional() })]),
  )
  .refine(
    (fields) => Object.keys(fields).length <= MAX_STRUCT_FIELDS,
    `at most ${MAX_STRUCT_FIELDS} fields are allowed`,
  );
export type Struct = z.infer<typeof struct>;

const common = { webhook_url: webhookUrl.nullish() };
const finder = { ...common, providers: z.array(z.string()).nullish() };
const emailFinder = {
  ...finder,
  mode: z.enum(["PROFESSIONAL", "PERSONAL"]).default("PROFESSIONAL"),
  verify_emails: z.boolean().default(true),
};
/** Fields of earlier versions, which change nothing here. */
const legacy = { max_iterations: z.int().nullish(), benchmark: z.boolean().nullish() };
const intelligence = {
  ...common,
  ...legacy,
  research_plan: z.string().nullish(),
  field_confidence: z.boolean().nullish(),
};
/** Fields of a single people request. None has a default, because a default would change the seed of the result. */
const investigation = {
  dispatch_id: z.string().min(8).max(128).nullish(),
  include_workspace: z.boolean().nullish(),
  investigation_id: z.string().min(1).nullish(),
  investigation_name: z.string().nullish(),
  budget: z.int().min(1).max(10).nullish(),
};

const personOptions = {
  struct: struct.nullish(),
  tier: z.enum(["micro", "low", "medium", "high", "xhigh", "scout"]).nullish(),
};
const companyOptions = {
  struct: struct.refine((fields) => Object.keys(fields).length > 0, "at least one field must be named"),
  tier: z.enum(["micro", "low", "medium", "high"]).nullish(),
  find_people: z.boolean().default(false),
  people_focus_prompt: z.string().nullish(),
  lead_struct: struct.nullish(),
  full_org_chart: z.boolean().default(false),
};

const fileOptions = {
  ...intelligence,
  columns: z.unknown().optional(),
  result_formats: z.array(z.string()).nullish(),
  save_json: z.boolean().nullish(),
};
/** The config that is sent as JSON with a file of leads. */
export const fileConfigs = {
  people: z.looseObject({ ...fileOptions, ...personOptions }),
  company: z.looseObject({ ...fileOptions, ...companyOptions }),
};
const file = z.custom<LeadFile>();

const criterion = z.looseObject({
  criteria_name: z.string().min(1),
  description: z.string(),
  weight: z.number().positive().default(1),
  /** The reference says 0 to 1, the tutorials send 0 to 10. */
  threshold: z.number().min(0).max(10).nullish(),
});

export const requests = {
  findEmail: z.looseObject({ ...emailFinder, lead }),
  findEmailBulk: z.looseObject({ ...emailFinder, leads }),
  findPhone: z.looseObject({ ...finder, lead }),
  findPhoneBulk: z.looseObject({ ...finder, leads }),
  reverseEmail: z.looseObject({ ...finder, lead: leadWith("email") }),
  reverseEmailBulk: z.looseObject({ ...finder, leads: z.array(leadWith("email")).min(1).max(MAX_LEADS) }),
  reversePhone: z.looseObject({ ...finder, lead: leadWith("phone") }),
  reversePhoneBulk: z.looseObject({ ...finder, leads: z.array(leadWith("phone")).min(1).max(MAX_LEADS) }),
  people: z.looseObject({
    ...intelligence,
    ...personOptions,
    ...investigation,
    lead_info: lead,
  }),
  company: z.looseObject({
    ...intelligence,
    ...companyOptions,
    target_company: lead,
  }),
  research: z.looseObject({
    ...common,
    ...legacy,
    input_data: lead,
    struct: struct.nullish(),
    research_plan: z.string().nullish(),
  }),
  qa: z.looseObject({
    ...common,
    data: lead,
    qualification_criteria: z.array(criterion).min(1),
    references: z.array(z.looseObject({ url: z.string(), description: z.string() })).nullish(),
    struct: z.record(z.string(), z.string()).nullish(),
    max_tool_calls: z.int().min(1).max(50).nullish().default(10),
  }),
  peopleFile: fileConfigs.people.extend({ file }),
  companyFile: fileConfigs.company.extend({ file }),
} as const;

export type FindEmailRequest = z.infer<typeof requests.findEmail>;
export type PeopleRequest = z.infer<typeof requests.people>;
export type CompanyRequest = z.infer<typeof requests.company>;
export type ResearchRequest = z.infer<typeof requests.research>;
export type QaRequest = z.infer<typeof requests.qa>;
