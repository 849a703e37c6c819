import { and, count, eq, sql } from "drizzle-orm";
import { leads, submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { withSubmission } from "@/lib/pipeline/locked-submission";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { canGoAsFile } from "@/lib/submissions/as-file";
import { knownLeadId } from "@/lib/submissions/known-leads";
import { shapeFor } from "@/lib/submissions/requests-needed";

/**
 * Lets a draft be sent: the one step that spends money. Confirming again changes nothing. With `reuse`, leads whose answer
 * is known already are not sent and take that answer; with `asFile`, the others go out as one file.
 *
 * @throws AppError `not_found`; `conflict` where it has no leads, was abandoned, or can't go as a file
 */
export async function confirmDraft(
  context: Context,
  { submissionId, reuse, asFile = false }: { submissionId: string; reuse: boolean; asFile?: boolean },
): Promise<void> {
  const confirmed = await withSubmission(context, submissionId, async (tx, submission) => {
    if (submission.confirmedAt) return null;
    if (submission.cancelledAt) throw new AppError("conflict", "This list was given up. Review the cost again.");
    const ofSubmission = eq(leads.submissionId, submissionId);
    if (reuse) {
      await tx
        .update(leads)
        .set({ reusedLeadId: knownLeadId })
        .where(and(ofSubmission, sql`${knownLeadId} is not null`));
    }
    const [counted] = await tx
      .select({ all: count(), reused: count(leads.reusedLeadId) })
      .from(leads)
      .where(ofSubmission);
    const { all, reused } = counted ?? { all: 0, reused: 0 };
    if (all === 0) throw new AppError("conflict", "There are no leads to submit.");
    if (asFile && !(await canGoAsFile(tx, submission))) {
      throw new AppError("conflict", "These leads can’t go out as one file. Submit them in requests instead.");
    }
    const shape = asFile ? "file" : shapeFor(submission.kind, all - reused);
    await tx
      .update(submissions)
      .set({ confirmedAt: sql`now()`, leadCount: all, shape })
      .where(eq(submissions.id, submissionId));
    return { kind: submission.kind, shape, leads: all, reused };
  });
  if (confirmed) log.info("list_confirmed", { submissionId, ...confirmed });
  // The first ones are on their way at once, and the person sees tasks; the rest is made beside the sending, and so are these
  // where this fails: an error now would be taken for "not submitted".
  await prepareNextLeads(context).catch((error: unknown) => {
    log.error("prepare_failed", error, { submissionId });
  });
}
