"use server";

import { z } from "zod";
import { requireActor } from "@/app/access";
import { complaint } from "@/app/complaint";
import { appContext } from "@/lib/context";
import { deleteOutputTemplate } from "@/lib/output-templates/delete";
import { saveOutputTemplate } from "@/lib/output-templates/save";

const template = z.object({
  name: z.string().max(1_000),
  fields: z.array(z.object({ name: z.string(), description: z.string(), type: z.string() })).max(200),
});

/** Saves the fields of a form as a template. @returns what is wrong, in a sentence; null where it was saved */
export async function saveTemplate(given: z.input<typeof template>): Promise<string | null> {
  return complaint(async () => {
    await requireActor();
    await saveOutputTemplate(appContext(), template.parse(given));
  });
}

/** @returns what is wrong, in a sentence; null where it was deleted */
export async function deleteTemplate(id: string): Promise<string | null> {
  return complaint(async () => {
    await requireActor();
    await deleteOutputTemplate(appContext(), { id: z.uuid().parse(id) });
  });
}
