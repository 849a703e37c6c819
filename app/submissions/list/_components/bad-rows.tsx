"use client";

import { Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { counted, figure } from "@/app/_components/figures";
import { Section } from "@/app/_components/section";
import classes from "@/app/submissions/list/_components/list-import.module.css";
import type { ListSummary } from "@/app/submissions/list/_components/list-messages";
import type { OpenList } from "@/app/submissions/list/_components/use-list";
import type { BadRow, ListCounts } from "@/lib/lists/list-book";

const ROWS_AT_A_TIME = 20;

/** The rows with something wrong, to be mended here, left out, or mended elsewhere. */
export function BadRows({ list, summary, counts }: { list: OpenList; summary: ListSummary; counts: ListCounts }) {
  const [rows, setRows] = useState<BadRow[]>([]);
  const [asked, setAsked] = useState(0);
  const { call, version } = list;
  // Those that were mended or left out are gone: what was the last page may be empty now.
  const lastPage = Math.max(0, Math.ceil(counts.bad / ROWS_AT_A_TIME) - 1);
  const page = Math.min(asked, lastPage);
  const from = page * ROWS_AT_A_TIME;
  useEffect(() => {
    let isCurrent = true;
    // `version` stands for the rows: it changes with each of them.
    if (version >= 0) {
      void call("badRows", { from, limit: ROWS_AT_A_TIME }).then((found) => isCurrent && setRows(found));
    }
    return () => {
      isCurrent = false;
    };
  }, [call, version, from]);

  return (
    <Section title={`${counted(counts.bad, "row")} to mend`}>
      <Stack gap="md">
        <Group gap="xs">
          <Button variant="default" size="xs" onClick={() => void list.skip("bad")}>
            Leave out all {figure(counts.bad)}
          </Button>
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={async () => download(await call("badRowsAsCsv", {}), list.name)}
          >
            Download them
          </Button>
        </Group>
        {rows.map((row) => (
          <BadRowForm key={row.row} badRow={row} list={list} summary={summary} />
        ))}
        {lastPage > 0 && (
          <Group gap="xs" justify="space-between">
            <Text size="sm" className="tabular" role="status">
              {figure(from + 1)} to {figure(Math.min(from + ROWS_AT_A_TIME, counts.bad))} of {figure(counts.bad)}
            </Text>
            <Group gap="xs">
              <Button variant="default" size="xs" disabled={page === 0} onClick={() => setAsked(page - 1)}>
                Earlier rows
              </Button>
              <Button variant="default" size="xs" disabled={page === lastPage} onClick={() => setAsked(page + 1)}>
                Later rows
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </Section>
  );
}

function BadRowForm({ badRow, list, summary }: { badRow: BadRow; list: OpenList; summary: ListSummary }) {
  const [cells, setCells] = useState(badRow.cells);
  const { errors } = badRow;
  const shown = summary.columns.flatMap((column, index) => (list.mapping[index] ? [{ column, index }] : []));
  const ofRow = errors.find(({ column }) => column === -1);
  return (
    <Paper withBorder p="sm">
      <form
        aria-label={`Row ${badRow.row + 1}`}
        onSubmit={(event) => {
          event.preventDefault();
          void list.mend(badRow.row, cells);
        }}
      >
        <Stack gap="xs">
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" c="dimmed" className="tabular">
              Row {figure(badRow.row + 1)}
            </Text>
            <Group gap="xs" wrap="nowrap">
              <Button type="submit" variant="default" size="xs">
                Save
              </Button>
              <Button variant="subtle" color="gray" size="xs" onClick={() => void list.skip(badRow.row)}>
                Leave out
              </Button>
            </Group>
          </Group>
          {ofRow && (
            <Text size="sm" c="var(--mantine-color-error)" role="alert">
              {ofRow.message}
            </Text>
          )}
          <div className={classes.cells}>
            {shown.map(({ column, index }) => (
              <TextInput
                key={column}
                size="xs"
                label={column}
                value={cells[index] ?? ""}
                onChange={({ currentTarget }) => setCells(cells.with(index, currentTarget.value))}
                error={errors.find((error) => error.column === index)?.message}
                autoComplete="off"
              />
            ))}
          </div>
        </Stack>
      </form>
    </Paper>
  );
}

function download(csv: string, listName: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${listName.replace(/\.[^.]*$/, "") || "list"}-to-mend.csv`;
  link.click();
  URL.revokeObjectURL(url);
}
