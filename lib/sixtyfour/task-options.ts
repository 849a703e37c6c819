/** The options of a request besides its leads, each with its label. Safe for the browser. */

export const TIERS = {
  micro: "Micro",
  low: "Low (default)",
  medium: "Medium",
  high: "High (needs access)",
  xhigh: "Extra high (needs access)",
  scout: "Scout (needs access)",
} as const;
export type Tier = keyof typeof TIERS;

/** The tier that the API takes where a request names none. */
export const DEFAULT_TIER: Tier = "low";

/** Tiers whose runs are investigations with a workspace, a budget and a page at Sixtyfour. */
export const ATLAS_TIERS: readonly Tier[] = ["xhigh", "scout"];

/** Options that only Atlas runs have. */
export const ATLAS_OPTIONS = ["include_workspace", "budget", "investigation_id"] as const;

/** Largest `budget` of an Atlas run. */
export const MAX_BUDGET = 10;

/** True for a tier whose runs are investigations. */
export function isAtlasTier(tier: string | undefined): boolean {
  return (ATLAS_TIERS as readonly (string | undefined)[]).includes(tier);
}

/** An earlier investigation of a lead, which an Atlas run can continue. */
export interface EarlierInvestigation {
  id: string;
  /** ISO 8601. */
  startedAt: string;
}

export const MODES = { PROFESSIONAL: "Work email", PERSONAL: "Personal email" } as const;
export type Mode = keyof typeof MODES;

/** Types of an output field, each with its label. */
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

/** Fields to return that a person may name. Those that score the criteria come on top. */
export const MAX_OUTPUT_FIELDS = 50;

/** One entry of `struct`: a field that Sixtyfour returns. */
export interface OutputField {
  name: string;
  description: string;
  type: OutputType;
}

/** One criterion that the QA agent judges a lead by. */
export interface Criterion {
  criteria_name: string;
  description: string;
  /** Relative: only its ratio to the other weights counts. */
  weight: number;
  /** Score that the lead must reach, from 0 to 1; null for none. */
  threshold: number | null;
}

interface ReferenceToRead {
  url: string;
  description: string;
}

/** Yes-or-no options. Each is sent as it was chosen. */
export const FLAGS = {
  verify_emails: { label: "Verify deliverability", hint: "Checks that each address accepts mail.", isOn: true },
  field_confidence: {
    label: "Include confidence scores",
    hint: "Adds how certain Sixtyfour is of each field.",
    isOn: true,
  },
  find_people: {
    label: "Find people who work there",
    hint: "Adds people at the company, with the fields below.",
    isOn: false,
  },
  full_org_chart: { label: "Full org chart", hint: "Adds everyone Sixtyfour can find.", isOn: false },
} as const;
export type FlagName = keyof typeof FLAGS;

/** Options in free text. */
export const TEXTS = {
  research_plan: {
    label: "Research plan",
    hint: "Optional. Tell the agent where to look and what to extract.",
    placeholder: "Start with the company's own site, then recent press.",
  },
  people_focus_prompt: {
    label: "People to focus on",
    hint: "Optional. Applies where people are found.",
    placeholder: "Heads of engineering and data in Europe",
  },
} as const;
export type TextName = keyof typeof TEXTS;

/** Lists of fields that Sixtyfour returns. */
export const STRUCTS = {
  struct: { legend: "Fields to return", ofOne: "field" },
  lead_struct: { legend: "Fields of each person", ofOne: "person field" },
} as const;
export type StructName = keyof typeof STRUCTS;

/** The options of a request, checked. The names are those of the API. */
export interface TaskOptions
  extends Partial<Record<FlagName, boolean>>,
    Partial<Record<TextName, string>>,
    Partial<Record<StructName, OutputField[]>> {
  mode?: Mode;
  tier?: Tier;
  qualification_criteria?: Criterion[];
  references?: ReferenceToRead[];
  max_tool_calls?: number;
  /** Atlas runs only (see {@link ATLAS_TIERS}): includes the workspace's files in the result; the API's default is true. */
  include_workspace?: boolean;
  /** Atlas runs only: 1 to 10, each bills the tier's price once more. */
  budget?: number;
  /** Atlas runs only: the earlier investigation of the same lead that the run continues. */
  investigation_id?: string;
}
