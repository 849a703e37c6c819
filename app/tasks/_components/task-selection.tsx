"use client";

import { createContext, useContext, useSyncExternalStore } from "react";
import type { SelectionStore } from "@/app/tasks/_components/selection-store";
import classes from "@/app/tasks/_components/task-selection.module.css";

/** The selection reaches the cells by a context, since columns have to stay the same. */
export const TaskSelectionContext = createContext<SelectionStore | null>(null);

// Without JavaScript, and before it has come, nothing can be selected.
const unready = () => "unready" as const;

export function SelectTask({ id, title }: { id: string; title: string }) {
  const store = useContext(TaskSelectionContext);
  return store && <TaskBox store={store} id={id} title={title} />;
}

function TaskBox({ store, id, title }: { store: SelectionStore; id: string; title: string }) {
  const state = useSyncExternalStore<boolean | "unready">(store.subscribe, () => store.has(id), unready);
  return (
    <input
      type="checkbox"
      className={classes.box}
      aria-label={`Select ${title}`}
      disabled={state === "unready"}
      checked={state === true}
      onChange={() => store.toggle(id)}
    />
  );
}

export function SelectShownTasks() {
  const store = useContext(TaskSelectionContext);
  return store && <ShownBox store={store} />;
}

function ShownBox({ store }: { store: SelectionStore }) {
  const state = useSyncExternalStore<ReturnType<SelectionStore["shown"]> | "unready">(
    store.subscribe,
    store.shown,
    unready,
  );
  return (
    <input
      type="checkbox"
      className={classes.box}
      aria-label="Select all that are shown"
      disabled={state === "unready"}
      checked={state === "all"}
      ref={(box) => {
        if (box) box.indeterminate = state === "some";
      }}
      onChange={() => store.toggleShown()}
    />
  );
}
