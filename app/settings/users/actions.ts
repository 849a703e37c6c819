"use server";

import { revalidatePath } from "next/cache";
import { requireActor } from "@/app/access";
import { complaintOf } from "@/app/complaint";
import { textOf } from "@/app/text-of";
import { revokeInvitation } from "@/lib/access/invitations";
import { INVITATION_LASTS_IN_DAYS, invite } from "@/lib/access/invite";
import { allowAgain } from "@/lib/access/removed-users";
import { changeRole, removeUser } from "@/lib/access/users";
import type { Actor } from "@/lib/actor";
import { appContext } from "@/lib/context";
import { AppError } from "@/lib/errors";

const PAGE = "/settings/users";

/** `path` is the link's, from the origin on; it is told this once. */
export type InviteState = { path: string; email: string; lastsDays: number } | { error: string; email: string } | null;

/** Makes a link by which somebody becomes a user, or gets a new password. */
export async function inviteUser(_previous: InviteState, form: FormData): Promise<InviteState> {
  let typed = "";
  try {
    const actor = await requireActor("admin");
    typed = textOf(form, "email");
    if (actor.type === "nobody") throw new AppError("conflict", "Nobody needs to sign in here, so nobody is invited.");
    const { token, email } = await invite(appContext(), actor, { email: typed, role: textOf(form, "role") });
    revalidatePath(PAGE);
    return { path: `/invitations/${token}`, email, lastsDays: INVITATION_LASTS_IN_DAYS };
  } catch (error) {
    return { error: complaintOf(error), email: typed };
  }
}

export type UserState = { error: string } | null;

/** Ends an invitation's link. */
export async function takeBackInvitation(_previous: UserState, form: FormData): Promise<UserState> {
  return change((actor) => revokeInvitation(appContext(), actor, textOf(form, "invitationId")));
}

/** Makes somebody an admin or a member. */
export async function setRole(_previous: UserState, form: FormData): Promise<UserState> {
  return change((actor) => {
    const role = textOf(form, "role") === "admin" ? "admin" : "member";
    return changeRole(appContext(), actor, { userId: textOf(form, "userId"), role });
  });
}

/** Removes somebody, once the admin has ticked that they mean it. */
export async function remove(_previous: UserState, form: FormData): Promise<UserState> {
  return change((actor) => {
    if (form.get("sure") !== "on") throw new AppError("invalid_input", "Tick the box first.");
    return removeUser(appContext(), actor, { userId: textOf(form, "userId") });
  });
}

/** Lets a removed user come in again. */
export async function allowUserAgain(_previous: UserState, form: FormData): Promise<UserState> {
  return change((actor) => allowAgain(appContext(), actor, { email: textOf(form, "email") }));
}

async function change(verb: (actor: Actor) => Promise<void>): Promise<UserState> {
  try {
    await verb(await requireActor("admin"));
  } catch (error) {
    return { error: complaintOf(error) };
  }
  revalidatePath(PAGE);
  return null;
}
