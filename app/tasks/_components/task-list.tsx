"use client";

import { Alert, Button, Center, Group, Paper, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconAlertCircle, IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ButtonLink } from "@/app/_components/links";
import { TaskTable } from "@/app/tasks/_components/task-table";
import { taskListQuery } from "@/app/tasks/queries";

/** The list of tasks in each of its states. `highlightId` marks the one that was just submitted. */
export function TaskList({ highlightId }: { highlightId?: string | undefined }) {
  const query = useInfiniteQuery(taskListQuery);
  const tasks = query.data?.pages.flatMap((page) => page.tasks);

  if (!tasks) return query.isError ? <LoadError error={query.error} retry={query.refetch} /> : <ListSkeleton />;
  if (tasks.length === 0) return <Empty />;
  return (
    <Stack>
      {query.isError && <LoadError error={query.error} retry={query.refetch} isStale />}
      <Paper withBorder style={{ overflow: "hidden" }}>
        <TaskTable tasks={tasks} highlightId={highlightId} />
      </Paper>
      {query.hasNextPage && (
        <Center>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show older tasks
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function LoadError({ error, retry, isStale }: { error: Error; retry: () => void; isStale?: boolean }) {
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="The tasks could not be loaded" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {error.message}{" "}
          {isStale ? "What you see may be out of date." : "Nothing is lost: results go on being stored."}
        </Text>
        <Button size="xs" variant="default" onClick={() => retry()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

function Empty() {
  return (
    <Paper withBorder p={48}>
      <Stack align="center" gap="sm">
        <ThemeIcon size={48} radius="xl" variant="light">
          <IconInbox aria-hidden />
        </ThemeIcon>
        <Title order={2} size="h4">
          Submit your first lead
        </Title>
        <Text c="dimmed" ta="center" maw={420}>
          Say who you are looking for, and Sixtyfour finds the email, the phone or the facts. The result shows up here
          by itself, usually within seconds.
        </Text>
        <ButtonLink href="/submissions/new" mt="xs">
          New submission
        </ButtonLink>
      </Stack>
    </Paper>
  );
}

function ListSkeleton() {
  return (
    <Paper withBorder role="status" aria-label="Loading tasks">
      {[0, 1, 2, 3, 4].map((row) => (
        <Group key={row} px="md" h={64} gap="xl" wrap="nowrap">
          <Stack gap={6} style={{ flex: 2 }}>
            <Skeleton height={12} width="60%" />
            <Skeleton height={10} width="40%" />
          </Stack>
          <Skeleton height={12} style={{ flex: 1 }} />
          <Skeleton height={20} width={90} radius="xl" />
          <Skeleton height={12} style={{ flex: 2 }} visibleFrom="sm" />
          <Skeleton height={12} style={{ flex: 1 }} visibleFrom="sm" />
        </Group>
      ))}
    </Paper>
  );
}
