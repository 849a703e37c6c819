import { and, desc, eq, gt, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { marks, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { recordJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";

const VALID_FOR_HOURS = 7 * 24;
/** After an attempt that taught nothing. */
const TRY_AGAIN_AFTER_HOURS = 1;
/** Sixtyfour may have forgotten the cost of an older job. */
const JOBS_OF_DAYS = 30;
/** One job alone says little: credits and cents are rounded. */
const JOBS_COMPARED = 5;

const detail = z.object({ centsPerCredit: z.number().positive().nullable(), isLearned: z.boolean().default(true) });

/**
 * Returns the value of one credit at Sixtyfour in US cents, or null where it is not known. No page publishes it, so it is
 * computed from recent jobs whose cost is known in both units, and kept for a week. Never throws: without a new value the
 * old one stays, and the next attempt comes an hour later.
 */
export async function creditValueCents(context: Context): Promise<number | null> {
  let known: number | null = null;
  try {
    const [mark] = await context.db
      .select({ detail: marks.detail, ageInHours: sql<number>`extract(epoch from now() - ${marks.at})::float8 / 3600` })
      .from(marks)
      .where(eq(marks.name, "credit_value"));
    const kept = detail.safeParse(mark?.detail).data;
    known = kept?.centsPerCredit ?? null;
    const isFresh = mark && kept && mark.ageInHours < (kept.isLearned ? VALID_FOR_HOURS : TRY_AGAIN_AFTER_HOURS);
    if (isFresh) return known;
    const jobs = await recentJobs(context);
    if (jobs.length === 0) return known;
    const learned = await learn(context, jobs);
    await recordJobRun(context, "credit_value", { centsPerCredit: learned ?? known, isLearned: learned !== null });
    return learned ?? known;
  } catch (error) {
    log.error("credit_value_not_learned", error);
    return known;
  }
}

interface PaidJob {
  sixtyfourTaskId: string | null;
  cents: number | null;
}

function recentJobs({ db }: Context): Promise<PaidJob[]> {
  return db
    .select({ sixtyfourTaskId: tasks.sixtyfourTaskId, cents: tasks.chargedCents })
    .from(tasks)
    .where(
      and(
        eq(tasks.status, "completed"),
        gt(tasks.chargedCents, 0),
        isNotNull(tasks.sixtyfourTaskId),
        sql`${tasks.endedAt} > now() - make_interval(days => ${JOBS_OF_DAYS})`,
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(JOBS_COMPARED);
}

/** Asks for the cost of these jobs in credits; null where none is known in both units. */
async function learn({ sixtyfour }: Context, jobs: PaidJob[]): Promise<number | null> {
  const costs = await Promise.all(
    jobs.map(async ({ sixtyfourTaskId, cents }) => {
      const credits = await sixtyfour.jobCostInCredits(sixtyfourTaskId ?? "");
      return { cents: cents ?? 0, credits: credits ?? 0 };
    }),
  );
  const compared = costs.filter(({ credits }) => credits > 0);
  const sum = (unit: "cents" | "credits") => compared.reduce((total, cost) => total + cost[unit], 0);
  return compared.length > 0 ? sum("cents") / sum("credits") : null;
}
