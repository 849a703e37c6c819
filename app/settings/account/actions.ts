"use server";

import { requireUser } from "@/app/access";
import type { ActionState } from "@/app/action-state";
import { complaint, complaintOf } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { changePassword } from "@/lib/access/change-password";
import { endOtherSessions } from "@/lib/access/end-other-sessions";
import { appContext } from "@/lib/context";

export type PasswordState = { done: true } | { error: string } | null;

/** Changes one's own password. */
export async function setPassword(_previous: PasswordState, form: FormData): Promise<PasswordState> {
  const error = await complaint(async () => {
    const actor = await requireUser();
    await changePassword(appContext(), actor, { current: textOf(form, "current"), next: textOf(form, "next") });
  });
  return error ? { error } : { done: true };
}

/** Signs oneself out everywhere but here; tells how many that were. */
export async function endOthers(): Promise<ActionState> {
  try {
    const { ended } = await endOtherSessions(appContext(), await requireUser());
    if (ended === 0) return { done: "You were signed in nowhere else." };
    return { done: `Signed out in ${ended} other ${ended === 1 ? "place" : "places"}.` };
  } catch (error) {
    return { error: complaintOf(error) };
  }
}
