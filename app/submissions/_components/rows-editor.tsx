"use client";

import { ActionIcon, Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { memo, type ReactNode, useCallback, useState } from "react";
import { FormGroup } from "@/app/submissions/_components/form-group";
import classes from "@/app/submissions/_components/rows-editor.module.css";
import type { DraftRow, TaskInputErrors } from "@/lib/tasks/task-draft";

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
  blank: Record<Part, string>;
  initial: DraftRow<Part>[];
  /** Least number of rows at first, so that the editor can be used before JavaScript has loaded. */
  firstRows: number;
  maxRows?: number;
  errors: TaskInputErrors;
  /** More beside the button that adds a row. Rows that are added take the place of blank ones. */
  beside?: (add: (rows: Record<Part, string>[]) => void, rows: Record<Part, string>[]) => ReactNode;
}

interface Row<Part extends string> {
  /** Names the inputs of the row; it stays the same while other rows come and go. */
  id: number;
  values: Record<Part, string>;
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
  const [rows, setRows] = useState(() => firstRowsOf(initial, blank, firstRows));
  const add = (added: Record<Part, string>[], isKept: (row: Row<Part>) => boolean = () => true) =>
    setRows((current) => withRows(current.filter(isKept), added, nextIdOf(current)));
  const change = useCallback(
    (id: number, part: string, value: string) =>
      setRows((current) =>
        current.map((row) => (row.id === id ? { ...row, values: { ...row.values, [part]: value } } : row)),
      ),
    [],
  );
  const remove = useCallback((id: number) => setRows((current) => current.filter((row) => row.id !== id)), []);
  const firstBlank = rows.find(({ values }) => isSame(values, blank))?.id;
  // An error of the rows as a whole, or of one that has been removed since.
  const homeless = Object.entries(errors).find(([input]) => {
    const [of, id] = input.split(".");
    return of === name && !rows.some((row) => String(row.id) === id);
  })?.[1];

  return (
    <FormGroup legend={legend} hint={hint}>
      <Stack gap="sm">
        {rows.map(({ id, values }, index) => (
          <EditorRow
            key={id}
            id={id}
            name={name}
            ofOne={ofOne}
            place={index + 1}
            parts={parts}
            values={values}
            hasPlaceholders={id === firstBlank}
            errors={errors}
            homeless={index === 0 ? homeless : undefined}
            onChange={change}
            onRemove={rows.length > 1 ? remove : undefined}
          />
        ))}
        <Group gap="xs">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => add([blank])}
            disabled={rows.length >= maxRows}
          >
            Add a {ofOne}
          </Button>
          {beside?.(
            (added) => add(added, ({ values }) => !isSame(values, blank)),
            rows.map(({ values }) => values),
          )}
        </Group>
      </Stack>
    </FormGroup>
  );
}

function firstRowsOf<Part extends string>(
  initial: DraftRow<Part>[],
  blank: Record<Part, string>,
  least: number,
): Row<Part>[] {
  const parts = Object.keys(blank) as Part[];
  const filled = initial
    .map((row, id) => ({
      id,
      values: Object.fromEntries(parts.map((part) => [part, String(row[part] ?? "")])) as Record<Part, string>,
    }))
    .filter(({ values }) => !isSame(values, blank));
  const missing = Math.max(0, least - filled.length);
  return withRows(filled, Array<Record<Part, string>>(missing).fill(blank), nextIdOf(filled));
}

function withRows<Part extends string>(kept: Row<Part>[], added: Record<Part, string>[], nextId: number): Row<Part>[] {
  return [...kept, ...added.map((values, index) => ({ id: nextId + index, values }))];
}

function nextIdOf(rows: { id: number }[]): number {
  return 1 + Math.max(-1, ...rows.map(({ id }) => id));
}

function isSame<Part extends string>(row: Record<Part, string>, other: Record<Part, string>): boolean {
  return (Object.keys(other) as Part[]).every((part) => row[part] === other[part]);
}

interface EditorRowProps {
  id: number;
  /** The editor's name. */
  name: string;
  ofOne: string;
  place: number;
  parts: RowPart<string>[];
  values: Record<string, string>;
  hasPlaceholders: boolean;
  errors: TaskInputErrors;
  homeless: string | undefined;
  onChange: (id: number, part: string, value: string) => void;
  onRemove: ((id: number) => void) | undefined;
}

/** Rendered again only where it has changed, so that a key renders one row and not all. */
const EditorRow = memo(function EditorRow(props: EditorRowProps) {
  const { id, name, ofOne, place, parts, values, hasPlaceholders, errors, homeless, onChange, onRemove } = props;
  return (
    <div className={classes.row} data-parts={parts.length}>
      {parts.map((part, index) => (
        <PartInput
          key={part.part}
          part={part}
          name={`${name}.${id}.${part.part}`}
          place={place}
          hasPlaceholder={hasPlaceholders}
          value={values[part.part] ?? ""}
          error={errors[`${name}.${id}.${part.part}`] ?? (index === 0 ? homeless : undefined)}
          onChange={(value) => onChange(id, part.part, value)}
        />
      ))}
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        className={classes.remove}
        onClick={() => onRemove?.(id)}
        disabled={!onRemove}
        aria-label={`Remove ${ofOne} ${place}`}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
});

function PartInput({
  part: { label, labelOf, placeholder, isRequired, inputMode, isIdentifier, choices },
  place,
  hasPlaceholder,
  value,
  onChange,
  ...input
}: {
  part: RowPart<string>;
  place: number;
  hasPlaceholder: boolean;
  name: string;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const common = {
    ...input,
    label,
    "aria-label": labelOf(place),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(currentTarget.value),
    // Text that was typed before JavaScript had loaded is in the input alone: the row takes it over.
    ref: (element: { value: string } | null) => {
      if (element && element.value !== value) onChange(element.value);
    },
  };
  // When React resets the form after its action, a controlled choice would fall back to the first one.
  if (choices) return <NativeSelect {...common} data={choices} defaultValue={value} />;
  return (
    <TextInput
      {...common}
      value={value}
      placeholder={hasPlaceholder ? placeholder : undefined}
      withAsterisk={isRequired}
      inputMode={inputMode}
      autoComplete="off"
      {...(isIdentifier ? { autoCapitalize: "none", spellCheck: false } : {})}
    />
  );
}
