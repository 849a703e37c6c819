import { Group, Stack, Title } from "@mantine/core";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { AttentionList } from "@/app/attention/_components/attention-list";
import { attentionQuery } from "@/app/attention/queries";
import { logged } from "@/app/logged";
import { OverviewPageView } from "@/app/overview/_components/overview-page-view";
import { SpanNav } from "@/app/overview/_components/span-nav";
import { overviewQuery } from "@/app/overview/queries";
import { getAttention } from "@/lib/attention/get";
import { appContext } from "@/lib/context";
import { getOverview } from "@/lib/overview/get";
import { readTaskFilter } from "@/lib/tasks/parse-task-filter";

export const metadata: Metadata = { title: "Overview" };

/** How it goes over a span of time, which the address holds. */
export default async function OverviewPage({ searchParams }: PageProps<"/overview">) {
  await requirePage();
  const { since, from, to } = readTaskFilter(await searchParams);
  const span = { ...(from || to ? { from, to } : { since: since ?? "7d" }) };
  const queryClient = new QueryClient();
  await Promise.all([
    queryClient.prefetchQuery({ ...overviewQuery(span), queryFn: () => logged(getOverview(appContext(), span)) }),
    queryClient.prefetchQuery({ ...attentionQuery, queryFn: () => logged(getAttention(appContext())) }),
  ]);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Title order={1} size="h2">
          Overview
        </Title>
        <SpanNav span={span} />
      </Group>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <AttentionList />
        <OverviewPageView span={span} />
      </HydrationBoundary>
    </Stack>
  );
}
