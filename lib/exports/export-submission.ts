import { eq } from "drizzle-orm";
import { z } from "zod";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { type Download, LEADS_PER_PAGE, parseFormat, toDownload } from "@/lib/exports/download";
import { plainFileName } from "@/lib/exports/plain-file-name";
import { type LeadRow, readRowsOfSubmission } from "@/lib/tasks/read-rows";

/**
 * All leads of a submission with their results, in the order of the list: as CSV with the list's own columns first, or as
 * JSON Lines. Nothing of an erased lead is in it.
 *
 * @throws AppError `not_found`, also for what is no id at all; `invalid_input` for another format
 */
export async function exportSubmission(
  context: Context,
  { submissionId, format }: { submissionId: string; format: string },
): Promise<Download> {
  const as = parseFormat(format);
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(submissionId).success) throw notFound();
  const [submission] = await context.db
    .select({ name: submissions.name, columns: submissions.columns, createdAt: submissions.createdAt })
    .from(submissions)
    .where(eq(submissions.id, submissionId));
  if (!submission) throw notFound();
  const { columns, createdAt } = submission;
  const listName = plainFileName(submission.name);
  const name = listName ? `${listName}-results` : `submission-${createdAt.toISOString().slice(0, 10)}`;
  return toDownload({ name, format: as, columns }, () => readPages(context, submissionId));
}

async function* readPages(context: Context, submissionId: string): AsyncGenerator<LeadRow[]> {
  let afterRow = -1;
  for (;;) {
    const page = await readRowsOfSubmission(context, { submissionId, afterRow, limit: LEADS_PER_PAGE });
    if (page.length > 0) yield page;
    if (page.length < LEADS_PER_PAGE) return;
    afterRow = page.at(-1)?.row ?? afterRow;
  }
}
