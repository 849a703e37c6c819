import { asc } from "drizzle-orm";
import { savedViews } from "@/db/schema";
import type { Context } from "@/lib/context";

export interface SavedView {
  id: string;
  name: string;
  /** The query of the dashboard's address. */
  query: string;
}

/** All saved views of the task list, by name. */
export async function listSavedViews({ db }: Context): Promise<SavedView[]> {
  return db
    .select({ id: savedViews.id, name: savedViews.name, query: savedViews.query })
    .from(savedViews)
    .orderBy(asc(savedViews.name));
}
