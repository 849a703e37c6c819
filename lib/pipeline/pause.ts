import { and, eq, isNotNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { withSubmission } from "@/lib/pipeline/locked-submission";

export type PauseReason = NonNullable<(typeof submissions.$inferSelect)["pauseReason"]>;

/**
 * Stops the sending of a submission at a person's word. What is on its way goes on; pausing again changes nothing.
 *
 * @throws AppError `not_found`; `conflict` where it is not being sent
 */
export async function pauseSubmission(context: Context, { submissionId }: { submissionId: string }): Promise<void> {
  await withSubmission(context, submissionId, async (tx, submission) => {
    if (submission.pausedAt) return;
    if (!submission.confirmedAt || submission.cancelledAt) {
      throw new AppError("conflict", "This submission is not being sent.");
    }
    await storePause(tx, submissionId, "person", null);
  });
}

/** Stores a pause; the caller holds the submission's lock. Tasks without a moment for sending are not sent. */
export async function storePause(
  tx: Transaction,
  submissionId: string,
  reason: PauseReason,
  message: string | null,
): Promise<void> {
  await tx
    .update(submissions)
    .set({ pausedAt: new Date(), pauseReason: reason, pauseMessage: message })
    .where(eq(submissions.id, submissionId));
  log.info("paused", { submissionId, reason });
  await tx
    .update(tasks)
    .set({ nextSendAt: null })
    .where(and(eq(tasks.submissionId, submissionId), isNotNull(tasks.nextSendAt)));
}
