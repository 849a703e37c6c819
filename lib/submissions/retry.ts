import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { leads, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { withSubmission } from "@/lib/submissions/locked-submission";
import { scheduleQueued } from "@/lib/submissions/resume";

/** In one statement; what a task carries may be long. */
const TASKS_PER_STEP = 500;

/**
 * Submits the leads of a submission's failed tasks again, at a person's word: each failed task gets one successor, which
 * takes over its leads, and stays as it was otherwise. Of two presses at once the second finds nothing left to retry.
 *
 * @returns how many tasks are submitted again
 * @throws AppError `not_found`; `conflict` where the submission was cancelled
 */
export async function retryFailed(
  context: Context,
  { submissionId }: { submissionId: string },
): Promise<{ retried: number }> {
  return withSubmission(context, submissionId, async (tx, submission) => {
    if (submission.cancelledAt) throw new AppError("conflict", "This submission was cancelled.");
    let retried = 0;
    for (;;) {
      const failed = await tx
        .select()
        .from(tasks)
        .where(
          and(
            eq(tasks.submissionId, submissionId),
            eq(tasks.status, "failed"),
            isNull(tasks.retriedAsId),
            isNull(tasks.erasedAt),
          ),
        )
        .orderBy(asc(tasks.id))
        .limit(TASKS_PER_STEP)
        .for("update");
      if (failed.length === 0) break;
      const successors = failed.map((task) => ({ old: task, id: uuidv7() }));
      await tx.insert(tasks).values(
        successors.map(({ old, id }) => ({
          id,
          submissionId,
          kind: old.kind,
          shape: old.shape,
          leadCount: old.leadCount,
          status: "queued" as const,
          request: old.request,
        })),
      );
      await tx
        .insert(taskEvents)
        .values(
          successors.map(({ old, id }) => ({ taskId: id, type: "created" as const, detail: { retryOf: old.id } })),
        );
      const pairs = JSON.stringify(successors.map(({ old, id }) => ({ old_id: old.id, new_id: id })));
      const pair = sql`jsonb_to_recordset(${pairs}::jsonb) as pair (old_id uuid, new_id uuid)`;
      await tx.execute(
        sql`update ${tasks} set retried_as_id = pair.new_id from ${pair} where ${tasks.id} = pair.old_id`,
      );
      await tx.execute(sql`update ${leads} set task_id = pair.new_id from ${pair} where ${leads.taskId} = pair.old_id`);
      retried += failed.length;
    }
    if (!submission.pausedAt) await scheduleQueued(tx, submissionId, context.requestsPerMinute);
    return { retried };
  });
}
