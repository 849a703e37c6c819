// biome-ignore-all lint/a11y/noRedundantRoles: a browser drops the roles of a table whose display is changed.
"use client";

import { Box, Paper } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { type CSSProperties, memo, type ReactNode, useMemo, useRef } from "react";
import classes from "@/app/_components/data-table.module.css";
import { groupRows } from "@/app/_components/group-rows";
import { useNearScreen } from "@/app/_components/use-near-screen";

/**
 * A list of more rows has only those in the document that are near the screen, so that it stays quick. One of fewer has
 * them all, for the browser to search.
 */
const MAX_ROWS_IN_FULL = 200;
/** Enough for any screen, until it is known what is near it. */
const ROWS_AT_FIRST = 50;
const USUAL_ROW_HEIGHT_PX = 65;

/** Pixels or a CSS length. */
type Width = number | string;

export interface DataColumn<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Columns without one share what is left. */
  width?: Width;
  /** The same where the window is narrower and cells stand closer, if that is not enough. */
  compactWidth?: Width;
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
  const isMounted = useMounted();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a row's id is does not change, though its function may.
  const groups = useMemo(() => groupRows(rows, getRowId), [rows]);
  const isPartial = rows.length > MAX_ROWS_IN_FULL;
  return (
    <Paper withBorder className={className} style={{ overflow: "hidden" }}>
      <Wide label={label} minWidth={minWidth}>
        <table
          role="table"
          className={classes.table}
          aria-label={label}
          aria-rowcount={isPartial ? rows.length + 1 : undefined}
        >
          <thead role="rowgroup" className={classes.head}>
            <tr role="row" aria-rowindex={isPartial ? 1 : undefined}>
              {columns.map(({ id, header, ...widths }) => (
                <th key={id} role="columnheader" scope="col" data-column={id} style={widthsOf(widths)}>
                  {header}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ key, rows: some, start }) => (
            <RowGroup
              key={key}
              rows={some}
              start={start}
              isPartial={isPartial}
              startsNear={isMounted || start < ROWS_AT_FIRST}
              columns={columns as readonly DataColumn<unknown>[]}
              getRowId={getRowId as (row: unknown) => string}
              highlightId={highlightId}
              rowData={rowData as DataRowProps["rowData"]}
            />
          ))}
        </table>
      </Wide>
    </Paper>
  );
}

interface RowGroupProps extends Omit<DataRowProps, "row" | "isHighlighted" | "rowIndex"> {
  rows: unknown[];
  start: number;
  /** Rows that are far from the screen are left out. */
  isPartial: boolean;
  startsNear: boolean;
  getRowId: (row: unknown) => string;
  highlightId: string | undefined;
}

/** Rows that come and go together. Away from the screen, an empty room of their height. */
const RowGroup = memo(
  function RowGroup({ rows, start, isPartial, startsNear, columns, getRowId, highlightId, rowData }: RowGroupProps) {
    const body = useRef<HTMLTableSectionElement>(null);
    const { isNear, heightPx } = useNearScreen(body, { isAsked: isPartial, startsNear });
    return (
      <tbody ref={body} role="rowgroup" aria-hidden={!isNear || undefined}>
        {isNear ? (
          rows.map((row, index) => {
            const id = getRowId(row);
            return (
              <DataRow
                key={id}
                row={row}
                rowIndex={isPartial ? start + index + 2 : undefined}
                columns={columns}
                isHighlighted={id === highlightId}
                rowData={rowData}
              />
            );
          })
        ) : (
          <tr>
            <td
              colSpan={columns.length}
              className={classes.room}
              style={{ height: heightPx ?? rows.length * USUAL_ROW_HEIGHT_PX }}
            />
          </tr>
        )}
      </tbody>
    );
  },
  (before, after) =>
    before.start === after.start &&
    before.isPartial === after.isPartial &&
    before.columns === after.columns &&
    before.highlightId === after.highlightId &&
    before.rows.length === after.rows.length &&
    before.rows.every((row, index) => row === after.rows[index]),
);

interface DataRowProps {
  row: unknown;
  /** Its place in a table of which not all is there, the header being 1. */
  rowIndex: number | undefined;
  columns: readonly DataColumn<unknown>[];
  isHighlighted: boolean;
  rowData: ((row: unknown) => Record<string, string>) | undefined;
}

/** The attributes follow from the row, so that their function may be another one each time. */
const DataRow = memo(
  function DataRow({ row, rowIndex, columns, isHighlighted, rowData }: DataRowProps) {
    return (
      <tr
        role="row"
        aria-rowindex={rowIndex}
        className={classes.row}
        data-highlight={isHighlighted || undefined}
        {...rowData?.(row)}
      >
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
    before.row === after.row &&
    before.rowIndex === after.rowIndex &&
    before.columns === after.columns &&
    before.isHighlighted === after.isHighlighted,
);

function widthsOf({ width, compactWidth = width }: Pick<DataColumn<unknown>, "width" | "compactWidth">): CSSProperties {
  const length = (given?: Width) => (typeof given === "number" ? `${given}px` : given);
  return { "--column-width": length(width), "--column-compact-width": length(compactWidth) } as CSSProperties;
}

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
