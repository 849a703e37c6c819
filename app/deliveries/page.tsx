import { Group, Stack, Text, Title } from "@mantine/core";
import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { requirePage } from "@/app/access";
import { DeliveryFilterForm } from "@/app/deliveries/_components/delivery-filter-form";
import { DeliveryList } from "@/app/deliveries/_components/delivery-list";
import { deliveryListQuery } from "@/app/deliveries/queries";
import { logged } from "@/app/logged";
import { appContext } from "@/lib/context";
import { DELIVERY_FILTER_NAMES, type DeliveryFilter } from "@/lib/deliveries/delivery-view";
import { listDeliveries } from "@/lib/deliveries/list";

export const metadata: Metadata = { title: "Deliveries" };

/** The log of webhook requests; its address holds the filter, so that it can be shared. */
export default async function DeliveriesPage({ searchParams }: PageProps<"/deliveries">) {
  await requirePage();
  const filter = readFilter(await searchParams);
  const queryClient = new QueryClient();
  await queryClient.prefetchInfiniteQuery({
    ...deliveryListQuery(filter),
    queryFn: () => logged(listDeliveries(appContext(), filter)),
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="baseline" gap={4}>
        <Title order={1} size="h2">
          Deliveries
        </Title>
        <Text c="dimmed" size="sm">
          Webhook requests, newest first. Rejected ones are counted, and some of them are kept.
        </Text>
      </Group>
      <DeliveryFilterForm filter={filter} key={JSON.stringify(filter)} />
      <HydrationBoundary state={dehydrate(queryClient)}>
        <DeliveryList filter={filter} />
      </HydrationBoundary>
    </Stack>
  );
}

function readFilter(search: Record<string, string | string[] | undefined>): DeliveryFilter {
  return Object.fromEntries(
    DELIVERY_FILTER_NAMES.flatMap((name) => {
      const value = search[name];
      return typeof value === "string" && value !== "" ? [[name, value]] : [];
    }),
  );
}
