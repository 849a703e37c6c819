import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { requirePage } from "@/app/access";
import { DeliveryPageView } from "@/app/deliveries/[id]/_components/delivery-page-view";
import { deliveryQuery } from "@/app/deliveries/queries";
import { appContext } from "@/lib/context";
import { getDelivery } from "@/lib/deliveries/get";
import { AppError } from "@/lib/errors";

/** Asked by the title and by the page, read once a request. */
const loadDelivery = cache(async (id: string) => {
  await requirePage();
  try {
    return await getDelivery(appContext(), id);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
});

export async function generateMetadata({ params }: PageProps<"/deliveries/[id]">): Promise<Metadata> {
  const delivery = await loadDelivery((await params).id);
  return { title: delivery ? `Delivery ${delivery.eventId ?? ""}`.trim() : "Not found" };
}

/** One delivery: how it came, what became of it, its headers and its payload. */
export default async function DeliveryPage({ params }: PageProps<"/deliveries/[id]">) {
  const { id } = await params;
  const delivery = await loadDelivery(id);
  if (!delivery) notFound();
  const queryClient = new QueryClient();
  queryClient.setQueryData(deliveryQuery(id).queryKey, delivery);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <DeliveryPageView id={id} />
    </HydrationBoundary>
  );
}
