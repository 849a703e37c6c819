import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { withSubmission } from "@/lib/pipeline/locked-submission";

/**
 * Gives up what a submission has not sent: it never will be. What has been sent goes on, and its results are taken.
 * Cancelling again changes nothing.
 *
 * @throws AppError `not_found`
 */
export async function cancelSubmission(context: Context, { submissionId }: { submissionId: string }): Promise<void> {
  await withSubmission(context, submissionId, async (tx) => {
    await tx
      .update(submissions)
      .set({ cancelledAt: sql`now()`, pausedAt: null, pauseReason: null, pauseMessage: null })
      .where(and(eq(submissions.id, submissionId), isNull(submissions.cancelledAt)));
    await tx
      .update(tasks)
      .set({ ...cancelledUnsent, nextSendAt: null, errorMessage: null })
      .where(and(eq(tasks.submissionId, submissionId), eq(tasks.status, "queued")));
    // A file that may have been accepted would else be sent again by itself.
    await tx
      .update(tasks)
      .set({ nextSendAt: null })
      .where(and(eq(tasks.submissionId, submissionId), isNotNull(tasks.nextSendAt)));
  });
}

/** What becomes of a task that turns out not to have been sent, of a submission that was cancelled meanwhile. */
export const cancelledUnsent = { status: "cancelled", endedAt: sql`now()`, errorCode: "not_sent" } as const;
