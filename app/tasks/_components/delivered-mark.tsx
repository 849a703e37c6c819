import { Text } from "@mantine/core";
import { Time } from "@/app/_components/time";
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
  if (!task.deliveredAt) {
    return (
      <Text size="sm" c="dimmed">
        {task.endedAt ? "Never submitted" : "Not yet"}
      </Text>
    );
  }
  return (
    <Text size="sm" component="div">
      <Time iso={task.deliveredAt} />
      <Text size="xs" c="dimmed">
        {deliveredBy(task)}
      </Text>
    </Text>
  );
}
