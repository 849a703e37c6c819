"use client";

import { createContext, useContext } from "react";
import classes from "@/app/tasks/_components/task-selection.module.css";

export interface TaskSelection {
  /** Without JavaScript, and before it has come, nothing can be selected. */
  isReady: boolean;
  /** Those that were chosen one by one, or all that are shown. */
  ids: ReadonlySet<string>;
  /** All that the filter leaves, and not only those that are shown. */
  isAll: boolean;
  toggle: (id: string) => void;
  toggleShown: () => void;
  /** All, some or none of those that are shown. */
  shown: "all" | "some" | "none";
}

/** The selection reaches the cells by a context, since columns have to stay the same. */
export const TaskSelectionContext = createContext<TaskSelection | null>(null);

export function SelectTask({ id, title }: { id: string; title: string }) {
  const selection = useContext(TaskSelectionContext);
  if (!selection) return null;
  return (
    <input
      type="checkbox"
      className={classes.box}
      aria-label={`Select ${title}`}
      disabled={!selection.isReady}
      checked={selection.isAll || selection.ids.has(id)}
      onChange={() => selection.toggle(id)}
    />
  );
}

export function SelectShownTasks() {
  const selection = useContext(TaskSelectionContext);
  if (!selection) return null;
  return (
    <input
      type="checkbox"
      className={classes.box}
      aria-label="Select all that are shown"
      disabled={!selection.isReady}
      checked={selection.shown === "all"}
      ref={(box) => {
        if (box) box.indeterminate = selection.shown === "some";
      }}
      onChange={selection.toggleShown}
    />
  );
}
