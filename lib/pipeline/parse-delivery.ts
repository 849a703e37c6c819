import { z } from "zod";
import { type SixtyfourWebhookEvent, sixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";

export type ParsedDelivery =
  | { about: "task"; event: SixtyfourWebhookEvent }
  /** A workflow's own envelope, aimed at the same address: kept, and applied to nothing. */
  | { about: "workflow" }
  | { about: "nothing"; problem: string };

const workflowEnvelope = z.looseObject({ run_id: z.string() }).or(z.looseObject({ event_id: z.string() }));

/** Reads the raw bytes of a delivery. */
export function parseDelivery(rawBody: Uint8Array): ParsedDelivery {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(rawBody));
  } catch {
    return { about: "nothing", problem: "The body is not JSON in UTF-8." };
  }
  const event = sixtyfourWebhookEvent.safeParse(body);
  if (event.success) return { about: "task", event: event.data };
  if (workflowEnvelope.safeParse(body).success) return { about: "workflow" };
  return { about: "nothing", problem: "The body names no task_id and no status." };
}
