"use client";

import { Anchor, Group, List, Skeleton, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { ExactTime } from "@/app/_components/time";
import { OutcomeBadge } from "@/app/deliveries/_components/outcome-badge";
import { deliveryHref } from "@/app/deliveries/delivery-href";
import { deliveryListQuery } from "@/app/deliveries/queries";
import { leadTitle } from "@/app/tasks/_components/lead-title";
import { PollNowButton } from "@/app/tasks/_components/poll-now-button";
import { StatusBadge } from "@/app/tasks/_components/status-badge";
import { HistoryTimeline } from "@/app/tasks/[id]/_components/history";
import { taskQuery } from "@/app/tasks/queries";
import { taskHref } from "@/app/tasks/task-href";
import { outcomeWords, signatureWords } from "@/lib/deliveries/delivery-words";
import { isOpen } from "@/lib/tasks/task-status";

/** Shows a task while it runs: its status, its history, and the webhook requests about it. */
export function FaultWatch({ taskId, onLeave }: { taskId: string; onLeave: () => void }) {
  const { data: task } = useQuery(taskQuery(taskId));
  const { data: log } = useInfiniteQuery({ ...deliveryListQuery({ within: "hour" }), refetchInterval: 2_000 });
  if (!task) return <Skeleton height={80} />;
  const requests = (log?.pages.flatMap((page) => page.deliveries) ?? [])
    .filter((delivery) => task.taskId !== null && delivery.sixtyfourTaskId === task.taskId)
    .reverse();
  return (
    <Stack gap="sm" role="group" aria-label="What becomes of it">
      <Group gap="sm" role="status">
        <StatusBadge status={task.status} />
        <Anchor component={Link} href={taskHref(taskId)} size="sm" onClick={onLeave}>
          Open the task
        </Anchor>
      </Group>
      {task.status === "running" && <PollNowButton taskId={taskId} leadTitle={leadTitle(task).title} />}
      <HistoryTimeline history={task.history} />
      {requests.length > 0 && (
        <div>
          <Text size="xs" c="dimmed" fw={600} mb={4}>
            Webhook requests
          </Text>
          <List size="sm" spacing={6} listStyleType="none">
            {requests.map((delivery) => (
              <List.Item key={delivery.id}>
                <Group gap="xs">
                  <OutcomeBadge delivery={delivery} />
                  <Anchor component={Link} href={deliveryHref(delivery.id)} size="sm" onClick={onLeave}>
                    <ExactTime iso={delivery.receivedAt} />
                  </Anchor>
                </Group>
                <Text size="sm" c="dimmed">
                  Signature {signatureWords(delivery)}. {outcomeWords(delivery.outcome).meaning}
                </Text>
              </List.Item>
            ))}
          </List>
        </div>
      )}
      {isOpen(task.status) && (
        <Text size="xs" c="dimmed">
          This brings itself up to date.
        </Text>
      )}
    </Stack>
  );
}
