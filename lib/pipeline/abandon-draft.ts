import { eq, sql } from "drizzle-orm";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { withSubmission } from "@/lib/pipeline/locked-submission";

/**
 * Keeps a draft from ever being confirmed, also by a confirmation that is still on its way. A submission that was confirmed
 * stays as it is.
 *
 * @returns whether it was confirmed
 * @throws AppError `not_found`
 */
export async function abandonDraft(
  context: Context,
  { submissionId }: { submissionId: string },
): Promise<{ isConfirmed: boolean }> {
  return withSubmission(context, submissionId, async (tx, { confirmedAt }) => {
    if (confirmedAt) return { isConfirmed: true };
    await tx.update(submissions).set({ cancelledAt: sql`now()` }).where(eq(submissions.id, submissionId));
    return { isConfirmed: false };
  });
}
