"use client";

import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useRef } from "react";
import classes from "@/app/submissions/_components/editor-rows.module.css";
import { FormGroup } from "@/app/submissions/_components/form-group";
import type { OutputPreset } from "@/app/submissions/_components/output-presets";
import { TemplateMenu } from "@/app/submissions/_components/template-menu";
import { useEditorRows } from "@/app/submissions/_components/use-editor-rows";
import { OUTPUT_TYPES, STRUCTS, type StructName } from "@/lib/sixtyfour/task-kinds";
import { type DraftRow, MAX_OUTPUT_FIELDS, type TaskInputErrors } from "@/lib/tasks/task-input";

type Row = DraftRow<"name" | "description" | "type">;

const BLANK: Row = { name: "", description: "", type: "str" };
const FIRST_ROWS = 2;

interface OutputFieldsProps {
  name: StructName;
  hint: string;
  presets: OutputPreset[];
  initial: Row[];
  errors: TaskInputErrors;
}

/** The fields to return: what each is called, what it should hold, and its type. */
export function OutputFields({ name: struct, hint, presets, initial, errors }: OutputFieldsProps) {
  const { rows, add, remove } = useEditorRows(initial, BLANK, FIRST_ROWS);
  const group = useRef<HTMLDivElement>(null);
  const { legend, ofOne } = STRUCTS[struct];
  return (
    <FormGroup legend={legend} hint={hint}>
      <Stack gap="sm">
        {rows.map(({ id, row }, index) => (
          <div key={id} className={classes.row}>
            <TextInput
              name={`${struct}.${id}.name`}
              label="Name"
              aria-label={`Name of ${ofOne} ${index + 1}`}
              placeholder="funding_round"
              defaultValue={row.name}
              error={errors[`${struct}.${id}.name`]}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <TextInput
              name={`${struct}.${id}.description`}
              label="What should stand there"
              aria-label={`What should stand in ${ofOne} ${index + 1}`}
              placeholder="The latest funding round and its amount"
              defaultValue={row.description}
              error={errors[`${struct}.${id}.description`]}
              autoComplete="off"
            />
            <NativeSelect
              name={`${struct}.${id}.type`}
              label="Type"
              aria-label={`Type of ${ofOne} ${index + 1}`}
              defaultValue={row.type}
              error={errors[`${struct}.${id}.type`]}
              data={Object.entries(OUTPUT_TYPES).map(([value, label]) => ({ value, label }))}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              className={classes.remove}
              onClick={() => remove(id)}
              disabled={rows.length === 1}
              aria-label={`Remove ${ofOne} ${index + 1}`}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        ))}
        <Group gap="xs" ref={group}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add()}
            disabled={rows.length >= MAX_OUTPUT_FIELDS}
          >
            Add a {ofOne}
          </Button>
          <TemplateMenu struct={struct} within={group} onChoose={add} />
          {presets.length > 0 && (
            <Text size="sm" c="dimmed">
              or some at once:
            </Text>
          )}
          {presets.map(({ label, fields }) => (
            <Button key={label} variant="light" size="xs" onClick={() => add(fields)}>
              {label}
            </Button>
          ))}
        </Group>
      </Stack>
    </FormGroup>
  );
}
