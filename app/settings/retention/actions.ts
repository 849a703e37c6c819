"use server";

import { revalidatePath } from "next/cache";
import { requireActor } from "@/app/access";
import { complaint } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { appContext } from "@/lib/context";
import { setRetention } from "@/lib/settings/retention";

export type RetentionState = { done: true } | { error: string } | null;

/** Sets how long payloads of deliveries are kept; nothing leaves it to the variable. */
export async function keepFor(_previous: RetentionState, form: FormData): Promise<RetentionState> {
  const error = await complaint(async () => {
    const actor = await requireActor("admin");
    const days = textOf(form, "days").trim();
    await setRetention(appContext(), actor, days === "" ? null : Number(days));
    revalidatePath("/settings/retention");
  });
  return error ? { error } : { done: true };
}
