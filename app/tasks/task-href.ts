import type { Route } from "next";
import { type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";

/** The address of the list of tasks under a filter. */
export function tasksHref(filter: TaskFilter): Route {
  const query = taskFilterQuery(filter);
  return (query ? `/?${query}` : "/") as Route;
}

/** The address of a task's page. */
export function taskHref(id: string): Route {
  return `/tasks/${id}` as Route;
}
