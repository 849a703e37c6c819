"use client";

import { useEffect } from "react";
import { useTellsEnds, useWatchedTasks } from "@/app/_components/shell/use-tells-ends";

/** More are a list by hand: the first ones are watched. */
const MAX_WATCHED = 20;

/** Has the end of a task that was just submitted told, where a person wants to be told. */
export function WatchSubmitted({ id }: { id: string }) {
  const [tellsEnds] = useTellsEnds();
  const [, setWatched] = useWatchedTasks();

  useEffect(() => {
    if (tellsEnds) setWatched((ids) => (ids.includes(id) || ids.length >= MAX_WATCHED ? ids : [...ids, id]));
  }, [id, tellsEnds, setWatched]);

  return null;
}
