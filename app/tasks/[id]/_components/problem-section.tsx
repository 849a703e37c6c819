"use client";

import { Alert, Checkbox, Stack, Text } from "@mantine/core";
import { IconAlertCircle, IconAlertTriangle } from "@tabler/icons-react";
import { ActionForm } from "@/app/_components/actions/action-form";
import { Countdown } from "@/app/tasks/[id]/_components/countdown";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { sendNow } from "@/app/tasks/actions";
import { taskKeys } from "@/app/tasks/queries";
import { describeProblem } from "@/lib/tasks/task-problems";
import type { TaskDetail } from "@/lib/tasks/task-view";

const ADVICE_FOR_MANY = "Submit the leads again in smaller requests: one lead that fails can fail its whole request.";

/** What is wrong with a task, what it means for the money, and what can be done. */
export function ProblemSection({ task }: { task: TaskDetail }) {
  if (!task.errorCode) return null;
  const { title, advice: adviceForOne } = describeProblem(task.errorCode);
  const advice = task.errorCode === "job_failed" && task.leadCount > 1 ? ADVICE_FOR_MANY : adviceForOne;
  const isEnd = task.status === "failed";
  return (
    <Alert
      color={isEnd ? "red" : "orange"}
      icon={isEnd ? <IconAlertCircle aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={title}
    >
      <Stack gap="sm">
        {task.errorMessage && (
          <Text size="sm" className="break-anywhere">
            Sixtyfour says: “{task.errorMessage}”
          </Text>
        )}
        <Text size="sm">{advice}</Text>
        <WhatNext task={task} />
      </Stack>
    </Alert>
  );
}

/** What happens by itself, and what a person can do. */
function WhatNext({ task }: { task: TaskDetail }) {
  if (task.status === "queued") {
    return (
      <>
        {task.nextSendAt && (
          <Text size="sm">
            It is sent again automatically <Countdown iso={task.nextSendAt} passed="now" />.
          </Text>
        )}
        <SendForm task={task} mayChargeTwice={false} />
      </>
    );
  }
  if (task.status !== "unconfirmed" || !task.confirmableAt) return null;
  if (task.isRepeatable) {
    return (
      <>
        <Text size="sm">
          The request has an idempotency key: sending it again returns the same job and is not charged twice.
          {task.nextSendAt && (
            <>
              {" "}
              It is sent again automatically <Countdown iso={task.nextSendAt} passed="now" />.
            </>
          )}
        </Text>
        <SendForm task={task} mayChargeTwice={false} />
      </>
    );
  }
  if (task.isConfirmable) {
    return (
      <>
        <Text size="sm">
          No webhook has arrived for this task, but Sixtyfour may have accepted it. If you submit it again, it may be
          charged twice.
        </Text>
        <SendForm task={task} mayChargeTwice />
      </>
    );
  }
  return (
    <>
      <Text size="sm">
        If Sixtyfour accepted it, the webhook completes this task. If none arrives, you can submit it again{" "}
        <Countdown iso={task.confirmableAt} passed="soon" />.
      </Text>
      <details className={classes.folded}>
        <summary>Submit it now</summary>
        <SendForm task={task} mayChargeTwice />
      </details>
    </>
  );
}

/** The server gives up on sending a file after 120 seconds. */
const FILE_WITHIN_SECONDS = 150;

/** What a second press means where the answer to the first was lost. */
const SEND_AGAIN =
  "The lead may have been submitted already. Check the task before you try again: a second submit may be charged twice.";

function SendForm({ task, mayChargeTwice }: { task: TaskDetail; mayChargeTwice: boolean }) {
  const form = {
    action: sendNow,
    target: { taskId: task.id },
    changes: taskKeys.all,
    ...(task.shape === "file" ? { withinSeconds: FILE_WITHIN_SECONDS } : {}),
  };
  if (!mayChargeTwice) return <ActionForm {...form} label="Send now" button={{ variant: "filled" }} />;
  return (
    <ActionForm {...form} label="Submit again" repeat={SEND_AGAIN}>
      <Checkbox name="acceptDoubleCharge" required label="Submit it again, though it may be charged twice" />
    </ActionForm>
  );
}
