import { Text, Timeline } from "@mantine/core";
import {
  IconCircleCheck,
  IconCircleX,
  IconEraser,
  IconFileDownload,
  IconLink,
  IconPlus,
  IconRefresh,
  IconSend,
  IconSendOff,
  IconWebhook,
  type TablerIcon,
} from "@tabler/icons-react";
import { AnchorLink } from "@/app/_components/links";
import { Section } from "@/app/_components/section";
import { ExactTime } from "@/app/_components/time";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { historyWords } from "@/app/tasks/[id]/_components/history-words";
import type { TaskDetail, TaskHistoryEntry } from "@/lib/tasks/task-view";

const ICONS: Record<TaskHistoryEntry["type"], TablerIcon> = {
  created: IconPlus,
  submitted: IconSend,
  submit_failed: IconSendOff,
  recovered: IconLink,
  delivery: IconWebhook,
  polled: IconRefresh,
  ended: IconCircleCheck,
  fetched: IconFileDownload,
  erased: IconEraser,
};

export function History({ task }: { task: TaskDetail }) {
  return (
    <Section title="History">
      <HistoryTimeline history={task.history} />
    </Section>
  );
}

/** Everything that happened to a task, oldest first. */
export function HistoryTimeline({ history }: { history: TaskHistoryEntry[] }) {
  return (
    <Timeline bulletSize={22} lineWidth={2} active={history.length}>
      {history.map((entry) => {
        const { title, detail } = historyWords(entry);
        const Icon = entry.type === "ended" && entry.detail.status !== "completed" ? IconCircleX : ICONS[entry.type];
        return (
          <Timeline.Item
            key={entry.id}
            bullet={<Icon size={13} aria-hidden />}
            title={
              <Text size="sm" fw={500}>
                {title}
                {handOf(entry)}
              </Text>
            }
          >
            {detail && (
              <Text size="sm" c="dimmed" className="break-anywhere">
                {detail}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              <ExactTime iso={entry.at} />
              {entry.type === "delivery" && entry.delivery && (
                <>
                  {" · "}
                  <AnchorLink href={deliveryHref(entry.delivery.id)} inherit>
                    See the delivery
                  </AnchorLink>
                </>
              )}
            </Text>
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

/** Whether a delivery was given to the task by a person rather than by coming in. */
function handOf({ type, detail }: TaskHistoryEntry): string {
  if (type !== "delivery") return "";
  if (detail.replayed) return ", replayed by hand";
  return detail.attached ? ", attached by hand" : "";
}
