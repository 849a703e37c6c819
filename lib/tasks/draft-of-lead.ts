import { criterionScoreFields } from "@/lib/sixtyfour/criterion-scores";
import { hasOption, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { Criterion, OutputField, TaskOptions } from "@/lib/sixtyfour/task-options";
import type { TaskDraft } from "@/lib/tasks/task-draft";

/** Returns a submitted lead as the form holds it: checked again, it gives the same input. Safe for the browser. */
export function draftOfLead(kind: TaskKindId, lead: Record<string, string>, options: TaskOptions): TaskDraft {
  const { own, isScored } = splitScores(options.struct ?? [], options.qualification_criteria ?? []);
  return {
    ...options,
    kind,
    lead,
    // Rows also where there are none: the form's default fields must not take their place.
    ...(hasOption(kind, "struct") ? { struct: own } : {}),
    ...(hasOption(kind, "score_criteria") ? { score_criteria: isScored } : {}),
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
