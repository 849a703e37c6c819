import { and, asc, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { leads, type submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { withSubmission } from "@/lib/pipeline/locked-submission";
import { scheduleQueued } from "@/lib/pipeline/resume";
import { isTaskKindId, toSixtyfourRequest } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";

/** In one statement; what a task carries may be long. */
const TASKS_PER_STEP = 500;

type Task = typeof tasks.$inferSelect;

/** A task to be made: of one lead of a failed task, or of all of them. */
interface Successor {
  id: string;
  old: Task;
  leadId: string | null;
  request: Task["request"];
}

/**
 * Submits the leads of a submission's failed tasks again, at a person's word: each failed task gets one successor, which
 * takes over its leads, and stays as it was otherwise. Where Sixtyfour refused many leads together, each goes by itself, so
 * that only the ones that are wrong are refused again. Of two presses at once the second finds nothing left to retry.
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
    const retried = await retryTasks(tx, submission, undefined);
    if (!submission.pausedAt) await scheduleQueued(tx, submissionId, context.requestsPerMinute);
    return { retried };
  });
}

/**
 * The same for some of a submission's failed tasks, the ones that `which` names. The caller holds the submission's lock,
 * and gives the new tasks their moments.
 *
 * @returns how many tasks are submitted again
 */
export async function retryTasks(
  tx: Transaction,
  submission: Pick<typeof submissions.$inferSelect, "id" | "options">,
  which: SQL | undefined,
): Promise<number> {
  let retried = 0;
  for (;;) {
    const failed = await tx
      .select()
      .from(tasks)
      .where(
        and(
          eq(tasks.submissionId, submission.id),
          eq(tasks.status, "failed"),
          isNull(tasks.retriedAsId),
          isNull(tasks.erasedAt),
          which,
        ),
      )
      .orderBy(asc(tasks.id))
      .limit(TASKS_PER_STEP)
      .for("update");
    if (failed.length === 0) return retried;
    const successors = await planSuccessors(tx, submission.options as TaskOptions, failed);
    for (let from = 0; from < successors.length; from += TASKS_PER_STEP) {
      await makeTasks(tx, successors.slice(from, from + TASKS_PER_STEP));
    }
    await leaveBehind(tx, successors);
    retried += failed.length;
  }
}

async function planSuccessors(tx: Transaction, options: TaskOptions, failed: Task[]): Promise<Successor[]> {
  const toSplit = failed.filter(isRefusedTogether).map(({ id }) => id);
  const members = await tx
    .select({ id: leads.id, taskId: leads.taskId, fields: leads.fields })
    .from(leads)
    .where(inArray(leads.taskId, toSplit))
    .orderBy(asc(leads.taskId), asc(leads.position));
  return failed.flatMap((old): Successor[] => {
    const { kind } = old;
    if (!toSplit.includes(old.id) || !isTaskKindId(kind)) {
      return [{ id: newId(), old, leadId: null, request: old.request }];
    }
    const ofTask = members.filter(({ taskId }) => taskId === old.id);
    return ofTask.map(({ id: leadId, fields }) => {
      return { id: newId(), old, leadId, request: toSixtyfourRequest(kind, "single", [fields], options) };
    });
  });
}

/** One of its leads is probably at fault, and nobody can tell which. */
function isRefusedTogether({ shape, errorCode, leadCount }: Task): boolean {
  return shape === "bulk" && errorCode === "invalid_request" && leadCount > 1;
}

async function makeTasks(tx: Transaction, successors: Successor[]): Promise<void> {
  await tx.insert(tasks).values(
    successors.map(({ id, old, leadId, request }) => ({
      id,
      submissionId: old.submissionId,
      kind: old.kind,
      ...(leadId ? { shape: "single" as const, leadCount: 1 } : { shape: old.shape, leadCount: old.leadCount }),
      status: "queued" as const,
      request,
    })),
  );
  await tx
    .insert(taskEvents)
    .values(successors.map(({ old, id }) => ({ taskId: id, type: "created" as const, detail: { retryOf: old.id } })));
  const moves = successors.map(({ id, old, leadId }) => ({ new_id: id, old_id: old.id, lead_id: leadId }));
  const move = sql`jsonb_to_recordset(${JSON.stringify(moves)}::jsonb) as move (new_id uuid, old_id uuid, lead_id uuid)`;
  await tx.execute(sql`
    update ${leads} set task_id = move.new_id from ${move}
    where move.lead_id is null and ${leads.taskId} = move.old_id`);
  await tx.execute(sql`
    update ${leads} set task_id = move.new_id, position = 0 from ${move} where ${leads.id} = move.lead_id`);
}

/** The failed tasks name their successors. One that was split keeps nothing of its leads: they are erased one by one. */
async function leaveBehind(tx: Transaction, successors: Successor[]): Promise<void> {
  const firstOf = new Map([...successors].reverse().map((successor) => [successor.old.id, successor]));
  const pairs = [...firstOf.values()].map(({ old, id, leadId }) => {
    const { leads: _, ...withoutLeads } = old.request;
    return { old_id: old.id, new_id: id, request: leadId ? withoutLeads : old.request };
  });
  await tx.execute(sql`
    update ${tasks} set retried_as_id = pair.new_id, request = pair.request
    from json_to_recordset(${JSON.stringify(pairs)}::json) as pair (old_id uuid, new_id uuid, request json)
    where ${tasks.id} = pair.old_id`);
}
