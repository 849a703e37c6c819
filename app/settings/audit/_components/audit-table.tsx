"use client";

import { Text } from "@mantine/core";
import type { Route } from "next";
import { type DataColumn, DataTable } from "@/app/_components/data-table";
import { AnchorLink } from "@/app/_components/links";
import { Time } from "@/app/_components/time";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { submissionHref } from "@/app/submissions/submission-href";
import { taskHref } from "@/app/tasks/task-href";
import { AUDIT_ACTIONS, type AuditEventView, isAuditAction } from "@/lib/audit/audit-view";

const HREFS: Record<string, (id: string) => Route> = {
  task: taskHref,
  submission: submissionHref,
  delivery: deliveryHref,
};

const columns: DataColumn<AuditEventView>[] = [
  {
    id: "at",
    header: "When",
    width: 140,
    cell: (row) => (
      <Text size="sm" component="div">
        <Time iso={row.at} />
      </Text>
    ),
  },
  {
    id: "who",
    header: "Who",
    width: 260,
    cell: (row) => (
      <Text size="sm" fw={500} className="break-anywhere">
        {row.actorName}
        {row.actorType === "token" && " (token)"}
      </Text>
    ),
  },
  {
    id: "what",
    header: "What",
    cell: (row) => (
      <div className="break-anywhere">
        <Text size="sm">
          {isAuditAction(row.action) ? AUDIT_ACTIONS[row.action] : row.action} <Subject event={row} />
        </Text>
        <Text size="xs" c="dimmed">
          {Object.entries(row.detail)
            .map(([name, value]) => `${name}: ${value ?? "none"}`)
            .join(", ")}
        </Text>
      </div>
    ),
  },
];

/** Lines of the audit log. */
export function AuditTable({ events }: { events: AuditEventView[] }) {
  return <DataTable label="Audit log, newest first" columns={columns} rows={events} getRowId={({ id }) => id} />;
}

function Subject({ event: { subjectType, subjectId } }: { event: AuditEventView }) {
  const href = subjectType && subjectId ? HREFS[subjectType]?.(subjectId) : undefined;
  if (!href || !subjectId) return null;
  return (
    <AnchorLink href={href} size="sm">
      {subjectId.slice(-6)}
    </AnchorLink>
  );
}
