import { eq } from "drizzle-orm";
import { z } from "zod";
import { deliveries, leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import type { DeliveryDetail } from "@/lib/deliveries/delivery-view";
import { readPayload } from "@/lib/deliveries/payload";
import { deliveryColumns, leadOfDelivery, taskOfDelivery, toDeliveryView } from "@/lib/deliveries/read-delivery";
import { AppError } from "@/lib/errors";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

/**
 * One delivery with its headers and its payload. What could help to forge another is masked.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function getDelivery({ db }: Context, id: string): Promise<DeliveryDetail> {
  const notFound = () => new AppError("not_found", "There is no such delivery.");
  if (!z.uuid().safeParse(id).success) throw notFound();
  const [row] = await db
    .select({
      delivery: deliveryColumns,
      headers: deliveries.headers,
      body: deliveries.body,
      lead: leads.fields,
      erasedAt: tasks.erasedAt,
    })
    .from(deliveries)
    .leftJoin(leads, leadOfDelivery)
    .leftJoin(tasks, taskOfDelivery)
    .where(eq(deliveries.id, id));
  if (!row) throw notFound();
  const { bodyBytes } = row.delivery;
  const keptBytes = row.body.byteLength;
  return {
    ...toDeliveryView(row),
    headers: Object.entries(row.headers)
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, value]) => ({ name, value: name === SIXTYFOUR_HEADERS.signature ? maskSignature(value) : value })),
    payload: readPayload(row.body, bodyBytes !== null && keptBytes === bodyBytes),
    keptBytes,
  };
}

/** Keeps the timestamp and how many parts there are; of anything else, enough to compare two by eye. */
export function maskSignature(header: string): string {
  return header
    .split(",")
    .map((part) => {
      const [, name = "", value = ""] = /^\s*(?:([a-z]\w{0,9})=)?(.*)$/is.exec(part) ?? [];
      const label = name && `${name}=`;
      if (name === "t" && /^\d{1,12}$/.test(value.trim())) return label + value.trim();
      return value.length > 6 ? `${label}${value.slice(0, 6)}…` : label + value;
    })
    .join(",");
}
