"use server";

import { requireUser } from "@/app/access";
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
export async function endOthers(): Promise<{ error: string } | null> {
  try {
    const { ended } = await endOtherSessions(appContext(), await requireUser());
    return { error: ended === 0 ? "You were signed in nowhere else." : `Signed out in ${ended} other places.` };
  } catch (error) {
    return { error: complaintOf(error) };
  }
}
