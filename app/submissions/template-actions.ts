"use server";

import { z } from "zod";
import { appContext } from "@/lib/context";
import { errorForLog } from "@/lib/error-for-log";
import { AppError } from "@/lib/errors";
import { deleteOutputTemplate } from "@/lib/output-templates/delete";
import { saveOutputTemplate } from "@/lib/output-templates/save";

const template = z.object({
  name: z.string().max(1_000),
  fields: z.array(z.object({ name: z.string(), description: z.string(), type: z.string() })).max(200),
});

/** Saves the fields of a form as a template. @returns what is wrong, in a sentence; null where it was saved */
export async function saveTemplate(given: z.input<typeof template>): Promise<string | null> {
  return complaint(async () => {
    await saveOutputTemplate(appContext(), template.parse(given));
  });
}

/** @returns what is wrong, in a sentence; null where it was deleted */
export async function deleteTemplate(id: string): Promise<string | null> {
  return complaint(() => deleteOutputTemplate(appContext(), { id: z.uuid().parse(id) }));
}

async function complaint(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    console.error(errorForLog(error));
    return "Something went wrong on our side. Nothing was changed; try again.";
  }
}
