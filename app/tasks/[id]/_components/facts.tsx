import { Code } from "@mantine/core";
import { CopyButton } from "@/app/_components/copy-button";
import { Section } from "@/app/_components/section";
import { ExactTime } from "@/app/_components/time";
import { deliveredBy, undeliveredWords } from "@/app/tasks/_components/delivered-mark";
import { OutsideLink } from "@/app/tasks/[id]/_components/outside-link";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import type { TaskDetail } from "@/lib/tasks/task-view";

/** What one quotes to support: the task_id, times, cost. */
export function Facts({ task }: { task: TaskDetail }) {
  return (
    <Section title="Task">
      <dl className={classes.terms}>
        <dt>task_id</dt>
        <dd>
          {task.taskId ? (
            <span className={classes.inline}>
              <Code className="break-anywhere">{task.taskId}</Code>
              <CopyButton value={task.taskId} label="Copy task_id" />
            </span>
          ) : (
            "None yet"
          )}
        </dd>
        <dt>At Sixtyfour</dt>
        <dd>{task.sixtyfourStatus ?? "Unknown"}</dd>
        <dt>Submitted</dt>
        <dd>
          <ExactTime iso={task.submittedAt ?? task.createdAt} />
        </dd>
        <dt>Delivered</dt>
        <dd>
          {task.deliveredAt ? (
            <>
              <ExactTime iso={task.deliveredAt} />, {deliveredBy(task)}
            </>
          ) : (
            undeliveredWords(task)
          )}
        </dd>
        {task.investigation && (
          <>
            <dt>Investigation</dt>
            <dd>
              {task.investigation.workspaceUrl ? (
                <OutsideLink url={task.investigation.workspaceUrl} />
              ) : (
                <Code className="break-anywhere">{task.investigation.id}</Code>
              )}
            </dd>
          </>
        )}
        <dt>Cost</dt>
        <dd className="tabular">{costInWords(task)}</dd>
      </dl>
    </Section>
  );
}

function costInWords({ chargedCents, endedAt, taskId, nextFetchAt }: TaskDetail): string {
  if (chargedCents !== null) {
    return (chargedCents / 100).toLocaleString("en-US", {
      style: "currency",
      currency: "USD",
      maximumFractionDigits: 4,
    });
  }
  if (!endedAt) return "Known when the task completes";
  if (nextFetchAt) return "Known when the result file is fetched";
  return taskId ? "Not reported" : "Nothing";
}
