import { Button, Checkbox, Group, Popover, Text } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { counted } from "@/app/_components/figures";
import { ActionForm } from "@/app/submissions/[id]/_components/action-form";
import { cancel, pause } from "@/app/submissions/actions";
import type { SubmissionView } from "@/lib/submissions/submission-view";

/** What can be done to a submission as a whole. */
export function Controls({ submission }: { submission: SubmissionView }) {
  const unsent = submission.leads.queued + submission.leads.preparing;
  return (
    <Group gap="xs" align="flex-start">
      {submission.state === "sending" && (
        <ActionForm
          action={pause}
          submissionId={submission.id}
          label="Pause"
          button={{ size: "sm", leftSection: <IconPlayerPause size={16} aria-hidden /> }}
        />
      )}
      {unsent > 0 && submission.state !== "cancelled" && <CancelPopover submission={submission} unsent={unsent} />}
    </Group>
  );
}

function CancelPopover({ submission, unsent }: { submission: SubmissionView; unsent: number }) {
  return (
    <Popover width={300} position="bottom-end" withArrow trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default">Cancel the rest</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Cancel the rest">
        <ActionForm
          action={cancel}
          submissionId={submission.id}
          label="Cancel them"
          button={{ color: "red", variant: "outline" }}
        >
          <Text size="sm">
            {counted(unsent, "lead")} will never be sent. What was sent goes on, and its results come in.
          </Text>
          <Checkbox name="sure" required label="I mean it" />
        </ActionForm>
      </Popover.Dropdown>
    </Popover>
  );
}
