"use server";

import { z } from "zod";
import { action } from "@/app/action";
import { deleteOutputTemplate } from "@/lib/output-templates/delete";
import { saveOutputTemplate } from "@/lib/output-templates/save";

/** Saves the fields of a form as a template. */
export const saveTemplate = action({
  may: "member",
  input: z.object({
    name: z.string().max(1_000),
    fields: z.array(z.object({ name: z.string(), description: z.string(), type: z.string() })).max(200),
  }),
  run: async ({ context, input }) => {
    await saveOutputTemplate(context, input);
  },
});

export const deleteTemplate = action({
  may: "member",
  input: z.uuid(),
  run: ({ context, input: id }) => deleteOutputTemplate(context, { id }),
});
