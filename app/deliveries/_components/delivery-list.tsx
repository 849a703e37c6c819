"use client";

import { Alert, Button, Center, Group, Paper, Skeleton, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconAlertCircle, IconFilterOff, IconWebhook } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { ButtonLink } from "@/app/_components/links";
import { DeliveryTable } from "@/app/deliveries/_components/delivery-table";
import { deliveryListQuery } from "@/app/deliveries/queries";
import type { DeliveryFilter } from "@/lib/deliveries/delivery-view";

/** The log in each of its states. */
export function DeliveryList({ filter }: { filter: DeliveryFilter }) {
  const query = useInfiniteQuery(deliveryListQuery(filter));
  const deliveries = query.data?.pages.flatMap((page) => page.deliveries);

  if (!deliveries) return query.isError ? <LoadError error={query.error} retry={query.refetch} /> : <ListSkeleton />;
  return (
    <Stack>
      {query.isError && <LoadError error={query.error} retry={query.refetch} isStale />}
      {deliveries.length === 0 ? (
        <Empty isFiltered={Object.keys(filter).length > 0} />
      ) : (
        <Paper withBorder style={{ overflow: "hidden" }}>
          <DeliveryTable deliveries={deliveries} />
        </Paper>
      )}
      {query.hasNextPage && (
        <Center>
          <Button variant="default" onClick={() => query.fetchNextPage()} loading={query.isFetchingNextPage}>
            Show older deliveries
          </Button>
        </Center>
      )}
    </Stack>
  );
}

function LoadError({ error, retry, isStale }: { error: Error; retry: () => void; isStale?: boolean }) {
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="The deliveries could not be loaded" role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {error.message} {isStale && "What you see may be out of date."}
        </Text>
        <Button size="xs" variant="default" onClick={() => retry()}>
          Try again
        </Button>
      </Stack>
    </Alert>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <Paper withBorder p={48}>
      <Stack align="center" gap="sm">
        <ThemeIcon size={48} radius="xl" variant="light">
          {isFiltered ? <IconFilterOff aria-hidden /> : <IconWebhook aria-hidden />}
        </ThemeIcon>
        <Title order={2} size="h4">
          {isFiltered ? "No delivery fits" : "No webhook has come yet"}
        </Title>
        <Text c="dimmed" ta="center" maw={420}>
          {isFiltered
            ? "Choose another outcome or a longer time. What comes in and fits shows up here by itself."
            : "When a job ends, Sixtyfour calls this app. Each call is kept here as it came, refused ones too."}
        </Text>
        {isFiltered && (
          <ButtonLink href="/deliveries" variant="default" mt="xs">
            Show all deliveries
          </ButtonLink>
        )}
      </Stack>
    </Paper>
  );
}

function ListSkeleton() {
  return (
    <Paper withBorder role="status" aria-label="Loading deliveries">
      {[0, 1, 2, 3, 4].map((row) => (
        <Group key={row} px="md" h={64} gap="xl" wrap="nowrap">
          <Stack gap={6} style={{ flex: 2 }}>
            <Skeleton height={12} width="70%" />
            <Skeleton height={10} width="40%" />
          </Stack>
          <Skeleton height={12} style={{ flex: 1 }} visibleFrom="sm" />
          <Skeleton height={12} style={{ flex: 1.5 }} visibleFrom="sm" />
          <Skeleton height={20} width={100} radius="xl" />
          <Skeleton height={12} style={{ flex: 1.5 }} visibleFrom="sm" />
        </Group>
      ))}
    </Paper>
  );
}
