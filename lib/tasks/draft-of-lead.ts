import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import type { TaskDraft } from "@/lib/tasks/task-input";

/** What was submitted, as the form would hold it: checked again, it comes to the same. Safe for the browser. */
export function draftOfLead(kind: TaskKindId, lead: Record<string, string>, options: TaskOptions): TaskDraft {
  const { qualification_criteria, references, max_tool_calls, struct, lead_struct, ...plain } = options;
  return {
    ...plain,
    kind,
    lead,
    ...(struct ? { struct: struct.map((field) => ({ ...field })) } : {}),
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
  };
}
