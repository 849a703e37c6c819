"use server";

import { z } from "zod";
import { action, inputs } from "@/app/action";
import { changePassword } from "@/lib/access/change-password";
import { endOtherSessions } from "@/lib/access/end-other-sessions";

/** Changes one's own password. */
export const setPassword = action({
  may: "user",
  input: inputs({ current: z.string(), next: z.string() }),
  run: async ({ context, actor, input }) => {
    await changePassword(context, actor, input);
    return { done: true };
  },
});

/** Ends one's own sessions everywhere else, and says how many there were. */
export const endOthers = action({
  may: "user",
  input: inputs({}),
  run: async ({ context, actor }) => {
    const { ended } = await endOtherSessions(context, actor);
    if (ended === 0) return { done: "You were signed in nowhere else." };
    return { done: `Signed out in ${ended} other ${ended === 1 ? "place" : "places"}.` };
  },
});
