"use server";

import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { recordAudit } from "@/lib/audit/record";
import { appContext } from "@/lib/context";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { attachDelivery, readTaskReference } from "@/lib/pipeline/attach";
import { replayDelivery } from "@/lib/pipeline/replay";

export type ReplayState = { type: "done"; outcome: DeliveryOutcome } | { type: "error"; message: string } | null;

/** "Replay": gives a stored delivery to its task once more, and says what came of it. */
export async function replay(_previous: ReplayState, form: FormData): Promise<ReplayState> {
  try {
    const actor = await requireActor();
    const deliveryId = textOf(form, "deliveryId");
    const { outcome } = await replayDelivery(appContext(), { deliveryId });
    const subject = { type: "delivery" as const, id: deliveryId };
    await recordAudit(appContext(), { actor, action: "delivery.replay", subject, detail: { outcome } });
    return { type: "done", outcome };
  } catch (error) {
    return { type: "error", message: complaintOf(error) };
  }
}

export type AttachState =
  | { type: "done"; outcome: DeliveryOutcome; taskId: string }
  | { type: "error"; message: string; task: string }
  | null;

/** Gives an unmatched delivery to the task that a person names by its id or its address. */
export async function attach(_previous: AttachState, form: FormData): Promise<AttachState> {
  let task = "";
  try {
    const actor = await requireActor();
    task = textOf(form, "task");
    const taskId = readTaskReference(task);
    const deliveryId = textOf(form, "deliveryId");
    const { outcome } = await attachDelivery(appContext(), { deliveryId, taskId });
    const subject = { type: "delivery" as const, id: deliveryId };
    await recordAudit(appContext(), { actor, action: "delivery.attach", subject, detail: { outcome, taskId } });
    return { type: "done", outcome, taskId };
  } catch (error) {
    return { type: "error", message: complaintOf(error), task };
  }
}
