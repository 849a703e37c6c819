"use client";

import type { DataColumn } from "@/app/_components/data-table";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { TitleCell } from "@/app/_components/title-cell";
import { Words } from "@/app/_components/words";
import { OutcomeBadge } from "@/app/deliveries/_components/outcome-badge";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { taskHref } from "@/app/tasks/task-href";
import type { DeliveryView } from "@/lib/deliveries/delivery-view";
import { moreWords, signatureWords } from "@/lib/deliveries/delivery-words";

export const deliveryColumns: DataColumn<DeliveryView>[] = [
  {
    id: "event",
    header: "Event id",
    cell: (row) => {
      const { id, eventId, eventType, status, notKept } = row;
      return (
        <>
          <TitleCell href={deliveryHref(id)} title={eventId || "No event id"} detail={eventType ?? status} />
          {notKept > 0 && (
            <Words size="xs" tone="quiet">
              {moreWords(notKept)}
            </Words>
          )}
        </>
      );
    },
  },
  {
    id: "received",
    header: "Received",
    width: 124,
    compactWidth: 104,
    isLabelledOnCard: true,
    cell: (row) => (
      <Words>
        <Time iso={row.receivedAt} />
      </Words>
    ),
  },
  {
    id: "attempt",
    header: "Attempt",
    width: 90,
    compactWidth: 68,
    isLabelledOnCard: true,
    cell: (row) => <Figure>{row.attempt}</Figure>,
  },
  {
    id: "signature",
    header: "Signature",
    width: "19%",
    compactWidth: "14%",
    isLabelledOnCard: true,
    cell: (row) => <Words>{signatureWords(row)}</Words>,
  },
  { id: "outcome", header: "Outcome", width: 150, compactWidth: 128, cell: (row) => <OutcomeBadge delivery={row} /> },
  {
    id: "task",
    header: "Task",
    width: "17%",
    compactWidth: "18%",
    isLabelledOnCard: true,
    cell: (row) => {
      const { task } = row;
      if (!task) return <Figure>{null}</Figure>;
      return (
        <AnchorLink href={taskHref(task.id)} size="sm" lineClamp={2} className="break-anywhere">
          {leadTitle(task).title}
        </AnchorLink>
      );
    },
  },
  {
    id: "answer",
    header: "Answer",
    width: 88,
    compactWidth: 64,
    isLabelledOnCard: true,
    cell: (row) => <Figure>{row.answer}</Figure>,
  },
  {
    id: "handledMs",
    header: "Handled in",
    width: 110,
    compactWidth: 88,
    isLabelledOnCard: true,
    cell: (row) => <Figure>{row.handledMs === null ? null : `${row.handledMs} ms`}</Figure>,
  },
];

function Figure({ children }: { children: string | number | null }) {
  return (
    <Words isTabular {...(children === null ? { tone: "quiet" } : {})}>
      {children ?? "None"}
    </Words>
  );
}
