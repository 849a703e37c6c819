"use client";

import { useQuery } from "@tanstack/react-query";
import { CountNav } from "@/app/_components/count-nav";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { taskCountsQuery } from "@/app/tasks/queries";
import { tasksHref } from "@/app/tasks/task-href";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { TASK_STATUSES } from "@/lib/tasks/task-status";

/** The statuses, each with how many tasks of it the rest of the filter leaves. */
export function TaskStatusNav({ filter }: { filter: TaskFilter }) {
  const { data: counts } = useQuery(taskCountsQuery(filter));
  const { status: chosen = [], ...rest } = filter;
  const isAtLeast = counts?.isAtLeast ?? false;
  // Of what is not counted to its end, each status may have some.
  const shown = TASK_STATUSES.filter((status) => counts?.byStatus[status] || isAtLeast || chosen.includes(status));
  if (counts?.all === 0 && chosen.length === 0) return null;
  return (
    <CountNav
      label="Tasks by status"
      items={[
        {
          key: "all",
          label: "All",
          count: counts?.all ?? null,
          isAtLeast,
          href: tasksHref(rest),
          isCurrent: chosen.length === 0,
        },
        ...shown.map((status) => ({
          key: status,
          label: STATUS_LOOKS[status].label,
          color: STATUS_LOOKS[status].color,
          count: (isAtLeast ? counts?.byStatus[status] || null : counts?.byStatus[status]) ?? null,
          isAtLeast,
          href: tasksHref({ ...rest, status: [status] }),
          isCurrent: chosen.includes(status),
        })),
      ]}
    />
  );
}
