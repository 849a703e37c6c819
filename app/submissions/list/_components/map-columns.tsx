"use client";

import { Button, Checkbox, NativeSelect, Stack, Table, Text } from "@mantine/core";
import { counted, figure } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import classes from "@/app/submissions/list/_components/list-import.module.css";
import type { ListSummary } from "@/app/submissions/list/_components/list-messages";
import type { OpenList } from "@/app/submissions/list/_components/use-list";
import { TASK_KINDS, type TaskKind, type TaskKindId } from "@/lib/sixtyfour/task-kinds";

interface MapColumnsProps {
  kind: TaskKindId;
  list: OpenList;
  summary: ListSummary;
}

/** Which column fills which field, with what stands in it; and what the list then comes to. */
export function MapColumns({ kind, list, summary }: MapColumnsProps) {
  const { fields, open }: TaskKind = TASK_KINDS[kind];
  const canBeItself = (column: string) => open && !fields.some(({ name }) => name === column);
  const choose = (index: number, name: string) =>
    list.map(
      list.mapping.map((current, place) => {
        if (place === index) return name || null;
        // Each field is filled by one column.
        return name !== "" && current === name ? null : current;
      }),
    );
  return (
    <Section title="Columns">
      <Stack gap="md">
        <Checkbox
          label="The first line holds the headers"
          checked={summary.hasHeader}
          onChange={({ currentTarget }) => void list.reread(currentTarget.checked)}
        />
        <Table className={classes.columns} verticalSpacing="xs" horizontalSpacing={0} aria-label="Columns of the list">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Column, and its first rows</Table.Th>
              <Table.Th className={classes.choice}>Is the lead’s</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {summary.columns.map((column, index) => (
              <Table.Tr key={column}>
                <Table.Th scope="row" fw={500} className="break-anywhere">
                  {column}
                  <Text size="sm" c="dimmed" lineClamp={2} className={classes.examples}>
                    {examplesOf(summary.preview, index)}
                  </Text>
                </Table.Th>
                <Table.Td>
                  <NativeSelect
                    aria-label={`What ${column} is`}
                    value={list.mapping[index] ?? ""}
                    onChange={({ currentTarget }) => choose(index, currentTarget.value)}
                    data={[
                      { value: "", label: "Not sent" },
                      ...fields.map(({ name, label }) => ({ value: name, label })),
                      ...(canBeItself(column) ? [{ value: column, label: `Sent as “${column}”` }] : []),
                    ]}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {list.mapping.every((name) => name === null) && (
          <Text size="sm" role="alert">
            No column was recognised. Choose what each of them is.
          </Text>
        )}
        <Text size="sm" c="dimmed">
          Columns that are not sent stay with their rows, and are in the download.
        </Text>
        <Figures list={list} />
      </Stack>
    </Section>
  );
}

/** What stands in a column, as far as one needs to see it to know what it is. */
function examplesOf(rows: string[][], column: number): string {
  const cells = rows.map((cells) => cells[column]?.trim().slice(0, 100));
  return cells.filter(Boolean).slice(0, 3).join(" · ");
}

function Figures({ list }: { list: OpenList }) {
  const { counts } = list;
  if (!counts) return <Text size="sm">Checking the rows</Text>;
  const figures = [
    ["Good", counts.good],
    ["To mend", counts.bad],
    ["Duplicates", counts.duplicates],
    ["Left out", counts.skipped],
  ] as const;
  return (
    <Stack gap="sm">
      <div role="status" aria-label="What the rows come to">
        <dl className={classes.figures}>
          {figures.map(([label, count]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className="tabular">{figure(count)}</dd>
            </div>
          ))}
        </dl>
      </div>
      {counts.skipped > 0 && (
        <div>
          <Button variant="default" size="xs" onClick={() => void list.bringBack()}>
            Take back {counted(counts.skipped, "row")} left out
          </Button>
        </div>
      )}
      {counts.duplicates > 0 && (
        <Checkbox
          label="Submit duplicates too"
          description="A lead that stands in the list more than once is otherwise submitted once."
          checked={list.keepDuplicates}
          onChange={({ currentTarget }) => list.setKeepDuplicates(currentTarget.checked)}
        />
      )}
    </Stack>
  );
}
