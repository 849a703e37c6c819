"use client";

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import { AnchorLink, ButtonLink } from "@/app/_components/links";
import { submissionTitle } from "@/app/submissions/_components/lead-states";
import { submissionHref } from "@/app/submissions/submission-href";
import { IgnoredFields } from "@/app/tasks/_components/ignored-fields";
import { kindLabel, leadTitle } from "@/app/tasks/_components/lead-title";
import { PollNowButton } from "@/app/tasks/_components/poll-now-button";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { BulkResultSection } from "@/app/tasks/[id]/_components/bulk-result-section";
import { ChangesSection } from "@/app/tasks/[id]/_components/changes-section";
import { EraseForm } from "@/app/tasks/[id]/_components/erase-form";
import { ErasedSection } from "@/app/tasks/[id]/_components/erased-section";
import { Facts } from "@/app/tasks/[id]/_components/facts";
import { FileResultSection } from "@/app/tasks/[id]/_components/file-result-section";
import { History } from "@/app/tasks/[id]/_components/history";
import { LeadSection } from "@/app/tasks/[id]/_components/lead-section";
import { ProblemSection } from "@/app/tasks/[id]/_components/problem-section";
import { ResultSection } from "@/app/tasks/[id]/_components/result-section";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { taskQuery } from "@/app/tasks/queries";
import { taskHref } from "@/app/tasks/task-href";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";
import { isOpen } from "@/lib/tasks/task-status";
import type { TaskDetail } from "@/lib/tasks/task-view";

export function TaskPageView({ id, mayEraseMany }: { id: string; mayEraseMany: boolean }) {
  const { data: task, isError, error, refetch } = useQuery(taskQuery(id));
  if (!task) return null;
  const { title } = leadTitle(task);
  return (
    <Stack gap="lg">
      <div>
        <AnchorLink href="/" size="sm" className={classes.back}>
          <IconArrowLeft size={14} aria-hidden /> All tasks
        </AnchorLink>
        <Group justify="space-between" align="flex-start" mt={4} wrap="nowrap">
          <div className={classes.heading}>
            <Title order={1} size="h2" className="break-anywhere">
              {title}
            </Title>
            <Group gap="xs" mt={4} role="status">
              <Text c="dimmed" size="sm">
                {kindLabel(task.kind)}
              </Text>
              <StatusBadge status={task.status} />
              {task.submission && (
                <AnchorLink href={submissionHref(task.submission.id)} size="sm" className="break-anywhere">
                  Part of {submissionTitle(task.submission)}
                </AnchorLink>
              )}
              {task.retriedAsId && (
                <AnchorLink href={taskHref(task.retriedAsId)} size="sm">
                  Submitted again
                </AnchorLink>
              )}
            </Group>
          </div>
          <Group gap="xs" wrap="nowrap" className="no-print">
            {isOpen(task.status) && <PollNowButton taskId={task.id} leadTitle={title} />}
            <SubmitAgainLink task={task} />
          </Group>
        </Group>
      </div>
      {isError && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This page could not be brought up to date">
          <Group justify="space-between">
            <Text size="sm">{error.message}</Text>
            <Button size="xs" variant="default" onClick={() => refetch()}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.main}>
          <ProblemSection task={task} />
          <ErasedSection task={task} />
          <IgnoredFields fields={task.unrecognizedFields} />
          <ResultOf task={task} />
          <ChangesSection task={task} />
          <LeadSection task={task} />
        </Stack>
        <Stack gap="lg">
          <Facts task={task} />
          <History task={task} />
          {!task.erasedAt && (
            <EraseForm taskId={task.id} leadCount={task.leadCount} mayErase={mayEraseMany || task.leadCount === 1} />
          )}
        </Stack>
      </div>
    </Stack>
  );
}

/** For one lead: of many together, each is on the page of its list. */
function SubmitAgainLink({ task }: { task: TaskDetail }) {
  const [lead] = task.leads;
  if (!lead || task.leadCount !== 1 || task.erasedAt || !findTaskKind(task.kind)) return null;
  return (
    <ButtonLink href={`/submissions/new?lead=${lead.id}` as Route} variant="default" size="xs">
      Submit again
    </ButtonLink>
  );
}

function ResultOf({ task }: { task: TaskDetail }) {
  if (task.shape === "bulk") return <BulkResultSection task={task} />;
  return task.shape === "file" ? <FileResultSection task={task} /> : <ResultSection task={task} />;
}
