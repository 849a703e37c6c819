import { Group, Stack, Text, Title } from "@mantine/core";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { logged } from "@/app/logged";
import { SubmissionList } from "@/app/submissions/_components/submission-list";
import { submissionListQuery } from "@/app/submissions/queries";
import { appContext } from "@/lib/context";
import { listSubmissions } from "@/lib/submissions/list";

export const metadata: Metadata = { title: "Submissions" };

/** The lists that were submitted. */
export default async function SubmissionsPage() {
  await requirePage();
  const queryClient = new QueryClient();
  await queryClient.prefetchInfiniteQuery({
    ...submissionListQuery,
    queryFn: () => logged(listSubmissions(appContext(), {})),
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline" gap={4}>
        <Title order={1} size="h2">
          Submissions
        </Title>
        <Text c="dimmed" size="sm">
          Lists of leads, newest first.
        </Text>
      </Group>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <SubmissionList />
      </HydrationBoundary>
    </Stack>
  );
}
