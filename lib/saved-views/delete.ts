import { eq } from "drizzle-orm";
import { savedViews } from "@/db/schema";
import type { Context } from "@/lib/context";

/** Deletes a saved view. One that is gone already is no error. */
export async function deleteSavedView({ db }: Context, { id }: { id: string }): Promise<void> {
  await db.delete(savedViews).where(eq(savedViews.id, id));
}
