import { queryOptions } from "@tanstack/react-query";
import { pacedByNews } from "@/app/_components/news/pace";
import { fetchJson } from "@/app/fetch-json";
import { taskKeys } from "@/app/tasks/queries";
import type { Attention } from "@/lib/attention/attention-view";

const REFETCH_EVERY_MS = 20_000;
/** Some of it comes of nothing but time, of which there are no news. */
const REFETCH_WITH_NEWS_EVERY_MS = 60_000;

/** What needs a person; a change to tasks may change it. */
export const attentionQuery = queryOptions({
  queryKey: [...taskKeys.all, "attention"],
  queryFn: ({ signal }) => fetchJson<Attention>("/api/attention", signal),
  refetchInterval: (query) => pacedByNews(query, REFETCH_EVERY_MS, REFETCH_WITH_NEWS_EVERY_MS),
});
