"use server";

import { complaintOf } from "@/app/complaint";
import { appContext } from "@/lib/context";
import { attachDelivery, readTaskReference } from "@/lib/deliveries/attach";
import type { DeliveryOutcome } from "@/lib/deliveries/delivery-view";
import { replayDelivery } from "@/lib/deliveries/replay";

export type ReplayState = { type: "done"; outcome: DeliveryOutcome } | { type: "error"; message: string } | null;

/** "Replay": gives a stored delivery to its task once more, and says what came of it. */
export async function replay(_previous: ReplayState, form: FormData): Promise<ReplayState> {
  try {
    const { outcome } = await replayDelivery(appContext(), { deliveryId: textOf(form, "deliveryId") });
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
  const task = textOf(form, "task");
  try {
    const taskId = readTaskReference(task);
    const { outcome } = await attachDelivery(appContext(), { deliveryId: textOf(form, "deliveryId"), taskId });
    return { type: "done", outcome, taskId };
  } catch (error) {
    return { type: "error", message: complaintOf(error), task };
  }
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
