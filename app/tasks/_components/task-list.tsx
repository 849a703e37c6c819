"use client";

import { IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { ButtonLink } from "@/app/_components/links";
import { PagedList } from "@/app/_components/paged-list";
import { taskColumns } from "@/app/tasks/_components/task-columns";
import classes from "@/app/tasks/_components/task-list.module.css";
import { taskListQuery } from "@/app/tasks/queries";

/** The list of tasks in each of its states. `highlightId` marks the one that was just submitted. */
export function TaskList({ highlightId }: { highlightId?: string | undefined }) {
  const query = useInfiniteQuery(taskListQuery);
  return (
    <PagedList
      query={query}
      items={query.data?.pages.flatMap((page) => page.tasks)}
      noun="tasks"
      moreLabel="Show older tasks"
      reassurance="Nothing is lost: results go on being stored."
      empty={
        <EmptyState
          icon={<IconInbox />}
          title="Submit your first lead"
          text="Say who you are looking for, and Sixtyfour finds the email, the phone or the facts. The result shows up here by itself, usually within seconds."
          action={<ButtonLink href="/submissions/new">New submission</ButtonLink>}
        />
      }
    >
      {(tasks) => (
        <DataTable
          label="Tasks, newest first"
          columns={taskColumns}
          rows={tasks}
          getRowId={(task) => task.id}
          highlightId={highlightId}
          rowData={(task) => ({ "data-status": task.status })}
          className={classes.tasks}
        />
      )}
    </PagedList>
  );
}
