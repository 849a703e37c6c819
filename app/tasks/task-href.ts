import type { Route } from "next";

/** The address of a task's page. */
export function taskHref(id: string): Route {
  return `/tasks/${id}` as Route;
}
