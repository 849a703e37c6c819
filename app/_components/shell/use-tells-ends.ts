"use client";

import { useLocalStorage } from "@mantine/hooks";

/** Whether this browser tells by a notification of its own when submissions end: a person's choice, off at first. */
export function useTellsEnds() {
  return useLocalStorage({ key: "tell-when-submissions-end", defaultValue: false });
}

/** Tasks of single leads that were submitted in this browser and whose end is to be told. */
export function useWatchedTasks() {
  return useLocalStorage<string[]>({ key: "watched-tasks", defaultValue: [] });
}
