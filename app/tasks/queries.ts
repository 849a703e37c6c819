import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/app/fetch-json";
import { isMoving } from "@/lib/tasks/task-status";
import type { TaskDetail, TaskPage, TaskView } from "@/lib/tasks/task-view";

/** A result must be on the screen within 2 seconds; an answer without news is a 304. */
const REFETCH_WHILE_MOVING_MS = 1_000;
/** Somebody else may have submitted something. */
const REFETCH_OTHERWISE_MS = 20_000;

/** React Query asks only while the tab is visible and the browser online. */
function refetchInterval(tasks: TaskView[]): number {
  return tasks.some(isMoving) ? REFETCH_WHILE_MOVING_MS : REFETCH_OTHERWISE_MS;
}

/** Everything about tasks; invalidate this after a change. */
export const taskKeys = { all: ["tasks"] as const };

/** The dashboard's list, page by page, newest first. */
export const taskListQuery = infiniteQueryOptions({
  queryKey: [...taskKeys.all, "list"],
  queryFn: ({ pageParam, signal }) =>
    fetchJson<TaskPage>(pageParam ? `/api/tasks?cursor=${encodeURIComponent(pageParam)}` : "/api/tasks", signal),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
  refetchInterval: (query) => refetchInterval(query.state.data?.pages.flatMap((page) => page.tasks) ?? []),
});

/** One task with its history. */
export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: [...taskKeys.all, "one", id],
    queryFn: ({ signal }) => fetchJson<TaskDetail>(`/api/tasks/${id}`, signal),
    refetchInterval: (query) => refetchInterval(query.state.data ? [query.state.data] : []),
  });
