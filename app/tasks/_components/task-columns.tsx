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

/** Their widths depend on that of the window, so task-list.module.css has them. */
export const taskColumns: DataColumn<TaskView>[] = [
  {
    id: "select",
    header: <SelectShownTasks />,
    cell: (row) => <SelectTask id={row.id} title={leadTitle(row).title} />,
  },
  {
    id: "lead",
    header: "Lead",
    cell: (row) => <TitleCell href={taskHref(row.id)} {...leadTitle(row)} />,
  },
  { id: "kind", header: "Kind", cell: (row) => <Words>{kindLabel(row.kind)}</Words> },
  { id: "status", header: "Status", cell: (row) => <StatusBadge status={row.status} /> },
  {
    id: "result",
    header: "Result",
    cell: (row) => <ResultSummary task={row} />,
  },
  {
    id: "submitted",
    header: "Submitted",
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
    isLabelledOnCard: true,
    cell: (row) => <DeliveredMark task={row} />,
  },
  {
    id: "action",
    header: <VisuallyHidden>Action</VisuallyHidden>,
    cell: (row) => isOpen(row.status) && <PollNowButton taskId={row.id} leadTitle={leadTitle(row).title} />,
  },
];
