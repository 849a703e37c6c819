"use client";

import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { STATUS_LOOKS } from "@/app/tasks/_components/status-badge";
import { isOpen, type TaskStatus } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** More at once are told as a number. */
const MAX_NAMED = 3;

/** Tells assistive technology of tasks that end while they are on the screen; who sees it sees the row change. */
export function DeliveredAnnouncer({ tasks }: { tasks: TaskView[] | undefined }) {
  const before = useRef(new Map<string, TaskStatus>());
  const [words, setWords] = useState("");

  useEffect(() => {
    const known = before.current;
    const ended = (tasks ?? []).filter(({ id, status }) => {
      const earlier = known.get(id);
      return earlier !== undefined && isOpen(earlier) && !isOpen(status);
    });
    before.current = new Map(tasks?.map(({ id, status }) => [id, status]));
    if (ended.length === 0) return;
    const named = ended.map((task) => `${leadTitle(task).title}: ${STATUS_LOOKS[task.status].label.toLowerCase()}`);
    setWords(ended.length > MAX_NAMED ? `${ended.length} tasks have ended.` : `${named.join(". ")}.`);
  }, [tasks]);

  return (
    <VisuallyHidden role="status" aria-label="News">
      {words}
    </VisuallyHidden>
  );
}
