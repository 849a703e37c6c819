"use client";

import { Text } from "@mantine/core";
import { dataColumnHelper } from "@/app/_components/data-table";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { TitleCell } from "@/app/_components/title-cell";
import { OutcomeBadge } from "@/app/deliveries/_components/outcome-badge";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { taskHref } from "@/app/tasks/task-href";
import type { DeliveryView } from "@/lib/deliveries/delivery-view";
import { signatureWords } from "@/lib/deliveries/delivery-words";

const column = dataColumnHelper<DeliveryView>();

export const deliveryColumns = column.columns([
  column.display({
    id: "event",
    header: "Event id",
    cell: ({ row }) => {
      const { id, eventId, eventType, status } = row.original;
      return <TitleCell href={deliveryHref(id)} title={eventId || "No event id"} detail={eventType ?? status} />;
    },
  }),
  column.display({
    id: "received",
    header: "Received",
    meta: { width: 124, isLabelledOnCard: true },
    cell: ({ row }) => (
      <Text size="sm" component="div">
        <Time iso={row.original.receivedAt} />
      </Text>
    ),
  }),
  column.accessor("attempt", {
    header: "Attempt",
    meta: { width: 90, isLabelledOnCard: true },
    cell: ({ getValue }) => <Figure>{getValue()}</Figure>,
  }),
  column.display({
    id: "signature",
    header: "Signature",
    meta: { width: "19%", isLabelledOnCard: true },
    cell: ({ row }) => <Text size="sm">{signatureWords(row.original)}</Text>,
  }),
  column.accessor("outcome", {
    header: "Outcome",
    meta: { width: 150 },
    cell: ({ getValue }) => <OutcomeBadge outcome={getValue()} />,
  }),
  column.display({
    id: "task",
    header: "Task",
    meta: { width: "17%", isLabelledOnCard: true },
    cell: ({ row }) => {
      const { task } = row.original;
      if (!task) return <Figure>{null}</Figure>;
      return (
        <AnchorLink href={taskHref(task.id)} size="sm" lineClamp={2} className="break-anywhere">
          {leadTitle(task).title}
        </AnchorLink>
      );
    },
  }),
  column.accessor("answer", {
    header: "Answer",
    meta: { width: 88, isLabelledOnCard: true },
    cell: ({ getValue }) => <Figure>{getValue()}</Figure>,
  }),
  column.accessor("handledMs", {
    header: "Handled in",
    meta: { width: 110, isLabelledOnCard: true },
    cell: ({ getValue }) => <Figure>{getValue() === null ? null : `${getValue()} ms`}</Figure>,
  }),
]);

function Figure({ children }: { children: string | number | null }) {
  return (
    <Text size="sm" className="tabular" c={children === null ? "dimmed" : undefined}>
      {children ?? "None"}
    </Text>
  );
}
