import { leads } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { withSubmission } from "@/lib/pipeline/locked-submission";
import { isTaskKindId, type TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { storableText } from "@/lib/storable-json";
import { fingerprint } from "@/lib/submissions/fingerprint";
import type { NewLead } from "@/lib/submissions/submission-view";
import { parseLead } from "@/lib/tasks/task-input";

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
    const kind = submission.kind;
    if (!isTaskKindId(kind)) throw new AppError("conflict", "This kind of submission is not offered any more.");
    const rows = given.map(({ fields, cells }, index) => ({
      submissionId,
      row: fromRow + index,
      ...checked(kind, submission.options, fromRow + index, fields),
      cells: cells?.map(storableText) ?? null,
    }));
    await tx.insert(leads).values(rows).onConflictDoNothing();
  });
}

/** The page has checked them already; what comes from it is checked all the same. */
function checked(kind: TaskKindId, options: object, row: number, given: Record<string, string>) {
  const { lead, errors } = parseLead(kind, given);
  if (errors) throw new AppError("invalid_input", `Row ${row + 1}: ${Object.values(errors).join(" ")}`);
  return { fields: lead, fingerprint: fingerprint(kind, options, lead) };
}
