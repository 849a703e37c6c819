/**
 * What can be submitted: one entry a kind, and nothing about a kind anywhere else. The form, its validation, the request
 * and the words for a task are all read from here. Safe for the browser.
 */

import { field, type LeadField } from "@/lib/sixtyfour/lead-fields";
import type { FlagName, OutputField, StructName, TaskOptions, TextName, Tier } from "@/lib/sixtyfour/task-options";

/** How kinds stand together where one is chosen, in this order. */
export const KIND_GROUPS = {
  reach: "Reach somebody",
  identify: "Find out who it is",
  research: "Research and qualify",
} as const;
export type KindGroup = keyof typeof KIND_GROUPS;

export type KindIcon = "address" | "building" | "call" | "checklist" | "mail" | "person" | "phone" | "telescope";

export interface TaskKind {
  label: string;
  group: KindGroup;
  icon: KindIcon;
  /** What one gets, in a sentence. */
  description: string;
  path: string;
  /** Where many leads go in one request, where that can be. */
  bulk?: { path: string; maxLeads: number };
  /** Where a whole list goes as one file, where that can be. */
  file?: { path: string; maxRows: number };
  /** What Sixtyfour calls it in `task_type`; an open set, used for words and never to refuse. */
  taskTypes: readonly string[];
  /** The key of the request that holds the lead. */
  leadKey: "lead" | "lead_info" | "target_company" | "input_data" | "data";
  fields: readonly LeadField[];
  /** Whatever else is known may be sent under a name of one's own, such as a column of a list. */
  open?: true;
  options: {
    mode?: true;
    tiers?: readonly Tier[];
    structs?: Partial<Record<StructName, "optional" | "required">>;
    /** `struct` goes out as name and description alone. */
    hasUntypedStruct?: true;
    flags?: readonly FlagName[];
    texts?: readonly TextName[];
    /** What a lead is judged by, what may be read about it, and how far to go. */
    criteria?: true;
  };
  /** What a person is looked up by: the result says whose it is, and repeats it. */
  lookedUpBy?: "email" | "phone";
  /** How long a job usually takes, in words. */
  typicalTime: string;
  /** What is known of the price beforehand, in words: Sixtyfour says what a job cost when it has ended. */
  priceNote: string;
  /** When the app first asks job-status by itself, where no webhook can reach it. */
  firstPollAfterSeconds: number;
  /** How long a job may take before it is late. */
  slowestSeconds: number;
}

const FINDER = { typicalTime: "2 to 10 seconds", firstPollAfterSeconds: 3, slowestSeconds: 30 } as const;
const RESEARCH = { typicalTime: "30 seconds to 3 minutes", firstPollAfterSeconds: 30, slowestSeconds: 600 } as const;
const INTELLIGENCE = {
  typicalTime: "10 seconds to a few minutes",
  firstPollAfterSeconds: 10,
  slowestSeconds: 600,
} as const;

/** The documentation names no prices. */
const KNOWN_AFTERWARDS = "What it cost is known when it has ended.";

/** What the agents are told; they take anything else besides. */
const ANYTHING = [
  field.name,
  field.company,
  field.domain,
  field.email,
  field.linkedin,
  field.title,
  field.location,
  field.known,
] as const;

export const TASK_KINDS = {
  find_email: {
    label: "Find email",
    group: "reach",
    icon: "mail",
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
    options: { mode: true, flags: ["verify_emails"] },
    priceNote: KNOWN_AFTERWARDS,
    ...FINDER,
  },
  find_phone: {
    label: "Find phone",
    group: "reach",
    icon: "phone",
    description: "A person's phone number.",
    path: "/find-phone-async",
    bulk: { path: "/find-phone-bulk-async", maxLeads: 100 },
    taskTypes: ["find_phone", "find_phone_bulk"],
    leadKey: "lead",
    fields: [
      field.name,
      field.company,
      field.email,
      field.domain,
      field.linkedin,
      field.location,
      field.firstName,
      field.lastName,
    ],
    options: {},
    priceNote: KNOWN_AFTERWARDS,
    ...FINDER,
  },
  reverse_email: {
    label: "Reverse email",
    group: "identify",
    icon: "address",
    description: "Who stands behind an email address.",
    path: "/reverse-email-async",
    bulk: { path: "/reverse-email-bulk-async", maxLeads: 100 },
    taskTypes: ["reverse_email", "reverse_email_bulk"],
    leadKey: "lead",
    fields: [field.email],
    options: {},
    lookedUpBy: "email",
    priceNote: KNOWN_AFTERWARDS,
    ...FINDER,
  },
  reverse_phone: {
    label: "Reverse phone",
    group: "identify",
    icon: "call",
    description: "Who stands behind a phone number.",
    path: "/reverse-phone-async",
    bulk: { path: "/reverse-phone-bulk-async", maxLeads: 100 },
    taskTypes: ["reverse_phone", "reverse_phone_bulk"],
    leadKey: "lead",
    fields: [field.phone],
    options: {},
    lookedUpBy: "phone",
    priceNote: KNOWN_AFTERWARDS,
    ...FINDER,
  },
  people_intelligence: {
    label: "People intelligence",
    group: "research",
    icon: "person",
    description: "Research on one person: the fields that you ask for, with confidence and references.",
    path: "/people-intelligence-async",
    file: { path: "/bulk-intelligence/people", maxRows: 100_000 },
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
      field.firstName,
      field.lastName,
    ],
    options: {
      tiers: ["micro", "low", "medium", "high", "xhigh", "scout"],
      structs: { struct: "optional" },
      texts: ["research_plan"],
      flags: ["field_confidence"],
    },
    priceNote: KNOWN_AFTERWARDS,
    ...INTELLIGENCE,
  },
  company_intelligence: {
    label: "Company intelligence",
    group: "research",
    icon: "building",
    description: "Research on one company, and on its people: the fields that you ask for, with references.",
    path: "/company-intelligence-async",
    file: { path: "/bulk-intelligence/company", maxRows: 100_000 },
    taskTypes: ["enrich_company"],
    leadKey: "target_company",
    fields: [field.companyName, field.website, field.companyLinkedin, field.location],
    options: {
      tiers: ["micro", "low", "medium", "high"],
      structs: { struct: "required", lead_struct: "optional" },
      texts: ["people_focus_prompt", "research_plan"],
      flags: ["find_people", "full_org_chart", "field_confidence"],
    },
    priceNote: KNOWN_AFTERWARDS,
    ...INTELLIGENCE,
  },
  research_agent: {
    label: "Research agent",
    group: "research",
    icon: "telescope",
    description: "An agent that looks into anything you know a little about, and answers in the fields you name.",
    path: "/research-agent-async",
    taskTypes: ["research_agent"],
    leadKey: "input_data",
    fields: ANYTHING,
    open: true,
    options: { structs: { struct: "optional" }, texts: ["research_plan"] },
    priceNote: KNOWN_AFTERWARDS,
    ...RESEARCH,
  },
  qa_agent: {
    label: "Qualify a lead",
    group: "research",
    icon: "checklist",
    description: "Scores a lead by your criteria, with reasons and references.",
    path: "/qa-agent-async",
    taskTypes: ["qa_agent"],
    leadKey: "data",
    fields: ANYTHING,
    open: true,
    options: { criteria: true, structs: { struct: "optional" }, hasUntypedStruct: true },
    priceNote: KNOWN_AFTERWARDS,
    ...RESEARCH,
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
 * The body of a request to a kind's endpoint, without `webhook_url`; of a file, the config that goes beside it.
 *
 * @param leads one for `single`, up to the kind's `bulk.maxLeads` for `bulk`, none for `file`
 */
export function toSixtyfourRequest(
  kindId: TaskKindId,
  shape: TaskShape,
  leads: Record<string, string>[],
  options: TaskOptions,
): Record<string, unknown> {
  const kind: TaskKind = TASK_KINDS[kindId];
  const { struct, lead_struct, ...plain } = options;
  return {
    ...(shape === "single" ? { [kind.leadKey]: leads[0] } : {}),
    ...(shape === "bulk" ? { leads } : {}),
    ...plain,
    ...(struct?.length ? { struct: toStruct(struct, kind.options.hasUntypedStruct) } : {}),
    ...(lead_struct?.length ? { lead_struct: toStruct(lead_struct, false) } : {}),
  };
}

function toStruct(fields: OutputField[], isUntyped: boolean | undefined): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, description, type }) => [name, isUntyped ? description : { description, type }]),
  );
}

/** Where a kind's requests of one shape go. */
export function pathOf(kind: TaskKind, shape: TaskShape): string {
  const other = shape === "single" ? undefined : kind[shape];
  return other?.path ?? kind.path;
}

/** The kinds in their groups, for choosing one. */
export function groupedTaskKinds(): { label: string; kinds: TaskKindId[] }[] {
  return Object.entries(KIND_GROUPS).map(([group, label]) => ({
    label,
    kinds: TASK_KIND_IDS.filter((id) => TASK_KINDS[id].group === group),
  }));
}
