import { eq } from "drizzle-orm";
import { deliveries, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { applyDelivery, type DeliveryOutcome } from "@/lib/deliveries/apply";
import type { ParsedDelivery } from "@/lib/deliveries/parse";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { storableText } from "@/lib/storable-json";
import { lockSixtyfourTask } from "@/lib/tasks/sixtyfour-task-lock";

/** Headers that are kept with a delivery: those that tell how it came, and none that could hold a secret. */
const KEPT_HEADERS = [...Object.values(SIXTYFOUR_HEADERS), "content-type", "content-length", "user-agent"];

/**
 * Stores an accepted delivery and applies it to its task, in one transaction: once this has returned, nothing of it can
 * be lost. One whose task_id no task has yet is kept as unmatched, and found again when the submit's own answer arrives.
 */
export async function receiveDelivery(
  { db }: Context,
  input: {
    rawBody: Uint8Array;
    parsed: Exclude<ParsedDelivery, { about: "nothing" }>;
    headers: Headers;
    signature: "valid" | "unsigned";
  },
): Promise<DeliveryOutcome> {
  const { parsed, headers } = input;
  const event = parsed.about === "task" ? parsed.event : null;
  const attempt = readAttempt(headers.get(SIXTYFOUR_HEADERS.deliveryAttempt));
  const sixtyfourTaskId = event ? storableText(event.task_id) : null;

  return db.transaction(async (tx) => {
    if (sixtyfourTaskId) await lockSixtyfourTask(tx, sixtyfourTaskId);
    const [delivery] = await tx
      .insert(deliveries)
      .values({
        sixtyfourTaskId,
        eventId: headers.get(SIXTYFOUR_HEADERS.eventId),
        eventType: headers.get(SIXTYFOUR_HEADERS.eventType),
        attempt,
        status: event ? storableText(event.status) : null,
        taskType: event?.task_type ? storableText(event.task_type) : null,
        signature: input.signature,
        outcome: event ? "unmatched" : "workflow",
        headers: keptHeaders(headers),
        body: input.rawBody,
      })
      .returning({ id: deliveries.id });
    if (!delivery || !event || !sixtyfourTaskId) return "workflow";

    const [task] = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.sixtyfourTaskId, sixtyfourTaskId));
    if (!task) return "unmatched";
    return applyDelivery(tx, { taskId: task.id, deliveryId: delivery.id, attempt, event });
  });
}

function keptHeaders(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** The attempt's number; null where the header is missing or no number that could be one. */
function readAttempt(header: string | null): number | null {
  return header && /^[1-9]\d{0,5}$/.test(header) ? Number(header) : null;
}
