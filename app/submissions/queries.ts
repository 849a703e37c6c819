import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pacedByNews } from "@/app/_components/news/pace";
import { fetchJson } from "@/app/fetch-json";
import type { OutputTemplate } from "@/lib/output-templates/list";
import type { SubmissionPage, SubmissionState, SubmissionView } from "@/lib/submissions/submission-view";
import type { SubmissionRowPage } from "@/lib/tasks/lead-row-view";

/** A bar that moves should be seen moving; an answer without news is a 304. */
const REFETCH_WHILE_MOVING_MS = 2_000;
/** Somebody else may have pressed something. */
const REFETCH_OTHERWISE_MS = 20_000;

/** Everything about submissions; invalidate this after a change. */
export const submissionKeys = { all: ["submissions"] as const };

/** The list of submissions, page by page, newest first. */
export const submissionListQuery = infiniteQueryOptions({
  queryKey: [...submissionKeys.all, "list"],
  queryFn: ({ pageParam, signal }) =>
    fetchJson<SubmissionPage>(
      pageParam ? `/api/submissions?cursor=${encodeURIComponent(pageParam)}` : "/api/submissions",
      signal,
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor,
  refetchInterval: (query) => {
    const submissions = query.state.data?.pages.flatMap((page) => page.submissions) ?? [];
    return pacedByNews(query, refetchMs(submissions.some(({ state }) => isMoving(state))));
  },
});

/** The saved templates of fields to return. */
export const outputTemplatesQuery = queryOptions({
  queryKey: ["output-templates"],
  queryFn: ({ signal }) => fetchJson<OutputTemplate[]>("/api/output-templates", signal),
});

/** One submission and how far it has come. */
export const submissionQuery = (id: string) =>
  queryOptions({
    queryKey: [...submissionKeys.all, "one", id],
    queryFn: ({ signal }) => fetchJson<SubmissionView>(`/api/submissions/${id}`, signal),
    refetchInterval: (query) => {
      const submission = query.state.data;
      return pacedByNews(query, refetchMs(submission !== undefined && isMoving(submission.state)));
    },
  });

/** Its leads with their results, page by page in the order of the list; `status` narrows them. */
export const submissionRowsQuery = (id: string, status: string, isLive: boolean) =>
  infiniteQueryOptions({
    queryKey: [...submissionKeys.all, "rows", id, status],
    queryFn: ({ pageParam, signal }) => {
      const search = new URLSearchParams({
        ...(status ? { status } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      });
      return fetchJson<SubmissionRowPage>(`/api/submissions/${id}/rows?${search}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => pacedByNews(query, refetchMs(isLive)),
  });

/** Where there are no news to wait for. */
function refetchMs(isAnyMoving: boolean): number {
  return isAnyMoving ? REFETCH_WHILE_MOVING_MS : REFETCH_OTHERWISE_MS;
}

/** Something may happen any moment without a person: worth looking often. */
export function isMoving(state: SubmissionState): boolean {
  return state === "sending" || state === "waiting";
}
