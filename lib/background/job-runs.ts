import { lt, sql } from "drizzle-orm";
import { marks } from "@/db/schema";
import type { Context } from "@/lib/context";

type JobName = Exclude<(typeof marks.$inferSelect)["name"], "cron" | "preflight" | "credit_value">;

/** Readers need the time of a run only to some seconds, and this spares a write for each. */
const RECORDED_EVERY_SECONDS = 10;

/** Records that a job ran just now, in this instance or another. */
export async function recordJobRun(context: Context, name: JobName): Promise<void> {
  await claimJobRun(context, { name, everySeconds: RECORDED_EVERY_SECONDS });
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
