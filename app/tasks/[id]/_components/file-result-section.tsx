"use client";

import { Alert, Group, Loader, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ActionForm } from "@/app/_components/actions/action-form";
import { counted } from "@/app/_components/figures";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import { submissionHref } from "@/app/submissions/submission-href";
import { Countdown } from "@/app/tasks/[id]/_components/countdown";
import { ResultSection } from "@/app/tasks/[id]/_components/result-section";
import { fetchNow } from "@/app/tasks/actions";
import { taskKeys } from "@/app/tasks/queries";
import { describeMismatch } from "@/lib/tasks/lead-result";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** The server gives up on a file after 300 seconds. */
const FETCH_WITHIN_SECONDS = 330;

/** What came of a file: its rows stand with the leads of its submission, once they have been fetched. */
export function FileResultSection({ task }: { task: TaskDetail }) {
  if (task.status !== "completed" || task.erasedAt) return <ResultSection task={task} />;
  if (task.fetchProblem) {
    return (
      <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="There are no results to show">
        <Stack gap="sm">
          <Text size="sm">
            {describeMismatch(task.fetchProblem)} Nothing was lost by it: Sixtyfour has the file, and it can be fetched
            again. If that does not help, ask Sixtyfour about the task_id.
          </Text>
          <FetchNow taskId={task.id} />
        </Stack>
      </Alert>
    );
  }
  return <Section title="Result">{task.rowsStoredAt ? <Stored task={task} /> : <Fetching task={task} />}</Section>;
}

function Stored({ task: { leadCount, submission } }: { task: TaskDetail }) {
  return (
    <Text size="sm">
      {counted(leadCount, "result")}, each with its lead{" "}
      {submission ? <AnchorLink href={submissionHref(submission.id)}>in the list</AnchorLink> : "in the list"}.
    </Text>
  );
}

function Fetching({ task }: { task: TaskDetail }) {
  return (
    <Stack gap="sm">
      <Group gap="sm" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm" c="dimmed">
          The job has ended, and its file with the results is being fetched.
        </Text>
      </Group>
      {task.nextFetchAt && (
        <Text size="sm" c="dimmed">
          Unless it comes before, it is asked for again <Countdown iso={task.nextFetchAt} passed="now" />.
        </Text>
      )}
      <FetchNow taskId={task.id} />
    </Stack>
  );
}

function FetchNow({ taskId }: { taskId: string }) {
  return (
    <ActionForm
      action={fetchNow}
      target={{ taskId }}
      changes={taskKeys.all}
      label="Fetch now"
      withinSeconds={FETCH_WITHIN_SECONDS}
    />
  );
}
