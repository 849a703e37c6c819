"use client";

import { ActionIcon, Button, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import classes from "@/app/submissions/_components/editor-rows.module.css";
import { FormGroup } from "@/app/submissions/_components/form-group";
import { useEditorRows } from "@/app/submissions/_components/use-editor-rows";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-input";

type Row = DraftRow<"url" | "description">;

const BLANK: Row = { url: "", description: "" };

/** Pages that the agent should read. */
export function ReferencesEditor({ initial, errors }: { initial: Row[]; errors: TaskInputErrors }) {
  const { rows, add, remove } = useEditorRows(initial, BLANK, 1);
  return (
    <FormGroup legend="Pages to read" hint="Optional: what the agent should look at, and why.">
      <Stack gap="sm">
        {rows.map(({ id, row }, index) => (
          <div key={id} className={`${classes.row} ${classes.reference}`}>
            <TextInput
              name={`references.${id}.url`}
              label="Address"
              aria-label={`Address of page ${index + 1}`}
              placeholder="acme.com/pricing"
              defaultValue={row.url}
              error={errors[`references.${id}.url`]}
              inputMode="url"
              autoComplete="off"
            />
            <TextInput
              name={`references.${id}.description`}
              label="What it is"
              aria-label={`What page ${index + 1} is`}
              placeholder="Our price list"
              defaultValue={row.description}
              error={errors[`references.${id}.description`]}
              autoComplete="off"
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.remove}
              onClick={() => remove(id)}
              disabled={rows.length === 1}
              aria-label={`Remove page ${index + 1}`}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => add()}>
            Add a page
          </Button>
        </div>
      </Stack>
    </FormGroup>
  );
}
