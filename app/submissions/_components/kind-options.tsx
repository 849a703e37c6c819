"use client";

import { Group, NativeSelect, Radio, Textarea } from "@mantine/core";
import { OutputFields } from "@/app/submissions/new/_components/output-fields";
import { MODES, TASK_KINDS, type TaskKind, type TaskKindId, TIERS } from "@/lib/sixtyfour/task-kinds";
import type { TaskDraft, TaskInputErrors } from "@/lib/tasks/task-input";

interface KindOptionsProps {
  kind: TaskKindId;
  draft: Omit<TaskDraft, "lead">;
  errors: TaskInputErrors;
}

/** What can be chosen for a kind besides its leads: inputs of the form around them. */
export function KindOptions({ kind, draft, errors }: KindOptionsProps) {
  const { options }: TaskKind = TASK_KINDS[kind];
  return (
    <>
      {options.mode && (
        <Radio.Group name="mode" label="Which address" defaultValue={draft.mode} error={errors.mode}>
          <Group mt="xs">
            {Object.entries(MODES).map(([mode, modeLabel]) => (
              <Radio key={mode} value={mode} label={modeLabel} />
            ))}
          </Group>
        </Radio.Group>
      )}
      {options.struct && (
        <OutputFields isRequired={options.struct === "required"} initial={draft.struct} errors={errors} />
      )}
      {options.tiers && (
        <NativeSelect
          name="tier"
          label="Tier"
          description="How deep to research, and what it costs."
          defaultValue={draft.tier}
          error={errors.tier}
          data={options.tiers.map((tier) => ({ value: tier, label: TIERS[tier] }))}
        />
      )}
      {options.researchPlan && (
        <Textarea
          name="research_plan"
          label="Research plan"
          description="Optional: where to look, and what to make of it."
          placeholder="Start with the company's own site, then recent press."
          defaultValue={draft.research_plan}
          error={errors.research_plan}
          rows={3}
        />
      )}
    </>
  );
}
