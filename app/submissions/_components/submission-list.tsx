"use client";

import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { figure } from "@/app/_components/figures";
import { ButtonLink } from "@/app/_components/links";
import { PagedList } from "@/app/_components/paged-list";
import { Time } from "@/app/_components/time";
import { TitleCell } from "@/app/_components/title-cell";
import { Words } from "@/app/_components/words";
import { submissionTitle } from "@/app/submissions/_components/lead-states";
import { ProgressBar } from "@/app/submissions/_components/progress-bar";
import { StateBadge } from "@/app/submissions/_components/state-badge";
import classes from "@/app/submissions/_components/submission-list.module.css";
import { submissionListQuery } from "@/app/submissions/queries";
import { submissionHref } from "@/app/submissions/submission-href";
import { kindLabel } from "@/app/tasks/_components/lead-title";
import type { SubmissionSummary } from "@/lib/submissions/submission-view";

const columns: DataColumn<SubmissionSummary>[] = [
  {
    id: "name",
    header: "Name",
    cell: (row) => (
      <TitleCell href={submissionHref(row.id)} title={submissionTitle(row)} detail={kindLabel(row.kind)} />
    ),
  },
  {
    id: "leadCount",
    header: "Leads",
    width: 110,
    isLabelledOnCard: true,
    cell: (row) => <Words isTabular>{figure(row.leadCount)}</Words>,
  },
  { id: "state", header: "State", width: 190, cell: (row) => <StateBadge state={row.state} /> },
  {
    id: "progress",
    header: "Progress",
    width: "28%",
    cell: (row) => <ProgressBar leads={row.leads} total={row.leadCount} size="sm" />,
  },
  {
    id: "submitted",
    header: "Submitted",
    width: 130,
    isLabelledOnCard: true,
    cell: (row) => (
      <Words>
        <Time iso={row.createdAt} />
      </Words>
    ),
  },
];

/** The list of submissions in each of its states. */
export function SubmissionList() {
  const query = useInfiniteQuery(submissionListQuery);
  return (
    <PagedList
      query={query}
      items={query.data?.pages.flatMap((page) => page.submissions)}
      noun="submissions"
      moreLabel="Show older submissions"
      empty={
        <EmptyState
          icon={<IconListDetails />}
          title="Submit your first list"
          text="Drop a CSV or paste from a spreadsheet. Review the cost before anything is submitted."
          action={<ButtonLink href="/submissions/list">Submit a list</ButtonLink>}
        />
      }
    >
      {(submissions) => (
        <DataTable
          label="Submissions, newest first"
          columns={columns}
          rows={submissions}
          getRowId={({ id }) => id}
          rowData={({ state }) => ({ "data-state": state })}
          className={classes.submissions}
        />
      )}
    </PagedList>
  );
}
