"use server";

import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaint } from "@/app/complaint";
import { appContext } from "@/lib/context";
import { deleteSavedView } from "@/lib/saved-views/delete";
import { saveView } from "@/lib/saved-views/save";

const view = z.object({ name: z.string().max(1_000), query: z.string().max(5_000) });

/** Saves a filter of the list. @returns what is wrong, in a sentence; null where it was saved */
export async function saveFilter(given: z.input<typeof view>): Promise<string | null> {
  return complaint(async () => {
    await requireActor();
    await saveView(appContext(), view.parse(given));
  });
}

/** @returns what is wrong, in a sentence; null where it was deleted */
export async function deleteView(id: string): Promise<string | null> {
  return complaint(async () => {
    await requireActor();
    await deleteSavedView(appContext(), { id: z.uuid().parse(id) });
  });
}
