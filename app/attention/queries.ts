import { queryOptions } from "@tanstack/react-query";
import { fetchJson } from "@/app/fetch-json";
import { taskKeys } from "@/app/tasks/queries";
import type { Attention } from "@/lib/attention/attention-view";

const REFETCH_EVERY_MS = 20_000;

/** What needs a person; a change to tasks may change it. */
export const attentionQuery = queryOptions({
  queryKey: [...taskKeys.all, "attention"],
  queryFn: ({ signal }) => fetchJson<Attention>("/api/attention", signal),
  refetchInterval: REFETCH_EVERY_MS,
});
