"use client";

import { ActionIcon, Button, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import classes from "@/app/submissions/_components/editor-rows.module.css";
import { FormGroup } from "@/app/submissions/_components/form-group";
import { useEditorRows } from "@/app/submissions/_components/use-editor-rows";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-input";

type Row = DraftRow<"name" | "description" | "weight" | "threshold">;

const BLANK: Row = { name: "", description: "", weight: "", threshold: "" };
const FIRST_ROWS = 2;

/** What a lead is judged by: a name, what it means, how much it counts, and what has to be reached. */
export function CriteriaEditor({ initial, errors }: { initial: Row[]; errors: TaskInputErrors }) {
  const { rows, add, remove } = useEditorRows(initial, BLANK, FIRST_ROWS);
  return (
    <FormGroup
      legend="Criteria"
      hint="What makes a good lead. The weight says how much it counts, the threshold what its score must reach."
    >
      <Stack gap="sm">
        {rows.map(({ id, row }, index) => (
          <div key={id} className={`${classes.row} ${classes.criterion}`}>
            <TextInput
              name={`criteria.${id}.name`}
              label="Name"
              aria-label={`Name of criterion ${index + 1}`}
              placeholder="Sells to businesses"
              defaultValue={row.name}
              error={errors[`criteria.${id}.name`]}
              autoComplete="off"
            />
            <TextInput
              name={`criteria.${id}.description`}
              label="What it means"
              aria-label={`What criterion ${index + 1} means`}
              placeholder="Its customers are companies, not consumers"
              defaultValue={row.description}
              error={errors[`criteria.${id}.description`]}
              autoComplete="off"
            />
            <TextInput
              name={`criteria.${id}.weight`}
              label="Weight"
              aria-label={`Weight of criterion ${index + 1}`}
              placeholder="1"
              defaultValue={row.weight}
              error={errors[`criteria.${id}.weight`]}
              inputMode="decimal"
              autoComplete="off"
            />
            <TextInput
              name={`criteria.${id}.threshold`}
              label="Threshold"
              aria-label={`Threshold of criterion ${index + 1}`}
              placeholder="0.7"
              defaultValue={row.threshold}
              error={errors[`criteria.${id}.threshold`]}
              inputMode="decimal"
              autoComplete="off"
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.remove}
              onClick={() => remove(id)}
              disabled={rows.length === 1}
              aria-label={`Remove criterion ${index + 1}`}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => add()}>
            Add a criterion
          </Button>
        </div>
      </Stack>
    </FormGroup>
  );
}
