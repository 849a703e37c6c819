import { lt, sql } from "drizzle-orm";
import { marks } from "@/db/schema";
import type { Context } from "@/lib/context";

export type JobName = (typeof marks.$inferSelect)["name"];

/** Readers need the time of a frequent run only to some seconds, and this spares a write for each. */
const FREQUENT_RECORDED_EVERY_SECONDS = 10;

/** Records that a job ran just now, in this instance or another, in place of its run before. */
export async function recordJobRun(
  { db }: Pick<Context, "db">,
  name: JobName,
  detail: Record<string, unknown> = {},
): Promise<void> {
  // The database's clock, which is the same for all instances.
  const run = { at: sql`now()`, detail };
  await db
    .insert(marks)
    .values({ name, ...run })
    .onConflictDoUpdate({ target: marks.name, set: run });
}

/** Records a run of a job that runs every few seconds. */
export async function recordFrequentJobRun(context: Context, name: JobName): Promise<void> {
  await claimJobRun(context, { name, everySeconds: FREQUENT_RECORDED_EVERY_SECONDS });
}

/**
 * Claims a run of a job that one of all instances makes every `everySeconds`.
 *
 * @returns true if the run is this caller's; of several that ask at the same moment, one gets it
 */
export async function claimJobRun(
  { db }: Context,
  { name, everySeconds }: { name: JobName; everySeconds: number },
): Promise<boolean> {
  const claimed = await db
    .insert(marks)
    .values({ name })
    .onConflictDoUpdate({
      target: marks.name,
      set: { at: sql`now()` },
      setWhere: lt(marks.at, sql`now() - make_interval(secs => ${everySeconds})`),
    })
    .returning({ name: marks.name });
  return claimed.length > 0;
}
