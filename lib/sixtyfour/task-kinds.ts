/**
 * The kinds of enrichment: one entry per kind, and nothing about a kind anywhere else. The form, its validation, the
 * request and the words for a task are all read from here. Safe for the browser.
 */

import { field, type LeadField } from "@/lib/sixtyfour/lead-fields";
import {
  ATLAS_OPTIONS,
  DEFAULT_TIER,
  type FlagName,
  isAtlasTier,
  type OutputField,
  type StructName,
  type TaskOptions,
  type TextName,
  type Tier,
} from "@/lib/sixtyfour/task-options";

/** Groups of kinds where one is chosen, in this order. */
const KIND_GROUPS = {
  reach: "Contact info",
  identify: "Reverse lookup",
  research: "Research and qualify",
} as const;
type KindGroup = keyof typeof KIND_GROUPS;

export type KindIcon = "address" | "building" | "call" | "checklist" | "mail" | "person" | "phone" | "telescope";

/** Duration of a job. */
export interface Timing {
  /** In words, as `about 4 minutes`. */
  typicalTime: string;
  /** The first automatic poll, where no webhook can reach the app. */
  firstPollAfterSeconds: number;
  /** A job that takes longer is late. */
  slowestSeconds: number;
}

/** Its timing is that of the default tier; {@link timingOf} has that of any tier. */
export interface TaskKind extends Timing {
  label: string;
  group: KindGroup;
  icon: KindIcon;
  /** The outcome, in a sentence. */
  description: string;
  path: string;
  /** The endpoint that takes many leads in one request. */
  bulk?: { path: string; maxLeads: number };
  /** The endpoint that takes a whole list as one file. Sixtyfour's guide names fewer tiers for it than the OpenAPI. */
  file?: { path: string; maxRows: number; tiers: readonly Tier[] };
  /** Sixtyfour's names in `task_type`: an open set, used for words and never to reject. */
  taskTypes: readonly string[];
  /** Its endpoint takes an idempotency key in the body, `dispatch_id`. */
  hasDispatchId?: true;
  /** The key of the request that holds the lead. */
  leadKey: "lead" | "lead_info" | "target_company" | "input_data" | "data";
  fields: readonly LeadField[];
  /** Takes further fields under any name, such as a column of a list. */
  open?: true;
  options: {
    mode?: true;
    tiers?: readonly Tier[];
    structs?: Partial<Record<StructName, "optional" | "required">>;
    /** Fields of `struct` that are asked for unless somebody chooses others. */
    defaultStruct?: readonly OutputField[];
    /** `struct` goes out as name and description alone. */
    hasUntypedStruct?: true;
    flags?: readonly FlagName[];
    texts?: readonly TextName[];
    /** Criteria, references to read and a limit on tool calls. */
    criteria?: true;
  };
  /** The field that a person is looked up by, which the result repeats. */
  lookedUpBy?: "email" | "phone";
}

const FINDER: Timing = { typicalTime: "2 to 10 seconds", firstPollAfterSeconds: 3, slowestSeconds: 30 };
const RESEARCH: Timing = { typicalTime: "30 seconds to 3 minutes", firstPollAfterSeconds: 30, slowestSeconds: 600 };

const ABOUT_FOUR_MINUTES: Timing = { typicalTime: "about 4 minutes", firstPollAfterSeconds: 120, slowestSeconds: 900 };
const INVESTIGATION: Timing = {
  typicalTime: "15 minutes or more",
  firstPollAfterSeconds: 600,
  slowestSeconds: 3_600,
};

/** Medians of a public benchmark of June 2026: low 230 s, medium 223 s, high 459 s; the highest take 15 minutes and more. */
const TIER_TIMINGS: Record<Tier, Timing> = {
  micro: { typicalTime: "1 to 4 minutes", firstPollAfterSeconds: 60, slowestSeconds: 900 },
  low: ABOUT_FOUR_MINUTES,
  medium: ABOUT_FOUR_MINUTES,
  high: { typicalTime: "about 8 minutes", firstPollAfterSeconds: 240, slowestSeconds: 1_800 },
  xhigh: INVESTIGATION,
  scout: INVESTIGATION,
};

const UNKNOWN_KIND: Timing = { typicalTime: "a few minutes", firstPollAfterSeconds: 10, slowestSeconds: 600 };

/** Tiers that Sixtyfour's guide names for files. */
const FILE_TIERS: readonly Tier[] = ["micro", "low", "medium", "high"];

/** The QA agent returns the fields of `struct` and notes, and nothing else: without these it states no verdict. */
const QUALIFICATION_FIELDS: readonly OutputField[] = [
  { name: "suitability_score", description: "How suitable the lead is: a whole number from 0 to 10", type: "str" },
  { name: "verdict", description: "YES if the lead qualifies, otherwise NO", type: "str" },
  { name: "reason", description: "Why, in one or two sentences", type: "str" },
  { name: "recommendation", description: "What to do next with the lead", type: "str" },
];

/** Fields that the agents know; they take any others as well. */
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
    ...FINDER,
  },
  reverse_email: {
    label: "Reverse email",
    group: "identify",
    icon: "address",
    description: "Identify the person behind an email address.",
    path: "/reverse-email-async",
    bulk: { path: "/reverse-email-bulk-async", maxLeads: 100 },
    taskTypes: ["reverse_email", "reverse_email_bulk"],
    leadKey: "lead",
    fields: [field.email],
    options: {},
    lookedUpBy: "email",
    ...FINDER,
  },
  reverse_phone: {
    label: "Reverse phone",
    group: "identify",
    icon: "call",
    description: "Identify the person behind a phone number.",
    path: "/reverse-phone-async",
    bulk: { path: "/reverse-phone-bulk-async", maxLeads: 100 },
    taskTypes: ["reverse_phone", "reverse_phone_bulk"],
    leadKey: "lead",
    fields: [field.phone],
    options: {},
    lookedUpBy: "phone",
    ...FINDER,
  },
  people_intelligence: {
    label: "People intelligence",
    group: "research",
    icon: "person",
    description: "Research a person. Get the fields you choose, with confidence scores and sources.",
    path: "/people-intelligence-async",
    hasDispatchId: true,
    file: { path: "/bulk-intelligence/people", maxRows: 100_000, tiers: FILE_TIERS },
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
    ...TIER_TIMINGS[DEFAULT_TIER],
  },
  company_intelligence: {
    label: "Company intelligence",
    group: "research",
    icon: "building",
    description: "Research a company and its people. Get the fields you choose, with sources.",
    path: "/company-intelligence-async",
    file: { path: "/bulk-intelligence/company", maxRows: 100_000, tiers: FILE_TIERS },
    taskTypes: ["enrich_company"],
    leadKey: "target_company",
    fields: [field.companyName, field.website, field.companyLinkedin, field.location],
    options: {
      tiers: ["micro", "low", "medium", "high"],
      structs: { struct: "required", lead_struct: "optional" },
      texts: ["people_focus_prompt", "research_plan"],
      flags: ["find_people", "full_org_chart", "field_confidence"],
    },
    ...TIER_TIMINGS[DEFAULT_TIER],
  },
  research_agent: {
    label: "Research agent",
    group: "research",
    icon: "telescope",
    description: "Research any person, company or topic and get structured answers.",
    path: "/research-agent-async",
    taskTypes: ["research_agent"],
    leadKey: "input_data",
    fields: ANYTHING,
    open: true,
    options: { structs: { struct: "optional" }, texts: ["research_plan"] },
    ...RESEARCH,
  },
  qa_agent: {
    label: "Qualify a lead",
    group: "research",
    icon: "checklist",
    description: "Judge a lead by your criteria. Get a score, a verdict, the reason and a recommendation.",
    path: "/qa-agent-async",
    taskTypes: ["qa_agent"],
    leadKey: "data",
    fields: ANYTHING,
    open: true,
    options: {
      criteria: true,
      structs: { struct: "optional" },
      defaultStruct: QUALIFICATION_FIELDS,
      hasUntypedStruct: true,
    },
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

/**
 * Returns the timing of a kind at a tier.
 *
 * @param tier null for the API's default; ignored by kinds without tiers
 */
export function timingOf(kindId: string, tier: string | null = null): Timing {
  const kind = findTaskKind(kindId);
  if (!kind) return UNKNOWN_KIND;
  const known = kind.options.tiers?.find((one) => one === (tier ?? DEFAULT_TIER));
  return known ? TIER_TIMINGS[known] : kind;
}

/** The tier that a stored request names; null where it names none. */
export function tierOf(request: Record<string, unknown>): string | null {
  return typeof request.tier === "string" ? request.tier : null;
}

/** True for a kind that has an option of this name, by the names of {@link TaskOptions}. */
export function hasOption(kindId: TaskKindId, name: string): boolean {
  const {
    mode,
    tiers = [],
    structs = {},
    flags = [],
    texts = [],
    criteria,
  }: TaskKind["options"] = TASK_KINDS[kindId].options;
  const names: string[] = [
    ...(mode ? ["mode"] : []),
    ...(tiers.length > 0 ? ["tier"] : []),
    ...(tiers.some(isAtlasTier) ? ATLAS_OPTIONS : []),
    ...Object.keys(structs),
    ...flags,
    ...texts,
    ...(criteria ? ["qualification_criteria", "score_criteria", "references", "max_tool_calls"] : []),
  ];
  return names.includes(name);
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
