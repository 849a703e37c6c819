import { eq } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/db/client";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";

/**
 * Runs `work` on a submission that nobody else changes meanwhile. Whoever takes this lock and tasks of the submission takes
 * this one first, so that no two wait for each other.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function withSubmission<T>(
  { db }: Pick<Context, "db">,
  submissionId: string,
  work: (tx: Transaction, submission: typeof submissions.$inferSelect) => Promise<T>,
): Promise<T> {
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(submissionId).success) throw notFound();
  return db.transaction(async (tx) => {
    const [submission] = await tx.select().from(submissions).where(eq(submissions.id, submissionId)).for("update");
    if (!submission) throw notFound();
    return work(tx, submission);
  });
}
