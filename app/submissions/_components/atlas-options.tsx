import { Checkbox, NativeSelect, Stack, TextInput } from "@mantine/core";
import { utcTime } from "@/app/_components/moments";
import classes from "@/app/submissions/_components/choices.module.css";
import { FormGroup } from "@/app/submissions/_components/form-group";
import { type EarlierInvestigation, MAX_BUDGET } from "@/lib/sixtyfour/task-options";
import type { TaskDraft, TaskInputErrors } from "@/lib/tasks/task-draft";

interface AtlasOptionsProps {
  draft: Omit<TaskDraft, "lead">;
  errors: TaskInputErrors;
  investigations: EarlierInvestigation[];
}

/** Options of the tiers whose runs are investigations. CSS shows them while such a tier is chosen. */
export function AtlasOptions({ draft, errors, investigations }: AtlasOptionsProps) {
  return (
    <div className={classes.atlas}>
      <FormGroup legend="Investigation options" hint="This tier runs an investigation with a workspace at Sixtyfour.">
        <Stack gap="md">
          {investigations.length > 0 && (
            <NativeSelect
              name="investigation_id"
              label="Investigation"
              defaultValue={draft.investigation_id}
              error={errors.investigation_id}
              data={[
                { value: "", label: "Start a new one" },
                ...investigations.map(({ id, startedAt }) => ({
                  value: id,
                  label: `Continue the one of ${utcTime(startedAt)}`,
                })),
              ]}
            />
          )}
          <TextInput
            name="budget"
            label="Budget"
            description={`1 to ${MAX_BUDGET}. Sixtyfour bills the budget times the tier’s price: 3 costs three times as much as 1. No price is published for this tier, so ask Sixtyfour.`}
            defaultValue={draft.budget ?? 1}
            error={errors.budget}
            inputMode="numeric"
            maw={320}
            autoComplete="off"
          />
          <Checkbox
            name="include_workspace"
            label="Include workspace files in the result"
            defaultChecked={draft.include_workspace ?? false}
          />
        </Stack>
      </FormGroup>
    </div>
  );
}
