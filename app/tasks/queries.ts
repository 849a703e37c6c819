import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pacedByNews } from "@/app/_components/news/pace";
import { fetchJson } from "@/app/fetch-json";
import type { SavedView } from "@/lib/saved-views/list";
import { type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";
import { isMoving, OPEN_STATUSES } from "@/lib/tasks/task-status";
import type { TaskCounts, TaskDetail, TaskPage, TaskView } from "@/lib/tasks/task-view";

/** Where there are no news to wait for, a result must be on the screen soon even so; an answer without any is a 304. */
const REFETCH_WHILE_MOVING_MS = 1_000;
/** Somebody else may have submitted something. */
const REFETCH_OTHERWISE_MS = 20_000;

/** Counting looks at all tasks that fit, so it is done less often. */
const RECOUNT_WHILE_MOVING_MS = 5_000;

/** React Query asks only while the tab is visible and the browser online. */
function refetchMs(tasks: TaskView[]): number {
  return tasks.some(isMoving) ? REFETCH_WHILE_MOVING_MS : REFETCH_OTHERWISE_MS;
}

/** Everything about tasks; invalidate this after a change. */
export const taskKeys = { all: ["tasks"] as const };

/** The dashboard's list under a filter, page by page. */
export const taskListQuery = (filter: TaskFilter) =>
  infiniteQueryOptions({
    queryKey: [...taskKeys.all, "list", taskFilterQuery(filter)],
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams(taskFilterQuery(filter));
      if (pageParam) search.set("cursor", pageParam);
      return fetchJson<TaskPage>(search.size > 0 ? `/api/tasks?${search}` : "/api/tasks", signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => {
      return pacedByNews(query, refetchMs(query.state.data?.pages.flatMap((page) => page.tasks) ?? []));
    },
  });

/** The few tasks that fit best what is typed. */
export const taskSearchQuery = (q: string) =>
  queryOptions({
    queryKey: [...taskKeys.all, "search", q],
    queryFn: ({ signal }) => fetchJson<TaskPage>(`/api/tasks?${new URLSearchParams({ q, limit: "6" })}`, signal),
  });

/** How many tasks a filter leaves in each status. */
export const taskCountsQuery = ({ status: _, sort: __, ...filter }: TaskFilter) =>
  queryOptions({
    queryKey: [...taskKeys.all, "counts", taskFilterQuery(filter)],
    queryFn: ({ signal }) => fetchJson<TaskCounts>(`/api/tasks/counts?${taskFilterQuery(filter)}`, signal),
    refetchInterval: (query) => {
      const counts = query.state.data?.byStatus;
      const isAnyOpen = OPEN_STATUSES.some((status) => counts && counts[status] > 0);
      return pacedByNews(query, isAnyOpen ? RECOUNT_WHILE_MOVING_MS : REFETCH_OTHERWISE_MS);
    },
  });

/** The saved filters of the list. */
export const savedViewsQuery = queryOptions({
  queryKey: ["saved-views"],
  queryFn: ({ signal }) => fetchJson<SavedView[]>("/api/saved-views", signal),
});

/** One task with its history. */
export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: [...taskKeys.all, "one", id],
    queryFn: ({ signal }) => fetchJson<TaskDetail>(`/api/tasks/${id}`, signal),
    refetchInterval: (query) => pacedByNews(query, refetchMs(query.state.data ? [query.state.data] : [])),
  });
