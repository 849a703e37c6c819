import type { Route } from "next";

/** The address of a submission's page. */
export function submissionHref(id: string): Route {
  return `/submissions/${id}` as Route;
}
