"use client";

import { VisuallyHidden } from "@mantine/core";
import type { DataColumn } from "@/app/_components/data-table";
import { Time } from "@/app/_components/time";
import { TitleCell } from "@/app/_components/title-cell";
import { Words } from "@/app/_components/words";
import { DeliveredMark } from "@/app/tasks/_components/delivered-mark";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { PollNowButton } from "@/app/tasks/_components/poll-now-button";
import { ResultSummary } from "@/app/tasks/_components/result-summary";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { SelectShownTasks, SelectTask } from "@/app/tasks/_components/task-selection";
import { taskHref } from "@/app/tasks/task-href";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

export const taskColumns: DataColumn<TaskView>[] = [
  {
    id: "select",
    header: <SelectShownTasks />,
    width: 52,
    compactWidth: 44,
    cell: (row) => <SelectTask id={row.id} title={leadTitle(row).title} />,
  },
  {
    id: "lead",
    header: "Lead",
    cell: (row) => <TitleCell href={taskHref(row.id)} {...leadTitle(row)} />,
  },
  { id: "kind", header: "Kind", width: 152, compactWidth: 112, cell: (row) => <Words>{kindLabel(row.kind)}</Words> },
  { id: "status", header: "Status", width: 150, compactWidth: 128, cell: (row) => <StatusBadge status={row.status} /> },
  {
    id: "result",
    header: "Result",
    width: "24%",
    compactWidth: "20%",
    cell: (row) => <ResultSummary task={row} />,
  },
  {
    id: "submitted",
    header: "Submitted",
    width: 120,
    compactWidth: 94,
    isLabelledOnCard: true,
    cell: (row) => (
      <Words>
        <Time iso={row.submittedAt ?? row.createdAt} />
      </Words>
    ),
  },
  {
    id: "delivered",
    header: "Delivered",
    width: 164,
    compactWidth: 148,
    isLabelledOnCard: true,
    cell: (row) => <DeliveredMark task={row} />,
  },
  {
    id: "action",
    header: <VisuallyHidden>Action</VisuallyHidden>,
    width: 130,
    compactWidth: 124,
    cell: (row) => isOpen(row.status) && <PollNowButton taskId={row.id} leadTitle={leadTitle(row).title} />,
  },
];
