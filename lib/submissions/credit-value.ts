import { and, desc, eq, gt, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { marks, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { setMark } from "@/lib/setup/set-mark";

const VALID_FOR_DAYS = 7;
/** Sixtyfour may have forgotten the cost of an older job. */
const TASKS_OF_DAYS = 30;

const detail = z.object({ centsPerCredit: z.number().positive() });

/**
 * Returns the value of one credit at Sixtyfour in US cents, or null where it is not known. No page publishes it, so it is
 * computed from a recent job whose cost is known in both units, and kept for a week. Never throws: without a new value the
 * old one stays.
 */
export async function creditValueCents(context: Context): Promise<number | null> {
  let known: number | null = null;
  try {
    const [mark] = await context.db
      .select({
        detail: marks.detail,
        isFresh: sql<boolean>`${marks.at} > now() - make_interval(days => ${VALID_FOR_DAYS})`,
      })
      .from(marks)
      .where(eq(marks.name, "credit_value"));
    known = detail.safeParse(mark?.detail).data?.centsPerCredit ?? null;
    if (mark?.isFresh && known !== null) return known;
    return (await learn(context)) ?? known;
  } catch (error) {
    log.error("credit_value_not_learned", error);
    return known;
  }
}

/** Asks for the cost of one recent job in credits. */
async function learn(context: Context): Promise<number | null> {
  const { db, sixtyfour } = context;
  const [task] = await db
    .select({ sixtyfourTaskId: tasks.sixtyfourTaskId, cents: tasks.chargedCents })
    .from(tasks)
    .where(
      and(
        eq(tasks.status, "completed"),
        gt(tasks.chargedCents, 0),
        isNotNull(tasks.sixtyfourTaskId),
        sql`${tasks.endedAt} > now() - make_interval(days => ${TASKS_OF_DAYS})`,
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(1);
  if (!task?.sixtyfourTaskId || !task.cents) return null;
  const credits = await sixtyfour.jobCostInCredits(task.sixtyfourTaskId);
  if (!credits || credits < 0) return null;
  const centsPerCredit = task.cents / credits;
  await setMark(context, "credit_value", { centsPerCredit });
  return centsPerCredit;
}
