"use client";

import { Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconArrowLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { AnchorLink } from "@/app/_components/links";
import { OutcomeBadge } from "@/app/deliveries/_components/outcome-badge";
import { AttachSection } from "@/app/deliveries/[id]/_components/attach-section";
import { DeliveryFacts } from "@/app/deliveries/[id]/_components/delivery-facts";
import { HeadersSection } from "@/app/deliveries/[id]/_components/headers-section";
import { PayloadSection } from "@/app/deliveries/[id]/_components/payload-section";
import { ReplayButton } from "@/app/deliveries/[id]/_components/replay-button";
import { deliveryQuery } from "@/app/deliveries/queries";
import classes from "@/app/tasks/[id]/_components/task-page.module.css";
import { isAttachable, isReplayable } from "@/lib/deliveries/delivery-view";
import { deliveryWords } from "@/lib/deliveries/delivery-words";

export function DeliveryPageView({ id }: { id: string }) {
  const { data: delivery, isError, error, refetch } = useQuery(deliveryQuery(id));
  if (!delivery) return null;
  return (
    <Stack gap="lg">
      <div>
        <AnchorLink href="/deliveries" size="sm" className={classes.back}>
          <IconArrowLeft size={14} aria-hidden /> All deliveries
        </AnchorLink>
        <Group justify="space-between" align="flex-start" mt={4} wrap="nowrap">
          <div className={classes.heading}>
            <Title order={1} size="h2" className="break-anywhere" lineClamp={3}>
              {delivery.eventId || "Delivery without an event id"}
            </Title>
            <Group gap="xs" mt={4} role="status">
              <OutcomeBadge delivery={delivery} />
              <Text c="dimmed" size="sm">
                {deliveryWords(delivery).meaning}
              </Text>
            </Group>
          </div>
          {isReplayable(delivery) && delivery.keptBytes > 0 && <ReplayButton deliveryId={id} />}
        </Group>
      </div>
      {isError && (
        <Alert color="red" icon={<IconAlertCircle aria-hidden />} title="This page could not be brought up to date">
          <Group justify="space-between">
            <Text size="sm">{error.message}</Text>
            <Button size="xs" variant="default" onClick={() => refetch()}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}
      <div className={classes.columns}>
        <Stack gap="lg" className={classes.main}>
          {isAttachable(delivery) && delivery.keptBytes > 0 && <AttachSection deliveryId={id} />}
          <PayloadSection delivery={delivery} />
          <HeadersSection headers={delivery.headers} />
        </Stack>
        <DeliveryFacts delivery={delivery} />
      </div>
    </Stack>
  );
}
