"use client";

import { Table } from "@mantine/core";
import { useTable } from "@tanstack/react-table";
import { taskColumns, taskTableFeatures } from "@/app/tasks/_components/task-columns";
import classes from "@/app/tasks/_components/task-table.module.css";
import type { TaskView } from "@/lib/tasks/task-view";

/**
 * Tasks as a table; on a narrow screen each row becomes a card. The roles are spelled out, since a browser drops those
 * of a table whose display is changed.
 */
export function TaskTable({ tasks, highlightId }: { tasks: TaskView[]; highlightId?: string | undefined }) {
  const table = useTable({
    features: taskTableFeatures,
    columns: taskColumns,
    data: tasks,
    getRowId: (task) => task.id,
  });
  return (
    <Table
      role="table"
      className={classes.table}
      verticalSpacing="sm"
      horizontalSpacing="md"
      aria-label="Tasks, newest first"
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
          <Table.Tr
            key={row.id}
            role="row"
            className={classes.row}
            data-status={row.original.status}
            data-highlight={row.id === highlightId || undefined}
          >
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
