"use server";

import { z } from "zod";
import { action } from "@/app/action";
import { deleteSavedView } from "@/lib/saved-views/delete";
import { saveView } from "@/lib/saved-views/save";

/** Saves a filter of the list. */
export const saveFilter = action({
  may: "member",
  input: z.object({ name: z.string().max(1_000), query: z.string().max(5_000) }),
  run: async ({ context, input }) => {
    await saveView(context, input);
  },
});

export const deleteView = action({
  may: "member",
  input: z.uuid(),
  run: ({ context, input: id }) => deleteSavedView(context, { id }),
});
