import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { submissions } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { withSubmission } from "@/lib/pipeline/locked-submission";
import { isSendable } from "@/lib/tasks/sendable";

/**
 * Lets a paused submission go on with what is still queued. Resuming one that is not paused changes nothing.
 *
 * @throws AppError `not_found`; `conflict` where it was cancelled
 */
export async function resumeSubmission(context: Context, { submissionId }: { submissionId: string }): Promise<void> {
  await withSubmission(context, submissionId, async (tx, submission) => {
    if (submission.cancelledAt) throw new AppError("conflict", "This submission was cancelled.");
    if (!submission.pausedAt) return;
    await tx
      .update(submissions)
      .set({ pausedAt: null, pauseReason: null, pauseMessage: null })
      .where(eq(submissions.id, submissionId));
    await scheduleQueued(tx, submissionId, context.requestsPerMinute);
  });
}

/** Schedules each queued task, and each unconfirmed one that can be repeated safely, at the rate of sending. */
export async function scheduleQueued(tx: Transaction, submissionId: string, requestsPerMinute: number): Promise<void> {
  await tx.execute(sql`
    update tasks set next_send_at = now() + make_interval(secs => queue.place * ${60 / requestsPerMinute}::float8)
    from (
      select id, row_number() over (order by id) - 1 as place from tasks
      where submission_id = ${submissionId} and next_send_at is null and ${isSendable}
    ) as queue
    where tasks.id = queue.id and tasks.status in ('queued', 'unconfirmed')`);
}
