import { queryOptions } from "@tanstack/react-query";
import { pacedByNews } from "@/app/_components/news/pace";
import { fetchJson } from "@/app/fetch-json";
import { taskKeys } from "@/app/tasks/queries";
import type { Overview } from "@/lib/overview/overview-view";
import { type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";

/** Figures of days are no news of the moment. */
const REFETCH_EVERY_MS = 60_000;

/** The time that an overview is about. */
export type OverviewSpan = Pick<TaskFilter, "since" | "from" | "to">;

/** How it went over a span of time; a change to tasks may change it. */
export const overviewQuery = (span: OverviewSpan) =>
  queryOptions({
    queryKey: [...taskKeys.all, "overview", taskFilterQuery(span)],
    queryFn: ({ signal }) => fetchJson<Overview>(`/api/overview?${taskFilterQuery(span)}`, signal),
    refetchInterval: (query) => pacedByNews(query, REFETCH_EVERY_MS),
  });
