import { sql } from "drizzle-orm";
import { marks } from "@/db/schema";
import type { Context } from "@/lib/context";

export type MarkName = (typeof marks.$inferSelect)["name"];

/** Notes that something has happened just now, in place of when it did before. */
export async function setMark(
  { db }: Pick<Context, "db">,
  name: MarkName,
  detail: Record<string, unknown> = {},
): Promise<void> {
  // The database's clock, which is the same for all instances.
  const now = { at: sql`now()`, detail };
  await db
    .insert(marks)
    .values({ name, ...now })
    .onConflictDoUpdate({ target: marks.name, set: now });
}
