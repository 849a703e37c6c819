"use client";

import { IconFilterOff, IconWebhook } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { DataTable } from "@/app/_components/data-table";
import { EmptyState } from "@/app/_components/empty-state";
import { ButtonLink } from "@/app/_components/links";
import { PagedList } from "@/app/_components/paged-list";
import { deliveryColumns } from "@/app/deliveries/_components/delivery-columns";
import classes from "@/app/deliveries/_components/delivery-list.module.css";
import { deliveryListQuery } from "@/app/deliveries/queries";
import type { DeliveryFilter } from "@/lib/deliveries/delivery-view";

/** The log in each of its states. */
export function DeliveryList({ filter }: { filter: DeliveryFilter }) {
  const query = useInfiniteQuery(deliveryListQuery(filter));
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <PagedList
      query={query}
      items={query.data?.pages.flatMap((page) => page.deliveries)}
      noun="deliveries"
      moreLabel="Show older deliveries"
      empty={isFiltered ? <NothingFits /> : <NothingYet />}
    >
      {(deliveries) => (
        <DataTable
          label="Deliveries, newest first"
          columns={deliveryColumns}
          rows={deliveries}
          getRowId={(delivery) => delivery.id}
          rowData={(delivery) => ({ "data-outcome": delivery.outcome })}
          className={classes.deliveries}
        />
      )}
    </PagedList>
  );
}

function NothingFits() {
  return (
    <EmptyState
      icon={<IconFilterOff />}
      title="No delivery fits"
      text="Choose another outcome or a longer time. What comes in and fits shows up here by itself."
      action={
        <ButtonLink href="/deliveries" variant="default">
          Show all deliveries
        </ButtonLink>
      }
    />
  );
}

function NothingYet() {
  return (
    <EmptyState
      icon={<IconWebhook />}
      title="No webhook has come yet"
      text="When a job ends, Sixtyfour calls this app. Each call is listed here; many rejected ones of one minute are counted, with a few kept as samples."
    />
  );
}
