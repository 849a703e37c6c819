import type { Route } from "next";
import type { OverviewSpan } from "@/app/overview/queries";
import { taskFilterQuery } from "@/lib/tasks/task-filter";

/** The address of the overview of a span of time. */
export function overviewHref(span: OverviewSpan): Route {
  return `/overview?${taskFilterQuery(span)}` as Route;
}
