"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, inputs } from "@/app/action";
import { setRetention } from "@/lib/settings/retention";

/** A number of days, or forever; an empty field leaves it to the variable. */
const retention = z
  .string()
  .trim()
  .toLowerCase()
  .transform((text) => (text === "" ? null : text === "forever" ? text : Number(text)));

/** Sets for how many days deliveries and rejected requests are kept. */
export const keepFor = action({
  may: "admin",
  input: inputs({ days: retention, rejectedDays: retention }),
  run: async ({ context, actor, input: { days, rejectedDays } }) => {
    await setRetention(context, actor, { deliveries: days, rejected: rejectedDays });
    return { done: true };
  },
  after: () => revalidatePath("/settings/retention"),
});
