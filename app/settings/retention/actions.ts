"use server";

import { revalidatePath } from "next/cache";
import { requireActor } from "@/app/access";
import { complaint } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { appContext } from "@/lib/context";
import { type GivenRetention, setRetention } from "@/lib/settings/retention";

export type RetentionState = { done: true } | { error: string } | null;

/** Sets how long deliveries are kept, and rejected ones. An empty field leaves it to the variable. */
export async function keepFor(_previous: RetentionState, form: FormData): Promise<RetentionState> {
  const error = await complaint(async () => {
    const actor = await requireActor("admin");
    await setRetention(appContext(), actor, { deliveries: read(form, "days"), rejected: read(form, "rejectedDays") });
    revalidatePath("/settings/retention");
  });
  return error ? { error } : { done: true };
}

function read(form: FormData, name: string): GivenRetention {
  const text = textOf(form, name).trim().toLowerCase();
  if (text === "") return null;
  return text === "forever" ? "forever" : Number(text);
}
