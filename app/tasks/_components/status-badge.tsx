import type { MantineColor } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconLoader2,
  IconSend,
  type TablerIcon,
} from "@tabler/icons-react";
import { Mark } from "@/app/_components/mark";
import type { TaskStatus } from "@/lib/tasks/task-status";

/** How each status is called and looks, wherever it is told. */
export const STATUS_LOOKS: Record<TaskStatus, { label: string; color: MantineColor; Icon: TablerIcon }> = {
  queued: { label: "Queued", color: "yellow", Icon: IconClock },
  submitting: { label: "Submitting", color: "blue", Icon: IconSend },
  unconfirmed: { label: "Unconfirmed", color: "orange", Icon: IconAlertTriangle },
  running: { label: "Running", color: "blue", Icon: IconLoader2 },
  completed: { label: "Completed", color: "green", Icon: IconCircleCheck },
  failed: { label: "Failed", color: "red", Icon: IconCircleX },
  cancelled: { label: "Cancelled", color: "gray", Icon: IconBan },
};

export function StatusBadge({ status }: { status: TaskStatus }) {
  const { label, color, Icon } = STATUS_LOOKS[status];
  return (
    <Mark color={color} icon={<Icon size={13} aria-hidden />}>
      {label}
    </Mark>
  );
}
