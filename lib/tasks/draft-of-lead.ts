import { criterionScoreFields } from "@/lib/sixtyfour/criterion-scores";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { Criterion, OutputField, TaskOptions } from "@/lib/sixtyfour/task-options";
import type { TaskDraft } from "@/lib/tasks/task-input";

/** Returns a submitted lead as the form holds it: checked again, it gives the same input. Safe for the browser. */
export function draftOfLead(kind: TaskKindId, lead: Record<string, string>, options: TaskOptions): TaskDraft {
  const { qualification_criteria, references, max_tool_calls, struct = [], lead_struct, budget, ...plain } = options;
  const { own, isScored } = splitScores(struct, qualification_criteria ?? []);
  return {
    ...plain,
    kind,
    lead,
    // Also where it is empty: the form's default fields must not take its place.
    struct: own.map((field) => ({ ...field })),
    score_criteria: isScored,
    ...(lead_struct ? { lead_struct: lead_struct.map((field) => ({ ...field })) } : {}),
    ...(qualification_criteria
      ? {
          criteria: qualification_criteria.map(({ criteria_name, description, weight, threshold }) => ({
            name: criteria_name,
            description,
            weight: String(weight),
            threshold: threshold === null ? "" : String(threshold),
          })),
        }
      : {}),
    ...(references ? { references: references.map((reference) => ({ ...reference })) } : {}),
    ...(max_tool_calls === undefined ? {} : { max_tool_calls: String(max_tool_calls) }),
    ...(budget === undefined ? {} : { budget: String(budget) }),
  };
}

/** Tells the fields that a person chose from those that score the criteria, which are the last ones. */
function splitScores(struct: OutputField[], criteria: Criterion[]): { own: OutputField[]; isScored: boolean } {
  const own = struct.slice(0, Math.max(0, struct.length - criteria.length));
  const names = own.map(({ name }) => name);
  const scores = criterionScoreFields(criteria, names);
  const last = struct.slice(own.length);
  const isScored =
    scores.length > 0 &&
    scores.every(({ name, description }, at) => last[at]?.name === name && last[at].description === description);
  return isScored ? { own, isScored } : { own: struct, isScored };
}
