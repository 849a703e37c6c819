"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, inputs, ticked } from "@/app/action";
import { revokeInvitation } from "@/lib/access/invitations";
import { INVITATION_LASTS_IN_DAYS, invite } from "@/lib/access/invite";
import { allowAgain } from "@/lib/access/removed-users";
import { changeRole, removeUser } from "@/lib/access/users";
import { AppError } from "@/lib/errors";

const after = () => revalidatePath("/settings/users");

/** Makes a link by which somebody becomes a user, or gets a new password. The link is returned this once. */
export const inviteUser = action({
  may: "admin",
  input: inputs({ email: z.string(), role: z.string() }),
  keeps: ["email"],
  run: async ({ context, actor, input }) => {
    if (actor.type === "nobody") throw new AppError("conflict", "Nobody needs to sign in here, so nobody is invited.");
    const { token, email } = await invite(context, actor, input);
    return { path: `/invitations/${token}`, email, lastsDays: INVITATION_LASTS_IN_DAYS };
  },
  after,
});

/** Revokes an invitation. */
export const takeBackInvitation = action({
  may: "admin",
  input: inputs({ invitationId: z.string() }),
  run: ({ context, actor, input }) => revokeInvitation(context, actor, input.invitationId),
  after,
});

/** Makes somebody an admin or a member. */
export const setRole = action({
  may: "admin",
  input: inputs({ userId: z.string(), role: z.enum(["admin", "member"]).catch("member") }),
  run: ({ context, actor, input }) => changeRole(context, actor, input),
  after,
});

/** Removes somebody, once the admin has ticked the box. */
export const remove = action({
  may: "admin",
  input: inputs({ userId: z.string(), sure: ticked("Tick the box first.") }),
  run: ({ context, actor, input: { userId } }) => removeUser(context, actor, { userId }),
  after,
});

/** Lets a removed user come in again. */
export const allowUserAgain = action({
  may: "admin",
  input: inputs({ email: z.string() }),
  run: ({ context, actor, input }) => allowAgain(context, actor, input),
  after,
});
