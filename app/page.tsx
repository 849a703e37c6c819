import { Group, Stack, Text, Title } from "@mantine/core";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import { DownloadMenu } from "@/app/_components/download-menu";
import { requirePage } from "@/app/access";
import { AttentionList } from "@/app/attention/_components/attention-list";
import { attentionQuery } from "@/app/attention/queries";
import { logged } from "@/app/logged";
import { TaskFilterForm } from "@/app/tasks/_components/task-filter-form";
import { TaskList } from "@/app/tasks/_components/task-list";
import { TaskStatusNav } from "@/app/tasks/_components/task-status-nav";
import { taskCountsQuery, taskListQuery } from "@/app/tasks/queries";
import { isAdmin } from "@/lib/actor";
import { getAttention } from "@/lib/attention/get";
import { appContext } from "@/lib/context";
import { countTasks } from "@/lib/periods/count-tasks";
import { listTasks } from "@/lib/tasks/list";
import { readTaskFilter } from "@/lib/tasks/parse-task-filter";
import { taskFilterQuery } from "@/lib/tasks/task-filter";

/** The dashboard; its address holds the filter, so that it can be shared. `?submitted=<id>` marks a task just made. */
export default async function DashboardPage({ searchParams }: PageProps<"/">) {
  const actor = await requirePage();
  const { submitted, ...search } = await searchParams;
  const filter = readTaskFilter(search);
  const query = taskFilterQuery(filter);
  const queryClient = new QueryClient();
  await Promise.all([
    queryClient.prefetchInfiniteQuery({
      ...taskListQuery(filter),
      queryFn: () => logged(listTasks(appContext(), { filter })),
    }),
    queryClient.prefetchQuery({
      ...taskCountsQuery(filter),
      queryFn: () => logged(countTasks(appContext(), filter)),
    }),
    queryClient.prefetchQuery({ ...attentionQuery, queryFn: () => logged(getAttention(appContext())) }),
  ]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="xs">
        <div>
          <Title order={1} size="h2">
            Tasks
          </Title>
          <Text c="dimmed" size="sm">
            Results appear by themselves.
          </Text>
        </div>
        <DownloadMenu href="/api/tasks/export" query={query} />
      </Group>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <AttentionList />
        <TaskFilterForm filter={filter} />
        <TaskStatusNav filter={filter} />
        <TaskList
          key={query}
          filter={filter}
          highlightId={typeof submitted === "string" ? submitted : undefined}
          mayEraseMany={isAdmin(actor)}
        />
      </HydrationBoundary>
    </Stack>
  );
}
