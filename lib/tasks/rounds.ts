import { lt, sql } from "drizzle-orm";
import { marks } from "@/db/schema";
import type { Context } from "@/lib/context";

type RoundName = Exclude<(typeof marks.$inferSelect)["name"], "cron" | "preflight" | "credit_value">;

/** To some seconds is enough for whoever looks, and spares a write for each round. */
const NOTED_EVERY_SECONDS = 10;

/** Says that a round was made just now, by this instance or another. */
export async function noteRound(context: Context, name: RoundName): Promise<void> {
  await claimRound(context, { name, everySeconds: NOTED_EVERY_SECONDS });
}

/**
 * Takes a round that one instance is to make each so many seconds.
 *
 * @returns whether it is this one's to make; of any number that ask at the same moment one is told so
 */
export async function claimRound(
  { db }: Context,
  { name, everySeconds }: { name: RoundName; everySeconds: number },
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
