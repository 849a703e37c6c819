/**
 * What can be submitted: one entry a kind, and nothing about a kind anywhere else. The form, its validation, the request
 * and the words for a task are all read from here. Safe for the browser.
 */

/** A field of a lead, as a person fills it in. `name` is the key in the request. */
export interface LeadField {
  name: string;
  label: string;
  type: "text" | "email" | "phone" | "linkedin" | "domain" | "website";
  placeholder: string;
  /** Whether it says who is meant by itself: a lead needs at least one of these. */
  identifies: boolean;
  /** How else the column of a list may be headed. */
  alsoCalled: readonly string[];
}

export const TIERS = {
  micro: "Micro: quickest and cheapest",
  low: "Low: the default",
  medium: "Medium: more sources",
  high: "High: needs access from Sixtyfour",
  xhigh: "Extra high: needs access from Sixtyfour",
  scout: "Scout: needs access from Sixtyfour",
} as const;
export type Tier = keyof typeof TIERS;

export const MODES = { PROFESSIONAL: "Work email", PERSONAL: "Personal email" } as const;
export type Mode = keyof typeof MODES;

/** Types of an output field, in the words of the API and in plain ones. */
export const OUTPUT_TYPES = {
  str: "Text",
  int: "Whole number",
  float: "Number",
  bool: "Yes or no",
  list: "List",
  "list[str]": "List of texts",
  "list[int]": "List of whole numbers",
  "list[float]": "List of numbers",
  "list[bool]": "List of yes or no",
  dict: "Key and value pairs",
} as const;
export type OutputType = keyof typeof OUTPUT_TYPES;

/** One entry of `struct`: a field that should come back. */
export interface OutputField {
  name: string;
  description: string;
  type: OutputType;
}

/** What a person chose besides the lead. */
export interface TaskOptions {
  mode?: Mode;
  tier?: Tier;
  struct?: OutputField[];
  research_plan?: string;
}

export interface TaskKind {
  label: string;
  /** What one gets, in a sentence. */
  description: string;
  path: string;
  /** Where many leads go in one request, where that can be. */
  bulk?: { path: string; maxLeads: number };
  /** What Sixtyfour calls it in `task_type`; an open set, used for words and never to refuse. */
  taskTypes: readonly string[];
  /** The key of the request that holds the lead. */
  leadKey: "lead" | "lead_info" | "target_company";
  fields: readonly LeadField[];
  options: {
    mode?: true;
    tiers?: readonly Tier[];
    struct?: "optional" | "required";
    researchPlan?: true;
  };
  /** How long a job usually takes, in words. */
  typicalTime: string;
  /** When the app first asks job-status by itself, where no webhook can reach it. */
  firstPollAfterSeconds: number;
  /** How long a job may take before it is late. */
  slowestSeconds: number;
}

const field = {
  name: {
    name: "name",
    label: "Name",
    type: "text",
    placeholder: "Ada Lovelace",
    identifies: true,
    alsoCalled: ["full name", "person", "contact", "contact name", "lead", "lead name"],
  },
  firstName: {
    name: "first_name",
    label: "First name",
    type: "text",
    placeholder: "Ada",
    identifies: true,
    alsoCalled: ["given name", "forename"],
  },
  lastName: {
    name: "last_name",
    label: "Last name",
    type: "text",
    placeholder: "Lovelace",
    identifies: true,
    alsoCalled: ["surname", "family name"],
  },
  company: {
    name: "company",
    label: "Company",
    type: "text",
    placeholder: "Analytical Engines",
    identifies: true,
    alsoCalled: ["company name", "employer", "organisation", "organization", "account", "account name"],
  },
  title: {
    name: "title",
    label: "Job title",
    type: "text",
    placeholder: "Head of Research",
    identifies: false,
    alsoCalled: ["position", "role", "job"],
  },
  email: {
    name: "email",
    label: "Email",
    type: "email",
    placeholder: "ada@example.com",
    identifies: true,
    alsoCalled: ["email address", "e-mail", "mail", "work email", "business email"],
  },
  phone: {
    name: "phone",
    label: "Phone",
    type: "phone",
    placeholder: "+1 202 555 0143",
    identifies: true,
    alsoCalled: ["phone number", "telephone", "tel", "mobile", "cell"],
  },
  linkedin: {
    name: "linkedin",
    label: "LinkedIn URL",
    type: "linkedin",
    placeholder: "linkedin.com/in/ada-lovelace",
    identifies: true,
    alsoCalled: ["linkedin profile", "linkedin profile url", "person linkedin url", "profile url", "li"],
  },
  domain: {
    name: "company_domain",
    label: "Company website",
    type: "domain",
    placeholder: "analytical-engines.com",
    identifies: true,
    alsoCalled: ["domain", "website", "company domain", "company url", "url"],
  },
  location: {
    name: "location",
    label: "Location",
    type: "text",
    placeholder: "London",
    identifies: false,
    alsoCalled: ["city", "country", "region"],
  },
  companyName: {
    name: "company_name",
    label: "Company",
    type: "text",
    placeholder: "Analytical Engines",
    identifies: true,
    alsoCalled: ["company", "name", "organisation", "organization", "account", "account name"],
  },
  website: {
    name: "website",
    label: "Company website",
    type: "website",
    placeholder: "analytical-engines.com",
    identifies: true,
    alsoCalled: ["domain", "url", "company url", "company domain", "homepage"],
  },
  companyLinkedin: {
    name: "linkedin",
    label: "LinkedIn URL",
    type: "linkedin",
    placeholder: "linkedin.com/company/analytical-engines",
    identifies: true,
    alsoCalled: ["company linkedin", "company linkedin url", "linkedin page", "li"],
  },
} as const satisfies Record<string, LeadField>;

export const TASK_KINDS = {
  find_email: {
    label: "Find email",
    description: "A person's work or personal email address, verified.",
    path: "/find-email-async",
    bulk: { path: "/find-email-bulk-async", maxLeads: 100 },
    taskTypes: ["find_email", "find_email_bulk"],
    leadKey: "lead",
    fields: [
      field.name,
      field.company,
      field.domain,
      field.linkedin,
      field.title,
      field.location,
      field.firstName,
      field.lastName,
    ],
    options: { mode: true },
    typicalTime: "2 to 10 seconds",
    firstPollAfterSeconds: 3,
    slowestSeconds: 30,
  },
  find_phone: {
    label: "Find phone",
    description: "A person's phone number.",
    path: "/find-phone-async",
    bulk: { path: "/find-phone-bulk-async", maxLeads: 100 },
    taskTypes: ["find_phone", "find_phone_bulk"],
    leadKey: "lead",
    fields: [field.name, field.company, field.email, field.domain, field.linkedin, field.location],
    options: {},
    typicalTime: "2 to 10 seconds",
    firstPollAfterSeconds: 3,
    slowestSeconds: 30,
  },
  people_intelligence: {
    label: "People intelligence",
    description: "Research on one person: the fields that you ask for, with confidence and references.",
    path: "/people-intelligence-async",
    taskTypes: ["enrich_lead", "lead_enrichment"],
    leadKey: "lead_info",
    fields: [
      field.name,
      field.company,
      field.email,
      field.phone,
      field.linkedin,
      field.domain,
      field.title,
      field.location,
    ],
    options: { tiers: ["micro", "low", "medium", "high", "xhigh", "scout"], struct: "optional", researchPlan: true },
    typicalTime: "10 seconds to a few minutes",
    firstPollAfterSeconds: 10,
    slowestSeconds: 600,
  },
  company_intelligence: {
    label: "Company intelligence",
    description: "Research on one company: the fields that you ask for, with confidence and references.",
    path: "/company-intelligence-async",
    taskTypes: ["enrich_company"],
    leadKey: "target_company",
    fields: [field.companyName, field.website, field.companyLinkedin, field.location],
    options: { tiers: ["micro", "low", "medium", "high"], struct: "required", researchPlan: true },
    typicalTime: "10 seconds to a few minutes",
    firstPollAfterSeconds: 10,
    slowestSeconds: 600,
  },
} as const satisfies Record<string, TaskKind>;

export type TaskKindId = keyof typeof TASK_KINDS;
export const TASK_KIND_IDS = Object.keys(TASK_KINDS) as TaskKindId[];

export function isTaskKindId(value: unknown): value is TaskKindId {
  return typeof value === "string" && Object.hasOwn(TASK_KINDS, value);
}

/** The entry of a kind. Rows of the database may name a kind that this version doesn't have any more. */
export function findTaskKind(kind: string): TaskKind | undefined {
  return isTaskKindId(kind) ? TASK_KINDS[kind] : undefined;
}

/** How the leads of a submission go out: each in a request of its own, many in one, or all as a file. */
export type TaskShape = "single" | "bulk" | "file";

/**
 * The path and the body of a request to a kind's endpoint, the body without `webhook_url`.
 *
 * @param leads one for `single`, up to the kind's `bulk.maxLeads` for `bulk`
 */
export function toSixtyfourRequest(
  kindId: TaskKindId,
  shape: Exclude<TaskShape, "file">,
  leads: Record<string, string>[],
  options: TaskOptions,
): Record<string, unknown> {
  const kind: TaskKind = TASK_KINDS[kindId];
  const { struct, ...plain } = options;
  const request: Record<string, unknown> = {
    ...(shape === "single" ? { [kind.leadKey]: leads[0] } : { leads }),
    ...plain,
  };
  if (struct?.length) {
    request.struct = Object.fromEntries(struct.map(({ name, description, type }) => [name, { description, type }]));
  }
  return request;
}

/** Where a kind's requests of one shape go. */
export function pathOf(kind: TaskKind, shape: TaskShape): string {
  return shape === "bulk" && kind.bulk ? kind.bulk.path : kind.path;
}
