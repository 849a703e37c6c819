import { eq } from "drizzle-orm";
import { z } from "zod";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import type { SubmissionRowPage, SubmissionRowView } from "@/lib/tasks/lead-row-view";
import { type LeadRow, readRowsOfSubmission } from "@/lib/tasks/read-rows";
import { TASK_STATUSES } from "@/lib/tasks/task-status";

const ROW_STATUSES = [...TASK_STATUSES, "preparing", "reused"] as const satisfies SubmissionRowView["status"][];

const listInput = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, "The cursor must be a nextCursor of an earlier page.")
    .optional(),
  limit: z.coerce.number("The limit must be a number.").int().min(1).max(200).default(50),
  status: z.enum(ROW_STATUSES, `The status must be one of ${ROW_STATUSES.join(", ")}.`).optional(),
});

/**
 * A page of a submission's leads with what came of each, in the order of the list. The cursor is the last row of the page
 * before, so pages neither skip nor repeat a lead; narrowed by `status`, they show where each stands when its page is read.
 *
 * @throws AppError `not_found`, also for what is no id at all; `invalid_input`
 */
export async function listRows(
  context: Context,
  {
    submissionId,
    ...input
  }: {
    submissionId: string;
    cursor?: string | undefined;
    limit?: string | number | undefined;
    status?: string | undefined;
  },
): Promise<SubmissionRowPage> {
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(submissionId).success) throw notFound();
  const parsed = listInput.safeParse(input);
  if (!parsed.success) throw new AppError("invalid_input", parsed.error.issues.map((issue) => issue.message).join(" "));
  const { cursor, limit, status } = parsed.data;
  const afterRow = cursor === undefined ? -1 : Number(cursor);
  const [known, rows] = await Promise.all([
    context.db.select({ id: submissions.id }).from(submissions).where(eq(submissions.id, submissionId)),
    readRowsOfSubmission(context, { submissionId, afterRow, limit: limit + 1, status }),
  ]);
  if (known.length === 0) throw notFound();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page.map(toRowView), nextCursor: rows.length > limit && last ? String(last.row) : null };
}

function toRowView({
  id,
  row,
  fields,
  taskId,
  status,
  result,
  isFound,
  otherName,
  mismatch,
  error,
  deliveredAt,
}: LeadRow): SubmissionRowView {
  const at = deliveredAt?.toISOString() ?? null;
  return { id, row, lead: fields, taskId, status, result, isFound, otherName, mismatch, error, deliveredAt: at };
}
