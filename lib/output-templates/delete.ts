import { eq } from "drizzle-orm";
import { outputTemplates } from "@/db/schema";
import type { Context } from "@/lib/context";

/** Deletes a template; what was submitted with it stays as it is. One that is gone already is no error. */
export async function deleteOutputTemplate({ db }: Context, { id }: { id: string }): Promise<void> {
  await db.delete(outputTemplates).where(eq(outputTemplates.id, id));
}
