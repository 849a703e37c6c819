"use client";

import { Box, Paper, Table } from "@mantine/core";
import { type ColumnDef, createColumnHelper, type RowData, tableFeatures, useTable } from "@tanstack/react-table";
import type { ReactNode } from "react";
import classes from "@/app/_components/data-table.module.css";

interface ColumnLook {
  /** Pixels or a CSS length; columns without one share what is left. */
  width?: number | string;
  /** On a card, repeats the header over the value; for what would not explain itself. Needs a header that is text. */
  isLabelledOnCard?: boolean;
}

const features = tableFeatures({ columnMeta: {} as ColumnLook });

type Column<Row extends RowData> = ColumnDef<typeof features, Row, unknown>;

/** Makes columns for a `DataTable` of such rows. How a column looks stands in its `meta`. */
export function dataColumnHelper<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>();
}

interface DataTableProps<Row extends RowData> {
  /** What assistive technology calls the table. */
  label: string;
  /** The same array at each rendering, as long as nothing changes. */
  columns: readonly Column<Row>[];
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
 * column's id. The roles are spelled out, since a browser drops those of a table whose display is changed.
 */
export function DataTable<Row extends RowData>({
  label,
  columns,
  rows,
  getRowId,
  highlightId,
  rowData,
  className,
  minWidth,
}: DataTableProps<Row>) {
  const table = useTable({ features, columns, data: rows, getRowId });
  return (
    <Paper withBorder className={className} style={{ overflow: "hidden" }}>
      <Wide label={label} minWidth={minWidth}>
        <Table
          role="table"
          className={classes.table}
          layout="fixed"
          verticalSpacing="sm"
          horizontalSpacing="md"
          aria-label={label}
        >
          <Table.Thead role="rowgroup" className={classes.head}>
            {table.getHeaderGroups().map((group) => (
              <Table.Tr key={group.id} role="row">
                {group.headers.map((header) => (
                  <Table.Th
                    key={header.id}
                    role="columnheader"
                    scope="col"
                    data-column={header.column.id}
                    w={header.column.columnDef.meta?.width}
                  >
                    <table.FlexRender header={header} />
                  </Table.Th>
                ))}
              </Table.Tr>
            ))}
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {table.getRowModel().rows.map((row) => (
              <Table.Tr
                key={row.id}
                role="row"
                className={classes.row}
                data-highlight={row.id === highlightId || undefined}
                {...rowData?.(row.original)}
              >
                {row.getAllCells().map((cell) => (
                  <Table.Td
                    key={cell.id}
                    role="cell"
                    data-column={cell.column.id}
                    data-label={cardLabel(cell.column.columnDef)}
                  >
                    <table.FlexRender cell={cell} />
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Paper>
  );
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

function cardLabel({ header, meta }: { header?: unknown; meta?: ColumnLook }): string | undefined {
  return meta?.isLabelledOnCard && typeof header === "string" ? header : undefined;
}
