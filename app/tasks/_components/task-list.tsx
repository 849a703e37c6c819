"use client";

import { useMounted } from "@mantine/hooks";
import { IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { ButtonLink } from "@/app/_components/links";
import { PagedList } from "@/app/_components/paged-list";
import { DeliveredAnnouncer } from "@/app/tasks/_components/delivered-announcer";
import { OpenCountInTitle } from "@/app/tasks/_components/open-count-in-title";
import { taskColumns } from "@/app/tasks/_components/task-columns";
import classes from "@/app/tasks/_components/task-list.module.css";
import { type TaskSelection, TaskSelectionContext } from "@/app/tasks/_components/task-selection";
import { WatchSubmitted } from "@/app/tasks/_components/watch-submitted";
import { taskCountsQuery, taskListQuery } from "@/app/tasks/queries";
import { isNarrowing, SORTS, type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";
import type { TaskCounts } from "@/lib/tasks/task-view";

// Few visits select anything, so it is loaded when one does.
const SelectionBar = lazy(async () => {
  const { SelectionBar: default_ } = await import("@/app/tasks/_components/selection-bar");
  return { default: default_ };
});

/** The list of tasks in each of its states. `highlightId` marks the one that was just submitted. */
export function TaskList({ filter, highlightId }: { filter: TaskFilter; highlightId?: string | undefined }) {
  const query = useInfiniteQuery(taskListQuery(filter));
  const { data: counts } = useQuery(taskCountsQuery(filter));
  const tasks = useMemo(() => query.data?.pages.flatMap((page) => page.tasks), [query.data]);
  const isReady = useMounted();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  /** The newest task of when all were selected: what comes later is not meant. */
  const [allUpTo, setAllUpTo] = useState<string | null>(null);

  const shownIds = tasks?.map(({ id }) => id) ?? [];
  const selectedOfShown = shownIds.filter((id) => ids.has(id)).length;
  const clear = () => {
    setIds(new Set());
    setAllUpTo(null);
  };
  const selection: TaskSelection = {
    isReady,
    ids,
    isAll: allUpTo !== null,
    toggle: (id) => {
      // Of all of them one is taken out: what is left is what is shown.
      const next = new Set(allUpTo === null ? ids : shownIds);
      if (!next.delete(id)) next.add(id);
      setAllUpTo(null);
      setIds(next);
    },
    toggleShown: () => {
      setAllUpTo(null);
      setIds(new Set(allUpTo === null && selectedOfShown < shownIds.length ? shownIds : []));
    },
    shown:
      allUpTo !== null || (selectedOfShown > 0 && selectedOfShown === shownIds.length)
        ? "all"
        : selectedOfShown > 0
          ? "some"
          : "none",
  };
  const isAtLeast = counts?.isAtLeast ?? false;
  const matching = Math.max(countOf(filter, counts), isAtLeast ? (tasks?.length ?? 0) : 0);
  const isSelecting = allUpTo !== null || ids.size > 0;

  return (
    <TaskSelectionContext value={selection}>
      <OpenCountInTitle />
      {highlightId && <WatchSubmitted id={highlightId} />}
      <DeliveredAnnouncer tasks={tasks} />
      <PagedList
        query={query}
        items={tasks}
        noun="tasks"
        moreLabel={filter.sort && filter.sort !== "newest" ? "Show more tasks" : "Show older tasks"}
        reassurance="Nothing is lost: results go on being stored."
        empty={isNarrowing(filter) ? <NothingFits filter={filter} /> : <NothingYet />}
      >
        {(shown) => (
          <DataTable
            label={`Tasks, ${SORTS[filter.sort ?? "newest"].toLowerCase()}`}
            columns={taskColumns}
            rows={shown}
            getRowId={(task) => task.id}
            highlightId={highlightId}
            rowData={(task) => ({ "data-status": task.status })}
            className={classes.tasks}
          />
        )}
      </PagedList>
      {isSelecting && (
        <Suspense>
          <SelectionBar
            count={allUpTo === null ? ids.size : matching}
            allCount={allUpTo === null && (matching > ids.size || isAtLeast) ? matching : null}
            isAtLeast={isAtLeast}
            selection={allUpTo === null ? { ids: [...ids] } : { query: taskFilterQuery(filter), upToId: allUpTo }}
            onSelectAll={() => setAllUpTo(counts?.newestId ?? null)}
            onClear={clear}
          />
        </Suspense>
      )}
    </TaskSelectionContext>
  );
}

/** How many tasks a filter leaves, its statuses included. */
function countOf({ status }: TaskFilter, counts: TaskCounts | undefined): number {
  if (!counts) return 0;
  return status ? status.reduce((total, one) => total + counts.byStatus[one], 0) : counts.all;
}

function NothingFits({ filter }: { filter: TaskFilter }) {
  return (
    <EmptyState
      icon={<IconFilterOff />}
      title="No task fits"
      text={
        filter.q
          ? "A search finds words by their beginnings, in leads, results and task ids. Try fewer of them, or show all."
          : "Take something away from the filter. What comes in and fits shows up here by itself."
      }
      action={
        <ButtonLink href="/" variant="default">
          Show all tasks
        </ButtonLink>
      }
    />
  );
}

function NothingYet() {
  return (
    <EmptyState
      icon={<IconInbox />}
      title="Submit your first lead"
      text="Say who you are looking for, and Sixtyfour finds the email, the phone or the facts. The result shows up here by itself, usually within seconds."
      action={<ButtonLink href="/submissions/new">New submission</ButtonLink>}
    />
  );
}
