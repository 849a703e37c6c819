import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { OutputField } from "@/lib/sixtyfour/task-options";

/** Fields that are often asked for together. */
export interface OutputPreset {
  label: string;
  fields: OutputField[];
}

/** A field that shows what one can ask for. */
export type OutputExample = Pick<OutputField, "name" | "description">;

const text = (name: string, description: string): OutputField => ({ name, description, type: "str" });

const PERSON: OutputPreset[] = [
  {
    label: "Profile",
    fields: [
      text("title", "Current job title"),
      text("seniority", "Seniority: junior, senior, head, director, VP or C-level"),
      text("location", "City and country where they work"),
      text("linkedin", "URL of their LinkedIn profile"),
    ],
  },
  {
    label: "Opening line",
    fields: [
      text("recent_activity", "What they last published, said or did at work, with its date"),
      text("opening_line", "One friendly sentence that refers to it, to begin an email with"),
    ],
  },
];

const COMPANY: OutputPreset[] = [
  {
    label: "Basics",
    fields: [
      text("industry", "Industry in a few words"),
      { name: "employees", description: "Number of employees", type: "int" },
      text("headquarters", "City and country of the headquarters"),
      { name: "founded", description: "Year of founding", type: "int" },
    ],
  },
  {
    label: "Funding",
    fields: [
      text("last_round", "Latest funding round with amount and date"),
      { name: "investors", description: "Names of the main investors", type: "list[str]" },
    ],
  },
  {
    label: "Buying signals",
    fields: [
      { name: "is_hiring", description: "Whether it is hiring now", type: "bool" },
      { name: "open_roles", description: "Titles of the roles it is hiring for", type: "list[str]" },
      { name: "tools", description: "Software that it is known to use", type: "list[str]" },
    ],
  },
];

export const PRESETS: Partial<Record<TaskKindId, OutputPreset[]>> = {
  people_intelligence: PERSON,
  company_intelligence: COMPANY,
  research_agent: [...PERSON, ...COMPANY],
};

/** An example of a field for each kind that takes any. */
export const EXAMPLES: Partial<Record<TaskKindId, OutputExample>> = {
  people_intelligence: { name: "years_of_experience", description: "Years of professional experience" },
  company_intelligence: { name: "funding_round", description: "The latest funding round and its amount" },
  research_agent: { name: "competitors", description: "The three closest competitors" },
  qa_agent: { name: "uses_salesforce", description: "YES if the company uses Salesforce, otherwise NO" },
};

/** An example of a field for the people of a company. */
export const PERSON_EXAMPLE: OutputExample = { name: "seniority", description: "Junior, senior, head or director" };
