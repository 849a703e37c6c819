import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { pacedByNews } from "@/app/_components/news/pace";
import { fetchJson } from "@/app/fetch-json";
import {
  DELIVERY_FILTER_NAMES,
  type DeliveryDetail,
  type DeliveryFilter,
  type DeliveryPage,
} from "@/lib/deliveries/delivery-view";

/** A log is looked at while something is tried out; React Query asks only while the tab is visible. */
const REFETCH_EVERY_MS = 5_000;

/** Everything about deliveries; invalidate this after a change. */
export const deliveryKeys = { all: ["deliveries"] as const };

/** The log, page by page, newest first. */
export const deliveryListQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: [...deliveryKeys.all, "list", filter],
    queryFn: ({ pageParam, signal }) =>
      fetchJson<DeliveryPage>(`/api/deliveries?${searchOf(filter, pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: (query) => pacedByNews(query, REFETCH_EVERY_MS),
  });

/** One delivery with headers and payload. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: [...deliveryKeys.all, "one", id],
    queryFn: ({ signal }) => fetchJson<DeliveryDetail>(`/api/deliveries/${id}`, signal),
    refetchInterval: (query) => pacedByNews(query, REFETCH_EVERY_MS),
  });

function searchOf(filter: DeliveryFilter, cursor: string | null): URLSearchParams {
  const search = new URLSearchParams();
  for (const name of DELIVERY_FILTER_NAMES) {
    const value = filter[name];
    if (value) search.set(name, value);
  }
  if (cursor) search.set("cursor", cursor);
  return search;
}
