/** The verdict on a lead, read from the output fields of the QA agent, whose names a person chooses. Safe for the browser. */
import { readScore } from "@/lib/sixtyfour/results/profiles";
import { saysSomething, textOf } from "@/lib/sixtyfour/results/values";

export interface Qualification {
  /** In the words of the answer, and as yes or no where it is one of these. */
  verdict: string | null;
  isQualified: boolean | null;
  /** 0 to 10. */
  score: number | null;
  reason: string | null;
  recommendation: string | null;
  /** Scores of single criteria, 0 to 10. */
  criteria: { name: string; field: string; score: number | null; value: string }[];
  /** Names of the fields that all of this was read from. */
  fieldNames: string[];
}

const ROLES = {
  score: /^(suitability|fit|overall|total|lead|qualification|icp)?_?score$/i,
  verdict: /(^|_)(verdict|decision|qualified|qualification)$/i,
  reason: /(^|_)(reasons?|reasoning|rationale|justification|explanation)$/i,
  recommendation: /(^|_)(recommendation|recommended_action|next_steps?)$/i,
} as const;

/** Prefix of the fields that ask for the score of one criterion, see the output fields of the form. */
const CRITERION_PREFIX = "score_";

const YES = /^(yes|y|true|qualified|pass(ed)?|accept(ed)?|approved?|(good|strong) fit)\b/i;
const NO =
  /^(no|n|false|not|unqualified|unfit|unsuitable|unlikely|disqualif\w*|dismiss\w*|fail(ed)?|reject(ed)?|declined?|pass on|(bad|poor|weak) fit)\b/i;
const BOTH = /^yes (and|but|or) no\b/i;

/** Reads the fields of a result as a verdict; null where none of them is part of one. */
export function readQualification(fields: { name: string; value: unknown }[]): Qualification | null {
  const said = fields.filter(({ name, value }) => saysSomething(value, name));
  const fieldNames: string[] = [];
  const take = <T>(role: keyof typeof ROLES, read: (value: unknown) => T | null): T | null => {
    const field = said.find(({ name, value }) => ROLES[role].test(name) && read(value) !== null);
    if (!field) return null;
    fieldNames.push(field.name);
    return read(field.value);
  };
  const score = take("score", readScore);
  const verdict = take("verdict", readVerdict);
  const reason = take("reason", textOf);
  const recommendation = take("recommendation", textOf);
  const criteria = said
    .filter(({ name }) => name.startsWith(CRITERION_PREFIX) && name.length > CRITERION_PREFIX.length)
    .map(({ name, value }) => ({
      name: name.slice(CRITERION_PREFIX.length).replaceAll("_", " "),
      field: name,
      score: readScore(value),
      value: textOf(value) ?? JSON.stringify(value),
    }));
  fieldNames.push(...criteria.map(({ field }) => field));
  if (score === null && verdict === null && criteria.length === 0) return null;
  return {
    verdict,
    isQualified: verdict === null ? null : isYes(verdict),
    score,
    reason,
    recommendation,
    criteria,
    fieldNames,
  };
}

/** "Qualified", "Not qualified", or the verdict's own word where it is neither yes nor no. */
export function verdictWords({ verdict, isQualified }: Pick<Qualification, "verdict" | "isQualified">): string {
  if (isQualified === null) return verdict ?? "";
  return isQualified ? "Qualified" : "Not qualified";
}

function readVerdict(value: unknown): string | null {
  return typeof value === "boolean" ? (value ? "YES" : "NO") : textOf(value);
}

function isYes(verdict: string): boolean | null {
  if (BOTH.test(verdict)) return null;
  if (NO.test(verdict)) return false;
  return YES.test(verdict) ? true : null;
}
