"use client";

import { Button, Text } from "@mantine/core";
import type { OutputExample, OutputPreset } from "@/app/submissions/_components/output-presets";
import { type RowPart, RowsEditor } from "@/app/submissions/_components/rows-editor";
import { TemplateMenu } from "@/app/submissions/_components/template-menu";
import { MAX_OUTPUT_FIELDS, OUTPUT_TYPES, STRUCTS, type StructName } from "@/lib/sixtyfour/task-options";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-draft";

type Part = "name" | "description" | "type";

interface OutputFieldsProps {
  name: StructName;
  hint: string;
  /** The API takes no types for these fields. */
  isUntyped?: boolean | undefined;
  presets: OutputPreset[];
  example: OutputExample;
  initial: DraftRow<Part>[];
  errors: TaskInputErrors;
}

/** The fields to return: name, description and type of each. */
export function OutputFields({ name, hint, isUntyped = false, presets, example, initial, errors }: OutputFieldsProps) {
  const { legend, ofOne } = STRUCTS[name];
  const parts: RowPart<Part>[] = [
    {
      part: "name",
      label: "Name",
      labelOf: (place) => `Name of ${ofOne} ${place}`,
      placeholder: example.name,
      isIdentifier: true,
    },
    {
      part: "description",
      label: "Description",
      labelOf: (place) => `Description of ${ofOne} ${place}`,
      placeholder: example.description,
    },
    {
      part: "type",
      label: "Type",
      labelOf: (place) => `Type of ${ofOne} ${place}`,
      choices: Object.entries(OUTPUT_TYPES).map(([value, label]) => ({ value, label })),
    },
  ];
  return (
    <RowsEditor
      name={name}
      legend={legend}
      hint={hint}
      ofOne={ofOne}
      parts={isUntyped ? parts.filter(({ part }) => part !== "type") : parts}
      blank={{ name: "", description: "", type: "str" }}
      initial={initial}
      firstRows={2}
      maxRows={MAX_OUTPUT_FIELDS}
      errors={errors}
      beside={(add, rows) => (
        <>
          <TemplateMenu rows={rows} onChoose={add} />
          {presets.length > 0 && (
            <Text size="sm" c="dimmed">
              Presets:
            </Text>
          )}
          {presets.map(({ label, fields }) => (
            <Button key={label} variant="light" size="xs" onClick={() => add(fields)}>
              {label}
            </Button>
          ))}
        </>
      )}
    />
  );
}
