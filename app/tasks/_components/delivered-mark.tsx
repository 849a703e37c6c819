import { Time } from "@/app/_components/time";
import { Words } from "@/app/_components/words";
import type { TaskView } from "@/lib/tasks/task-view";

/** How a result came, in words. */
export function deliveredBy({
  deliveredVia,
  deliveredAttempt,
}: Pick<TaskView, "deliveredVia" | "deliveredAttempt">): string {
  if (deliveredVia === "poll") return "by poll";
  if (deliveredVia === "reconcile") return "by reconcile";
  return deliveredAttempt === null ? "by webhook" : `by webhook, attempt ${deliveredAttempt}`;
}

/** Error codes of a submit that Sixtyfour rejected. */
const REJECTED = ["not_enabled", "invalid_request"];

/** The reason why nothing was delivered for a task, in words. */
export function undeliveredWords({ endedAt, errorCode }: Pick<TaskView, "endedAt" | "errorCode">): string {
  if (!endedAt) return "Not yet";
  if (errorCode !== null && REJECTED.includes(errorCode)) return "Rejected by Sixtyfour";
  return errorCode === "not_sent" ? "Never submitted" : "Not delivered";
}

/** When a task's end was delivered, and how. */
export function DeliveredMark({ task }: { task: TaskView }) {
  if (!task.deliveredAt) return <Words tone="quiet">{undeliveredWords(task)}</Words>;
  return (
    <Words>
      <Time iso={task.deliveredAt} />
      <Words size="xs" tone="quiet">
        {deliveredBy(task)}
      </Words>
    </Words>
  );
}
