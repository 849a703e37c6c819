import { Checkbox, Group, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { ActionForm } from "@/app/_components/actions/action-form";
import { counted } from "@/app/_components/figures";
import classes from "@/app/submissions/[id]/_components/submission-page.module.css";
import { cancel, pause } from "@/app/submissions/actions";
import { submissionKeys } from "@/app/submissions/queries";
import type { SubmissionView } from "@/lib/submissions/submission-view";

/** What can be done to a submission as a whole. */
export function Controls({ submission }: { submission: SubmissionView }) {
  const unsent = submission.leads.queued + submission.leads.preparing;
  return (
    <Group gap="xs" align="flex-start">
      {submission.state === "sending" && (
        <ActionForm
          action={pause}
          target={{ submissionId: submission.id }}
          changes={submissionKeys.all}
          label="Pause"
          button={{ size: "sm", leftSection: <IconPlayerPause size={16} aria-hidden /> }}
        />
      )}
      {unsent > 0 && submission.state !== "cancelled" && <CancelForm submission={submission} unsent={unsent} />}
    </Group>
  );
}

function CancelForm({ submission, unsent }: { submission: SubmissionView; unsent: number }) {
  return (
    <details className={classes.cancel}>
      <summary>Cancel the rest</summary>
      <ActionForm
        action={cancel}
        target={{ submissionId: submission.id }}
        changes={submissionKeys.all}
        label="Cancel them"
        button={{ color: "red", variant: "outline" }}
      >
        <Text size="sm">
          {counted(unsent, "lead")} will never be sent. What was sent goes on, and its results come in.
        </Text>
        <Checkbox name="sure" required label="I mean it" />
      </ActionForm>
    </details>
  );
}
