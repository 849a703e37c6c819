"use client";

import { ActionIcon, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, type RefObject, useRef, useState } from "react";
import { FormGroup } from "@/app/submissions/_components/form-group";
import classes from "@/app/submissions/_components/rows-editor.module.css";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-input";

export interface RowPart<Part extends string> {
  part: Part;
  /** Shown above the first row, for all of them. */
  label: string;
  /** Accessible name of the input in one row. */
  labelOf: (place: number) => string;
  /** An example, shown in the first empty row. */
  placeholder?: string;
  /** Every row that is filled in needs it. */
  isRequired?: true;
  inputMode?: "decimal" | "url";
  /** Its content is an identifier: no capital letters and no spelling check. */
  isIdentifier?: true;
  /** Makes it a choice. */
  choices?: { value: string; label: string }[];
}

interface RowsEditorProps<Part extends string> {
  /** Inputs are named `<name>.<row>.<part>`, and so are the errors. */
  name: string;
  legend: string;
  hint: string;
  /** One row, in words. */
  ofOne: string;
  parts: RowPart<Part>[];
  blank: DraftRow<Part>;
  initial: DraftRow<Part>[];
  /** Least number of rows at first, so that the editor can be used before JavaScript has loaded. */
  firstRows: number;
  maxRows?: number;
  errors: TaskInputErrors;
  /** More beside the button that adds a row. */
  beside?: (add: (rows: DraftRow<Part>[]) => void, within: RefObject<HTMLDivElement | null>) => ReactNode;
}

/** Rows of inputs that can be added and removed. */
export function RowsEditor<Part extends string>({
  name,
  legend,
  hint,
  ofOne,
  parts,
  blank,
  initial,
  firstRows,
  maxRows = 50,
  errors,
  beside,
}: RowsEditorProps<Part>) {
  const group = useRef<HTMLDivElement>(null);
  // The id names a row's inputs; it stays the same while other rows come and go.
  const [rows, setRows] = useState(() => {
    const filled = initial.map((row, id) => ({ id, row })).filter(({ row }) => !isSame(row, blank));
    const next = 1 + Math.max(-1, ...filled.map(({ id }) => id));
    const missing = Math.max(0, firstRows - filled.length);
    return [...filled, ...Array.from({ length: missing }, (_, index) => ({ id: next + index, row: blank }))];
  });
  const add = (added: DraftRow<Part>[], withoutIds: number[] = []) =>
    setRows((current) => {
      const next = 1 + Math.max(-1, ...current.map(({ id }) => id));
      const kept = current.filter(({ id }) => !withoutIds.includes(id));
      return [...kept, ...added.map((row, index) => ({ id: next + index, row }))];
    });
  /** Rows that nobody has written in make room for them. */
  const addFilled = (added: DraftRow<Part>[]) => {
    const inputs = group.current?.closest("form")?.elements;
    const isBlank = (id: number) =>
      parts.every(({ part }) => {
        const input = inputs?.namedItem(`${name}.${id}.${part}`);
        return input !== null && input !== undefined && "value" in input && input.value === blank[part];
      });
    add(added, rows.map(({ id }) => id).filter(isBlank));
  };
  // An error of a row that has been removed since, such as that one is missing.
  const homeless = Object.entries(errors).find(([input]) => {
    const [of, id] = input.split(".");
    return of === name && !rows.some((row) => String(row.id) === id);
  })?.[1];
  const firstEmpty = rows.find(({ row }) => isSame(row, blank))?.id;
  const remove = (id: number) => setRows((current) => current.filter((row) => row.id !== id));

  return (
    <FormGroup legend={legend} hint={hint}>
      <Stack gap="sm">
        {rows.map(({ id, row }, index) => (
          <div key={id} className={classes.row} data-parts={parts.length}>
            {parts.map((part) => (
              <PartInput
                key={part.part}
                part={part}
                name={`${name}.${id}.${part.part}`}
                place={index + 1}
                hasPlaceholder={id === firstEmpty}
                value={row[part.part]}
                error={errors[`${name}.${id}.${part.part}`]}
              />
            ))}
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
        {homeless && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {homeless}
          </Text>
        )}
        <Group gap="xs" ref={group}>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add([blank])}
            disabled={rows.length >= maxRows}
          >
            Add a {ofOne}
          </Button>
          {beside?.(addFilled, group)}
        </Group>
      </Stack>
    </FormGroup>
  );
}

function isSame<Part extends string>(row: DraftRow<Part>, other: DraftRow<Part>): boolean {
  return (Object.keys(other) as Part[]).every((part) => row[part] === other[part]);
}

function PartInput<Part extends string>({
  part: { label, labelOf, placeholder, isRequired, inputMode, isIdentifier, choices },
  place,
  hasPlaceholder,
  value,
  ...input
}: {
  part: RowPart<Part>;
  place: number;
  hasPlaceholder: boolean;
  value: string;
  name: string;
  error: string | undefined;
}) {
  const common = { ...input, label, "aria-label": labelOf(place), defaultValue: value };
  if (choices) return <NativeSelect {...common} data={choices} />;
  return (
    <TextInput
      {...common}
      placeholder={hasPlaceholder ? placeholder : undefined}
      withAsterisk={isRequired}
      inputMode={inputMode}
      autoComplete="off"
      {...(isIdentifier ? { autoCapitalize: "none", spellCheck: false } : {})}
    />
  );
}
