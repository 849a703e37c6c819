"use client";

import { Text, VisuallyHidden } from "@mantine/core";
import { dataColumnHelper } from "@/app/_components/data-table";
import { Time } from "@/app/_components/time";
import { TitleCell } from "@/app/_components/title-cell";
import { DeliveredMark } from "@/app/tasks/_components/delivered-mark";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { PollNowButton } from "@/app/tasks/_components/poll-now-button";
import { ResultSummary } from "@/app/tasks/_components/result-summary";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { SelectShownTasks, SelectTask } from "@/app/tasks/_components/task-selection";
import { taskHref } from "@/app/tasks/task-href";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

const column = dataColumnHelper<TaskView>();

export const taskColumns = column.columns([
  column.display({
    id: "select",
    header: () => <SelectShownTasks />,
    meta: { width: 52 },
    cell: ({ row }) => <SelectTask id={row.original.id} title={leadTitle(row.original).title} />,
  }),
  column.display({
    id: "lead",
    header: "Lead",
    cell: ({ row }) => <TitleCell href={taskHref(row.original.id)} {...leadTitle(row.original)} />,
  }),
  column.accessor("kind", {
    header: "Kind",
    meta: { width: 152 },
    cell: ({ getValue }) => <Text size="sm">{kindLabel(getValue())}</Text>,
  }),
  column.accessor("status", {
    header: "Status",
    meta: { width: 150 },
    cell: ({ getValue }) => <StatusBadge status={getValue()} />,
  }),
  column.display({
    id: "result",
    header: "Result",
    meta: { width: "26%" },
    cell: ({ row }) => <ResultSummary task={row.original} />,
  }),
  column.display({
    id: "submitted",
    header: "Submitted",
    meta: { width: 120, isLabelledOnCard: true },
    cell: ({ row }) => (
      <Text size="sm" component="div">
        <Time iso={row.original.submittedAt ?? row.original.createdAt} />
      </Text>
    ),
  }),
  column.display({
    id: "delivered",
    header: "Delivered",
    meta: { width: 164, isLabelledOnCard: true },
    cell: ({ row }) => <DeliveredMark task={row.original} />,
  }),
  column.display({
    id: "action",
    header: () => <VisuallyHidden>Action</VisuallyHidden>,
    meta: { width: 130 },
    cell: ({ row }) =>
      isOpen(row.original.status) && (
        <PollNowButton taskId={row.original.id} leadTitle={leadTitle(row.original).title} />
      ),
  }),
]);
