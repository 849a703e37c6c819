"use client";

import { Checkbox, Group, NativeSelect, Radio, Stack, Textarea, TextInput } from "@mantine/core";
import { AtlasOptions } from "@/app/submissions/_components/atlas-options";
import classes from "@/app/submissions/_components/choices.module.css";
import { CriteriaEditor } from "@/app/submissions/_components/criteria-editor";
import { OutputFields } from "@/app/submissions/_components/output-fields";
import { EXAMPLES, PERSON_EXAMPLE, PRESETS } from "@/app/submissions/_components/output-presets";
import { figureOfPrice, priceOfTier } from "@/app/submissions/_components/price-words";
import { ReferencesEditor } from "@/app/submissions/_components/references-editor";
import { TASK_KINDS, type TaskKind, type TaskKindId, timingOf } from "@/lib/sixtyfour/task-kinds";
import {
  type EarlierInvestigation,
  FLAGS,
  isAtlasTier,
  MODES,
  type Mode,
  TEXTS,
  type TextName,
  TIERS,
} from "@/lib/sixtyfour/task-options";
import type { TaskDraft, TaskInputErrors } from "@/lib/tasks/task-draft";

interface KindOptionsProps {
  kind: TaskKindId;
  draft: Omit<TaskDraft, "lead">;
  errors: TaskInputErrors;
  /** Investigations that the lead can continue. A list has none. */
  investigations?: EarlierInvestigation[] | undefined;
}

/** The options of a kind besides its leads: inputs of the form around them. */
export function KindOptions({ kind, draft, errors, investigations = [] }: KindOptionsProps) {
  const { options }: TaskKind = TASK_KINDS[kind];
  return (
    <>
      {options.mode && (
        <Radio.Group name="mode" label="Email type" defaultValue={draft.mode} error={errors.mode}>
          <Group mt="xs">
            {Object.entries(MODES).map(([mode, modeLabel]) => (
              <Radio
                key={mode}
                value={mode}
                label={[modeLabel, ...figureOfPrice(kind, { mode: mode as Mode })].join(" · ")}
              />
            ))}
          </Group>
        </Radio.Group>
      )}
      {options.criteria && (
        <>
          <CriteriaEditor initial={draft.qualification_criteria ?? []} errors={errors} />
          <Checkbox
            name="score_criteria"
            label="Score each criterion"
            description="Adds one field per criterion to the fields to return, with a score from 0 to 10."
            defaultChecked={draft.score_criteria ?? false}
            error={errors.score_criteria}
          />
        </>
      )}
      {options.structs?.struct && (
        <OutputFields
          name="struct"
          hint={structHint(options)}
          isUntyped={options.hasUntypedStruct}
          presets={PRESETS[kind] ?? []}
          example={EXAMPLES[kind] ?? PERSON_EXAMPLE}
          initial={draft.struct ?? []}
          errors={errors}
        />
      )}
      {options.tiers && (
        <NativeSelect
          name="tier"
          label="Tier"
          description="Deeper tiers use more sources, take longer and cost more. For a tier that needs access, ask Sixtyfour; without it, submitting is rejected and nothing is charged."
          defaultValue={draft.tier}
          error={errors.tier}
          data={options.tiers.map((tier) => ({
            value: tier,
            label: [TIERS[tier], timingOf(kind, tier).typicalTime, priceOfTier(kind, tier)].join(" · "),
          }))}
        />
      )}
      {options.tiers?.some(isAtlasTier) && (
        <AtlasOptions draft={draft} errors={errors} investigations={investigations} />
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
        <Stack gap="xl" className={classes.people}>
          <OutputFields
            name="lead_struct"
            hint="Optional. Choose what to return for each person who is found."
            presets={PRESETS.people_intelligence ?? []}
            example={PERSON_EXAMPLE}
            initial={draft.lead_struct ?? []}
            errors={errors}
          />
          <TextOption name="people_focus_prompt" draft={draft} errors={errors} />
        </Stack>
      )}
      {options.texts
        ?.filter((name) => name !== "people_focus_prompt")
        .map((name) => (
          <TextOption key={name} name={name} draft={draft} errors={errors} />
        ))}
      {options.criteria && (
        <>
          <ReferencesEditor initial={draft.references ?? []} errors={errors} />
          <TextInput
            name="max_tool_calls"
            label="Max lookups"
            description="Optional, 1 to 50. Limits how often the agent may look something up. Sixtyfour's default is 10."
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

function TextOption({ name, draft, errors }: Pick<KindOptionsProps, "draft" | "errors"> & { name: TextName }) {
  return (
    <Textarea
      name={name}
      label={TEXTS[name].label}
      description={TEXTS[name].hint}
      placeholder={TEXTS[name].placeholder}
      defaultValue={draft[name]}
      error={errors[name]}
      rows={3}
    />
  );
}

function structHint({ structs, defaultStruct }: TaskKind["options"]): string {
  if (structs?.struct === "required") return "Add at least one field. Only these fields are returned.";
  if (defaultStruct)
    return "Sixtyfour returns only these fields and its notes. Without any field, only notes come back.";
  return "Leave empty to get Sixtyfour’s default fields.";
}
