"use client";

import { Button, Center, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { LoadError } from "@/app/_components/load-error";
import { SkeletonRows } from "@/app/_components/skeleton-rows";
import { UnreachableError } from "@/app/fetch-json";

interface PagedListProps<Item> {
  /** What `useInfiniteQuery` gave. */
  query: {
    error: Error | null;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
  /** Of all pages so far; undefined until the first has come. */
  items: Item[] | undefined;
  /** What the items are called, in the plural and in the middle of a sentence. */
  noun: string;
  /** The words on the button that fetches the next page. */
  moreLabel: string;
  /** Told with an error while there is nothing to show. */
  reassurance?: string;
  /** Shown for a list without items. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list in each of its states: on its way, not to be had, out of date, empty, and with more to come. */
export function PagedList<Item>({ query, items, noun, moreLabel, reassurance, empty, children }: PagedListProps<Item>) {
  const loadError = (note?: string) =>
    query.error && (
      <LoadError
        title={`The ${noun} could not be loaded`}
        error={query.error}
        note={note}
        retry={() => query.refetch()}
      />
    );
  if (!items) return loadError(reassurance) ?? <SkeletonRows label={`Loading ${noun}`} />;
  return (
    <Stack>
      {/* The connection strip tells of a server that is out of reach, for all of the page. */}
      {!(query.error instanceof UnreachableError) && loadError("What you see may be out of date.")}
      {items.length === 0 ? empty : children(items)}
      {query.hasNextPage && (
        <Center>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            {moreLabel}
          </Button>
        </Center>
      )}
    </Stack>
  );
}
