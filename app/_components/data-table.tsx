// biome-ignore-all lint/a11y/noRedundantRoles: a browser drops the roles of a table whose display is changed.
"use client";

import { Box, Paper } from "@mantine/core";
import { memo, type ReactNode } from "react";
import classes from "@/app/_components/data-table.module.css";

export interface DataColumn<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Pixels or a CSS length; columns without one share what is left. */
  width?: number | string;
  /** On a card, repeats the header over the value; for what would not explain itself. Needs a header that is text. */
  isLabelledOnCard?: boolean;
}

interface DataTableProps<Row> {
  /** What assistive technology calls the table. */
  label: string;
  /** The same array at each rendering, as long as nothing changes. */
  columns: readonly DataColumn<Row>[];
  /** A row that has not changed is the same object: then it is not drawn again. */
  rows: Row[];
  getRowId: (row: Row) => string;
  /** The row to set off from the others. */
  highlightId?: string | undefined;
  /** Attributes for a row to be found and styled by. */
  rowData?: (row: Row) => Record<`data-${string}`, string>;
  /** Of the frame. Its CSS may place cells on a card by `grid-area`; else they stand below each other. */
  className?: string | undefined;
  /** For more columns than fit: the table is at least so wide, in pixels, and scrolls within its frame. */
  minWidth?: number | undefined;
}

/**
 * Rows as a framed table; on a narrow screen each row becomes a card. A cell is known by the `data-column` with its
 * column's id.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  getRowId,
  highlightId,
  rowData,
  className,
  minWidth,
}: DataTableProps<Row>) {
  return (
    <Paper withBorder className={className} style={{ overflow: "hidden" }}>
      <Wide label={label} minWidth={minWidth}>
        <table role="table" className={classes.table} aria-label={label}>
          <thead role="rowgroup" className={classes.head}>
            <tr role="row">
              {columns.map(({ id, header, width }) => (
                <th key={id} role="columnheader" scope="col" data-column={id} style={{ width }}>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {rows.map((row) => {
              const id = getRowId(row);
              return (
                <DataRow
                  key={id}
                  row={row}
                  columns={columns as readonly DataColumn<unknown>[]}
                  isHighlighted={id === highlightId}
                  rowData={rowData as ((row: unknown) => Record<string, string>) | undefined}
                />
              );
            })}
          </tbody>
        </table>
      </Wide>
    </Paper>
  );
}

interface DataRowProps {
  row: unknown;
  columns: readonly DataColumn<unknown>[];
  isHighlighted: boolean;
  rowData: ((row: unknown) => Record<string, string>) | undefined;
}

/** The attributes follow from the row, so that their function may be another one each time. */
const DataRow = memo(
  function DataRow({ row, columns, isHighlighted, rowData }: DataRowProps) {
    return (
      <tr role="row" className={classes.row} data-highlight={isHighlighted || undefined} {...rowData?.(row)}>
        {columns.map(({ id, header, cell, isLabelledOnCard }) => (
          <td
            key={id}
            role="cell"
            data-column={id}
            data-label={isLabelledOnCard && typeof header === "string" ? header : undefined}
          >
            {cell(row)}
          </td>
        ))}
      </tr>
    );
  },
  (before, after) =>
    before.row === after.row && before.columns === after.columns && before.isHighlighted === after.isHighlighted,
);

/** What scrolls must be reachable by keyboard, so it takes the focus; and then it needs a name. */
function Wide({ label, minWidth, children }: { label: string; minWidth: number | undefined; children: ReactNode }) {
  if (minWidth === undefined) return children;
  return (
    <Box
      component="section"
      className={classes.wide}
      __vars={{ "--min-width": `${minWidth}px` }}
      aria-label={label}
      tabIndex={0}
    >
      {children}
    </Box>
  );
}
