"use client";

import { Checkbox, Group, NativeSelect, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { CriteriaEditor } from "@/app/submissions/_components/criteria-editor";
import { OutputFields } from "@/app/submissions/_components/output-fields";
import { PRESETS } from "@/app/submissions/_components/output-presets";
import { ReferencesEditor } from "@/app/submissions/_components/references-editor";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { FLAGS, MODES, TEXTS, TIERS } from "@/lib/sixtyfour/task-options";
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
      {options.criteria && <CriteriaEditor initial={draft.criteria ?? []} errors={errors} />}
      {options.structs?.struct && (
        <OutputFields
          name="struct"
          hint={
            options.structs.struct === "required"
              ? "Only these come back: name at least one."
              : "Leave this empty for Sixtyfour's usual answer."
          }
          presets={PRESETS[kind] ?? []}
          initial={draft.struct ?? []}
          errors={errors}
        />
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
      {options.flags && (
        <Stack gap="sm">
          {options.flags.map((name) => (
            <Checkbox
              key={name}
              name={name}
              label={FLAGS[name].label}
              description={FLAGS[name].hint}
              defaultChecked={draft[name] ?? FLAGS[name].isOn}
            />
          ))}
        </Stack>
      )}
      {options.structs?.lead_struct && (
        <OutputFields
          name="lead_struct"
          hint="Optional: what to tell of each person who is found."
          presets={PRESETS.people_intelligence ?? []}
          initial={draft.lead_struct ?? []}
          errors={errors}
        />
      )}
      {options.texts?.map((name) => (
        <Textarea
          key={name}
          name={name}
          label={TEXTS[name].label}
          description={TEXTS[name].hint}
          placeholder={TEXTS[name].placeholder}
          defaultValue={draft[name]}
          error={errors[name]}
          rows={3}
        />
      ))}
      {options.criteria && (
        <>
          <ReferencesEditor initial={draft.references ?? []} errors={errors} />
          <TextInput
            name="max_tool_calls"
            label="Most look-ups"
            description="Optional: how many times the agent may look something up. Sixtyfour's default is 10."
            placeholder="10"
            defaultValue={draft.max_tool_calls}
            error={errors.max_tool_calls}
            inputMode="numeric"
            maw={320}
            autoComplete="off"
          />
        </>
      )}
    </>
  );
}
