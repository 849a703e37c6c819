"use client";

import { ActionIcon, Button, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { FormGroup } from "@/app/submissions/new/_components/form-group";
import classes from "@/app/submissions/new/_components/output-fields.module.css";
import { OUTPUT_TYPES } from "@/lib/sixtyfour/task-kinds";
import { MAX_OUTPUT_FIELDS, type TaskDraft, type TaskInputErrors } from "@/lib/tasks/task-input";

type Row = TaskDraft["struct"][number];

const BLANK: Row = { name: "", description: "", type: "str" };

/** Rows on the first page, so that a few fields can be asked for before JavaScript has loaded. Blank ones don't count. */
const FIRST_ROWS = 2;

/** The fields to return: what each is called, what it should hold, and its type. */
export function OutputFields({
  isRequired,
  initial,
  errors,
}: {
  isRequired: boolean;
  initial: Row[];
  errors: TaskInputErrors;
}) {
  const [rows, setRows] = useState(() => {
    const blanks = Array.from({ length: Math.max(0, FIRST_ROWS - initial.length) }, () => BLANK);
    return [...initial, ...blanks].map((row, id) => ({ id, row }));
  });
  const add = () =>
    setRows((current) => [...current, { id: 1 + Math.max(-1, ...current.map(({ id }) => id)), row: BLANK }]);
  const remove = (id: number) => setRows((current) => current.filter((row) => row.id !== id));

  return (
    <FormGroup
      legend="Fields to return"
      hint={isRequired ? "Only these come back: name at least one." : "Leave this empty for Sixtyfour's usual profile."}
    >
      <Stack gap="sm">
        {rows.map(({ id, row }, index) => (
          <div key={id} className={classes.row}>
            <TextInput
              name={`struct.${id}.name`}
              label="Name"
              aria-label={`Name of field ${index + 1}`}
              placeholder="funding_round"
              defaultValue={row.name}
              error={errors[`struct.${id}.name`]}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <TextInput
              name={`struct.${id}.description`}
              label="What should stand there"
              aria-label={`What should stand in field ${index + 1}`}
              placeholder="The latest funding round and its amount"
              defaultValue={row.description}
              error={errors[`struct.${id}.description`]}
              autoComplete="off"
            />
            <NativeSelect
              name={`struct.${id}.type`}
              label="Type"
              aria-label={`Type of field ${index + 1}`}
              defaultValue={row.type}
              error={errors[`struct.${id}.type`]}
              data={Object.entries(OUTPUT_TYPES).map(([value, label]) => ({ value, label }))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.remove}
              onClick={() => remove(id)}
              disabled={rows.length === 1}
              aria-label={`Remove field ${index + 1}`}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <div>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={add}
            disabled={rows.length >= MAX_OUTPUT_FIELDS}
          >
            Add a field
          </Button>
        </div>
      </Stack>
    </FormGroup>
  );
}
