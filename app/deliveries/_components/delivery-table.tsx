"use client";

import { Table } from "@mantine/core";
import { useTable } from "@tanstack/react-table";
import { deliveryColumns, deliveryTableFeatures } from "@/app/deliveries/_components/delivery-columns";
import classes from "@/app/deliveries/_components/delivery-table.module.css";
import type { DeliveryView } from "@/lib/deliveries/delivery-view";

/**
 * Deliveries as a table; on a narrow screen each row becomes a card. The roles are spelled out, since a browser drops
 * those of a table whose display is changed.
 */
export function DeliveryTable({ deliveries }: { deliveries: DeliveryView[] }) {
  const table = useTable({
    features: deliveryTableFeatures,
    columns: deliveryColumns,
    data: deliveries,
    getRowId: (delivery) => delivery.id,
  });
  return (
    <Table
      role="table"
      className={classes.table}
      verticalSpacing="sm"
      horizontalSpacing="md"
      aria-label="Deliveries, newest first"
    >
      <Table.Thead role="rowgroup" className={classes.head}>
        {table.getHeaderGroups().map((group) => (
          <Table.Tr key={group.id} role="row">
            {group.headers.map((header) => (
              <Table.Th key={header.id} role="columnheader" scope="col" data-column={header.column.id}>
                <table.FlexRender header={header} />
              </Table.Th>
            ))}
          </Table.Tr>
        ))}
      </Table.Thead>
      <Table.Tbody role="rowgroup">
        {table.getRowModel().rows.map((row) => (
          <Table.Tr key={row.id} role="row" className={classes.row} data-outcome={row.original.outcome}>
            {row.getAllCells().map((cell) => (
              <Table.Td key={cell.id} role="cell" data-column={cell.column.id}>
                <table.FlexRender cell={cell} />
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
