"use client";

import { Text } from "@mantine/core";
import { IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { PagedList } from "@/app/_components/paged-list";
import type { LeadState } from "@/app/submissions/_components/lead-states";
import { minWidthOf, rowColumns } from "@/app/submissions/[id]/_components/row-columns";
import { isMoving, submissionRowsQuery } from "@/app/submissions/queries";
import type { SubmissionView } from "@/lib/submissions/submission-view";

/** Each lead with what came of it, its results as columns; `status` narrows them. */
export function RowsSection({ submission, status }: { submission: SubmissionView; status: LeadState | null }) {
  const query = useInfiniteQuery(submissionRowsQuery(submission.id, status ?? "", isMoving(submission.state)));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows), [query.data]);
  const { kind, outputs } = submission;
  const columns = useMemo(() => rowColumns(rows ?? [], { kind, outputs }), [rows, kind, outputs]);
  return (
    <section aria-label="Leads">
      <PagedList
        query={query}
        items={rows}
        noun="leads"
        moreLabel="Show more leads"
        empty={
          <EmptyState
            icon={<IconListSearch />}
            title={status ? "None is in this state now" : "No leads"}
            text={status ? "They have moved on. Choose another state above." : "This submission has no leads."}
          />
        }
      >
        {(items) => (
          <>
            <DataTable
              label="Leads with their results"
              columns={columns}
              rows={items}
              getRowId={({ id }) => id}
              rowData={(row) => ({ "data-status": row.status })}
              minWidth={minWidthOf(columns.length)}
            />
            <Text size="xs" c="dimmed" mt="xs">
              In the order of the list. The download has every column of it.
            </Text>
          </>
        )}
      </PagedList>
    </section>
  );
}
