import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { leads, submissions } from "@/db/schema";
import type { Context } from "@/lib/context";

/** Nobody comes back to a list after so long; and who it was about is nothing to keep for nothing. */
const KEPT_FOR_DAYS = 7;

/** Deletes a draft that was never confirmed, with its leads; one at a time, since a list may be long. */
export async function deleteStaleDrafts({ db }: Pick<Context, "db">): Promise<void> {
  await db.transaction(async (tx) => {
    const [stale] = await tx
      .select({ id: submissions.id })
      .from(submissions)
      .where(
        and(
          isNull(submissions.confirmedAt),
          lt(submissions.createdAt, sql`now() - make_interval(days => ${KEPT_FOR_DAYS})`),
        ),
      )
      .limit(1)
      .for("update", { skipLocked: true });
    if (!stale) return;
    await tx.delete(leads).where(eq(leads.submissionId, stale.id));
    await tx.delete(submissions).where(eq(submissions.id, stale.id));
  });
}
