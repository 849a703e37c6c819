"use server";

import { z } from "zod";
import { action, inputs } from "@/app/action";
import { attachDelivery, readTaskReference } from "@/lib/pipeline/attach";
import { replayDelivery } from "@/lib/pipeline/replay";

/** Gives a stored delivery to its task once more. */
export const replay = action({
  may: "member",
  input: inputs({ deliveryId: z.string() }),
  run: async ({ context, input }) => {
    const { outcome } = await replayDelivery(context, input);
    return { outcome };
  },
  audit: ({ input, value }) => ({
    action: "delivery.replay",
    subject: { type: "delivery", id: input.deliveryId },
    detail: { outcome: value.outcome },
  }),
});

/** Gives an unmatched delivery to the task that a person names by its id or its address. */
export const attach = action({
  may: "member",
  input: inputs({ deliveryId: z.string(), task: z.string() }),
  keeps: ["task"],
  run: async ({ context, input: { deliveryId, task } }) => {
    const taskId = readTaskReference(task);
    const { outcome } = await attachDelivery(context, { deliveryId, taskId });
    return { outcome, taskId };
  },
  audit: ({ input, value }) => ({
    action: "delivery.attach",
    subject: { type: "delivery", id: input.deliveryId },
    detail: value,
  }),
});
