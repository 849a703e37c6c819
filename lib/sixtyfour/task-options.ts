/** What can be chosen besides the lead, in the words of the API and in plain ones. Safe for the browser. */

export const TIERS = {
  micro: "Micro: quickest and cheapest",
  low: "Low: the default",
  medium: "Medium: more sources",
  high: "High: needs access from Sixtyfour",
  xhigh: "Extra high: needs access from Sixtyfour",
  scout: "Scout: needs access from Sixtyfour",
} as const;
export type Tier = keyof typeof TIERS;

/** Tiers whose runs are investigations with a workspace, a budget and a page at Sixtyfour. */
export const ATLAS_TIERS: readonly Tier[] = ["xhigh", "scout"];

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

/** One thing that a lead is judged by. */
export interface Criterion {
  criteria_name: string;
  description: string;
  weight: number;
  /** 0 to 1: what the score has to reach; null where it only counts towards the total. */
  threshold: number | null;
}

export interface ReferenceToRead {
  url: string;
  description: string;
}

/** Yes-or-no options. Each is sent as it was chosen. */
export const FLAGS = {
  verify_emails: { label: "Verify addresses", hint: "Says of each whether mail arrives there.", isOn: true },
  field_confidence: { label: "Confidence of each field", hint: "How sure Sixtyfour is of it.", isOn: true },
  find_people: {
    label: "Find people who work there",
    hint: "They come with the company, each with the fields below.",
    isOn: false,
  },
  full_org_chart: { label: "The whole organisation", hint: "Everybody who can be found there.", isOn: false },
} as const;
export type FlagName = keyof typeof FLAGS;

/** Options that are written freely. */
export const TEXTS = {
  research_plan: {
    label: "Research plan",
    hint: "Optional: where to look, and what to make of it.",
    placeholder: "Start with the company's own site, then recent press.",
  },
  people_focus_prompt: {
    label: "Which people",
    hint: "Optional: whom to look for where people are found.",
    placeholder: "Heads of engineering and data in Europe",
  },
} as const;
export type TextName = keyof typeof TEXTS;

/** Lists of fields that should come back. */
export const STRUCTS = {
  struct: { legend: "Fields to return", ofOne: "field" },
  lead_struct: { legend: "Fields of each person", ofOne: "person’s field" },
} as const;
export type StructName = keyof typeof STRUCTS;

/** What a person chose besides the lead. */
export interface TaskOptions
  extends Partial<Record<FlagName, boolean>>,
    Partial<Record<TextName, string>>,
    Partial<Record<StructName, OutputField[]>> {
  mode?: Mode;
  tier?: Tier;
  qualification_criteria?: Criterion[];
  references?: ReferenceToRead[];
  max_tool_calls?: number;
  /** Atlas runs only (see {@link ATLAS_TIERS}): keep the workspace's files in the result; the API's default is true. */
  include_workspace?: boolean;
  /** Atlas runs only: 1 to 10, each bills the tier's price once more. */
  budget?: number;
  /** Atlas runs only: the earlier investigation of the same lead that the run continues. */
  investigation_id?: string;
}
