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

/** When a task's end was delivered, and how. */
export function DeliveredMark({ task }: { task: TaskView }) {
  if (!task.deliveredAt) return <Words tone="quiet">{task.endedAt ? "Never submitted" : "Not yet"}</Words>;
  return (
    <Words>
      <Time iso={task.deliveredAt} />
      <Words size="xs" tone="quiet">
        {deliveredBy(task)}
      </Words>
    </Words>
  );
}
