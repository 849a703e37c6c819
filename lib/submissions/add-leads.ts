import { leads } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { storableText } from "@/lib/storable-json";
import { fingerprint } from "@/lib/submissions/fingerprint";
import { withSubmission } from "@/lib/submissions/locked-submission";
import type { NewLead } from "@/lib/submissions/submission-view";

/** In one call; a list is longer than what one request should carry. */
export const MAX_LEADS_PER_CALL = 2_000;

/**
 * Adds leads to a draft. `fromRow` is the place of the first one in the list; the same rows again change nothing, so a
 * call whose answer was lost can be repeated.
 *
 * @throws AppError `not_found`; `conflict` where the submission is no draft any more; `invalid_input`
 */
export async function addLeads(
  context: Context,
  { submissionId, fromRow, leads: given }: { submissionId: string; fromRow: number; leads: NewLead[] },
): Promise<void> {
  if (given.length > MAX_LEADS_PER_CALL) {
    throw new AppError("invalid_input", `Add at most ${MAX_LEADS_PER_CALL} leads at once.`);
  }
  await withSubmission(context, submissionId, async (tx, submission) => {
    if (submission.confirmedAt) throw new AppError("conflict", "This submission has been confirmed already.");
    if (given.length === 0) return;
    const rows = given.map(({ fields, cells }, index) => ({
      submissionId,
      row: fromRow + index,
      fields: Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, storableText(value)])),
      cells: cells?.map(storableText) ?? null,
      fingerprint: fingerprint(submission.kind, submission.options, fields),
    }));
    await tx.insert(leads).values(rows).onConflictDoNothing();
  });
}
