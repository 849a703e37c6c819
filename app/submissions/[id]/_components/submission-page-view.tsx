"use client";

import { Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DownloadMenu } from "@/app/_components/download-menu";
import { AnchorLink } from "@/app/_components/links";
import { LoadError } from "@/app/_components/load-error";
import { type LeadState, submissionTitle } from "@/app/submissions/_components/lead-states";
import { StateBadge } from "@/app/submissions/_components/state-badge";
import { Controls } from "@/app/submissions/[id]/_components/controls";
import { ProblemsSection } from "@/app/submissions/[id]/_components/problems-section";
import { ProgressSection } from "@/app/submissions/[id]/_components/progress-section";
import { RowsSection } from "@/app/submissions/[id]/_components/rows-section";
import classes from "@/app/submissions/[id]/_components/submission-page.module.css";
import { submissionQuery } from "@/app/submissions/queries";
import { IgnoredFields } from "@/app/tasks/_components/ignored-fields";
import { kindLabel } from "@/app/tasks/_components/lead-title";

/** A submission in each of its states; `status` is the state that its rows are narrowed to. */
export function SubmissionPageView({ id, status }: { id: string; status: LeadState | null }) {
  const { data: submission, isError, error, refetch } = useQuery(submissionQuery(id));
  if (!submission) return null;
  return (
    <Stack gap="lg">
      <div>
        <AnchorLink href="/submissions" size="sm" className={classes.back}>
          <IconArrowLeft size={14} aria-hidden /> All submissions
        </AnchorLink>
        <Group justify="space-between" align="flex-start" mt={4}>
          <div className={classes.heading}>
            <Title order={1} size="h2" className="break-anywhere">
              {submissionTitle(submission)}
            </Title>
            <Group gap="xs" mt={4} role="status">
              <Text c="dimmed" size="sm">
                {kindLabel(submission.kind)}
              </Text>
              <StateBadge state={submission.state} />
            </Group>
          </div>
          <Group gap="xs" align="flex-start">
            <Controls submission={submission} />
            <DownloadMenu href={`/api/submissions/${id}/export`} />
          </Group>
        </Group>
      </div>
      {isError && (
        <LoadError
          title="This page could not be brought up to date"
          error={error}
          note="What you see may be out of date."
          retry={() => refetch()}
        />
      )}
      <ProgressSection submission={submission} status={status} />
      <ProblemsSection submission={submission} />
      <IgnoredFields fields={submission.unrecognizedFields} />
      <RowsSection submission={submission} status={status} />
    </Stack>
  );
}
