"use client";

import { Text } from "@mantine/core";
import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { OutcomeBadge } from "@/app/deliveries/_components/outcome-badge";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { taskHref } from "@/app/tasks/task-href";
import type { DeliveryView } from "@/lib/deliveries/delivery-view";
import { signatureWords } from "@/lib/deliveries/delivery-words";

export const deliveryTableFeatures = tableFeatures({});

const column = createColumnHelper<typeof deliveryTableFeatures, DeliveryView>();

export const deliveryColumns = column.columns([
  column.display({
    id: "event",
    header: "Event id",
    cell: ({ row }) => {
      const { id, eventId, eventType, status } = row.original;
      const detail = eventType ?? status;
      return (
        <>
          <AnchorLink
            href={deliveryHref(id)}
            fw={500}
            size="sm"
            c="var(--mantine-color-text)"
            lineClamp={2}
            className="break-anywhere"
          >
            {eventId || "No event id"}
          </AnchorLink>
          {detail && (
            <Text size="xs" c="dimmed" truncate>
              {detail}
            </Text>
          )}
        </>
      );
    },
  }),
  column.display({
    id: "received",
    header: "Received",
    cell: ({ row }) => (
      <Text size="sm" component="div">
        <Time iso={row.original.receivedAt} />
      </Text>
    ),
  }),
  column.accessor("attempt", { header: "Attempt", cell: ({ getValue }) => <Figure>{getValue()}</Figure> }),
  column.display({
    id: "signature",
    header: "Signature",
    cell: ({ row }) => <Text size="sm">{signatureWords(row.original)}</Text>,
  }),
  column.accessor("outcome", { header: "Outcome", cell: ({ getValue }) => <OutcomeBadge outcome={getValue()} /> }),
  column.display({
    id: "task",
    header: "Task",
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
  column.accessor("answer", { header: "Answer", cell: ({ getValue }) => <Figure>{getValue()}</Figure> }),
  column.accessor("handledMs", {
    header: "Handled in",
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
