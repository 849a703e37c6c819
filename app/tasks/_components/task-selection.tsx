"use client";

import { Checkbox } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { createContext, useContext } from "react";

export interface TaskSelection {
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
  const isMounted = useMounted();
  if (!selection) return null;
  return (
    <Checkbox
      aria-label={`Select ${title}`}
      disabled={!isMounted}
      checked={selection.isAll || selection.ids.has(id)}
      onChange={() => selection.toggle(id)}
    />
  );
}

export function SelectShownTasks() {
  const selection = useContext(TaskSelectionContext);
  const isMounted = useMounted();
  if (!selection) return null;
  return (
    <Checkbox
      aria-label="Select all that are shown"
      disabled={!isMounted}
      checked={selection.shown === "all"}
      indeterminate={selection.shown === "some"}
      onChange={selection.toggleShown}
    />
  );
}
