"use client";

import { IconFilterOff, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { memo, useDeferredValue, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { latePart, PartBoundary } from "@/app/_components/actions/part-boundary";
import { DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { ButtonLink } from "@/app/_components/links";
import { PagedList } from "@/app/_components/paged-list";
import { DeliveredAnnouncer } from "@/app/tasks/_components/delivered-announcer";
import { OpenCountInTitle } from "@/app/tasks/_components/open-count-in-title";
import { type Selection, SelectionStore } from "@/app/tasks/_components/selection-store";
import { taskColumns } from "@/app/tasks/_components/task-columns";
import classes from "@/app/tasks/_components/task-list.module.css";
import { TaskSelectionContext } from "@/app/tasks/_components/task-selection";
import { WatchSubmitted } from "@/app/tasks/_components/watch-submitted";
import { taskCountsQuery, taskListQuery } from "@/app/tasks/queries";
import { isNarrowing, SORTS, type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";
import type { TaskCounts, TaskView } from "@/lib/tasks/task-view";

// Few visits select anything, so it is loaded when one does.
const SelectionBar = latePart(async () => {
  const { SelectionBar: default_ } = await import("@/app/tasks/_components/selection-bar");
  return { default: default_ };
});

/** The list of tasks in each of its states. `highlightId` marks the one that was just submitted. */
export function TaskList({
  filter,
  highlightId,
  mayEraseMany,
}: {
  filter: TaskFilter;
  highlightId?: string | undefined;
  mayEraseMany: boolean;
}) {
  const query = useInfiniteQuery(taskListQuery(filter));
  const tasks = useMemo(() => query.data?.pages.flatMap((page) => page.tasks), [query.data]);
  const [selection] = useState(() => new SelectionStore());

  useEffect(() => selection.setShown(tasks?.map(({ id }) => id) ?? []), [selection, tasks]);

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
            getRowId={getTaskId}
            highlightId={highlightId}
            rowData={(task) => ({ "data-status": task.status })}
            className={classes.tasks}
          />
        )}
      </PagedList>
      <Selected store={selection} filter={filter} shownCount={tasks?.length ?? 0} mayEraseMany={mayEraseMany} />
    </TaskSelectionContext>
  );
}

const getTaskId = ({ id }: TaskView) => id;

interface SelectedProps {
  store: SelectionStore;
  filter: TaskFilter;
  /** How many rows the list has. */
  shownCount: number;
  /** Members erase one lead at a time. */
  mayEraseMany: boolean;
}

/** What can be done to what is selected, once something is. Drawn after the boxes, which are what was pressed. */
function Selected(props: SelectedProps) {
  const { store } = props;
  const selection = useDeferredValue(useSyncExternalStore(store.subscribe, store.get, store.get));
  return <SelectedTasks {...props} selection={selection} />;
}

const SelectedTasks = memo(function SelectedTasks({
  store,
  filter,
  shownCount,
  mayEraseMany,
  selection: { ids, allUpTo },
}: SelectedProps & { selection: Selection }) {
  const { data: counts } = useQuery(taskCountsQuery(filter));
  if (allUpTo === null && ids.size === 0) return null;
  const isAtLeast = counts?.isAtLeast ?? false;
  const matching = Math.max(countOf(filter, counts), isAtLeast ? shownCount : 0);
  return (
    <PartBoundary>
      <SelectionBar
        count={allUpTo === null ? ids.size : matching}
        allCount={allUpTo === null && (matching > ids.size || isAtLeast) ? matching : null}
        isAtLeast={isAtLeast}
        mayErase={mayEraseMany || (allUpTo === null && ids.size === 1)}
        selection={allUpTo === null ? { ids: [...ids] } : { query: taskFilterQuery(filter), upToId: allUpTo }}
        onSelectAll={() => store.selectAll(counts?.newestId ?? null)}
        onClear={() => store.clear()}
      />
    </PartBoundary>
  );
});

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
