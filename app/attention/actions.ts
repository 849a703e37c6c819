"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action, inputs } from "@/app/action";
import { markSeen } from "@/lib/attention/mark-seen";

/** Takes deliveries off the list of what needs a person. */
export const dismiss = action({
  may: "member",
  input: inputs({ outcome: z.enum(["unmatched", "conflict"]), upToId: z.uuid() }),
  invalid: "Load the page again, and try once more.",
  run: ({ context, input }) => markSeen(context, input),
  audit: ({ input: { outcome } }) => ({ action: "delivery.dismiss", detail: { outcome } }),
  after: () => revalidatePath("/"),
});
