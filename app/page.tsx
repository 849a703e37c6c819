import { Group, Stack, Text, Title } from "@mantine/core";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { DownloadMenu } from "@/app/_components/download-menu";
import { TaskList } from "@/app/tasks/_components/task-list";
import { taskListQuery } from "@/app/tasks/queries";
import { appContext } from "@/lib/context";
import { errorForLog } from "@/lib/error-for-log";
import { listTasks } from "@/lib/tasks/list";

/** The dashboard. `?submitted=<id>` marks the task that the form has just made. */
export default async function DashboardPage({ searchParams }: PageProps<"/">) {
  const { submitted } = await searchParams;
  const queryClient = new QueryClient();
  await queryClient.prefetchInfiniteQuery({
    ...taskListQuery,
    queryFn: async () => {
      try {
        return await listTasks(appContext(), {});
      } catch (error) {
        // The browser asks again and shows what it gets; the cause is for the log.
        console.error(errorForLog(error));
        throw error;
      }
    },
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="xs">
        <div>
          <Title order={1} size="h2">
            Tasks
          </Title>
          <Text c="dimmed" size="sm">
            Newest first. Results appear by themselves.
          </Text>
        </div>
        <DownloadMenu href="/api/tasks/export" />
      </Group>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <TaskList highlightId={typeof submitted === "string" ? submitted : undefined} />
      </HydrationBoundary>
    </Stack>
  );
}
