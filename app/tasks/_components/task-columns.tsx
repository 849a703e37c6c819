"use client";

import { Text } from "@mantine/core";
import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { DeliveredMark } from "@/app/tasks/_components/delivered-mark";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { PollNowButton } from "@/app/tasks/_components/poll-now-button";
import { ResultSummary } from "@/app/tasks/_components/result-summary";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { taskHref } from "@/app/tasks/task-href";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

export const taskTableFeatures = tableFeatures({});

const column = createColumnHelper<typeof taskTableFeatures, TaskView>();

export const taskColumns = column.columns([
  column.display({
    id: "lead",
    header: "Lead",
    cell: ({ row }) => {
      const { title, detail } = leadTitle(row.original);
      return (
        <>
          <AnchorLink
            href={taskHref(row.original.id)}
            fw={500}
            size="sm"
            c="var(--mantine-color-text)"
            lineClamp={2}
            className="break-anywhere"
          >
            {title}
          </AnchorLink>
          {detail && (
            <Text size="xs" c="dimmed" truncate>
              {detail}
            </Text>
          )}
        </>
      );
    },
  }),
  column.accessor("kind", {
    header: "Kind",
    cell: ({ getValue }) => <Text size="sm">{kindLabel(getValue())}</Text>,
  }),
  column.accessor("status", { header: "Status", cell: ({ getValue }) => <StatusBadge status={getValue()} /> }),
  column.display({ id: "result", header: "Result", cell: ({ row }) => <ResultSummary task={row.original} /> }),
  column.display({
    id: "submitted",
    header: "Submitted",
    cell: ({ row }) => (
      <Text size="sm" component="div">
        <Time iso={row.original.submittedAt ?? row.original.createdAt} />
      </Text>
    ),
  }),
  column.display({ id: "delivered", header: "Delivered", cell: ({ row }) => <DeliveredMark task={row.original} /> }),
  column.display({
    id: "action",
    header: "Action",
    cell: ({ row }) =>
      isOpen(row.original.status) && (
        <PollNowButton taskId={row.original.id} leadTitle={leadTitle(row.original).title} />
      ),
  }),
]);
