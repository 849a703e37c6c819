import { and, asc, eq, inArray, isNotNull, isNull, lte, type SQL, sql } from "drizzle-orm";
import { submissions, tasks } from "@/db/schema";
import { type Actor, isAdmin } from "@/lib/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { withSubmission } from "@/lib/pipeline/locked-submission";
import { scheduleQueued } from "@/lib/pipeline/resume";
import { retryTasks } from "@/lib/pipeline/retry";
import { eraseTasks } from "@/lib/tasks/erase";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { whereTasks } from "@/lib/tasks/where-tasks";

/** Tasks that a person has chosen: by hand, or all that a filter leaves and that were there by then. */
export type Selection = { ids: string[] } | { filter: TaskFilter; upToId: string };

/** In one call, so that it ends in a while; the caller goes on until nothing is left. */
const TASKS_PER_CALL = 100;

export interface SelectedOutcome {
  /** How many it was done to in this call. */
  done: number;
  /** Whether some are left for another call. */
  more: boolean;
  /** Of erased leads: how many lists, tasks and views still name them, as far as these were searched. */
  stillNamed?: number;
}

/**
 * Has the app ask Sixtyfour about the running ones of the selection as soon as the rate limit allows.
 *
 * @returns how many are asked about
 */
export async function pollSelected({ db }: Context, selection: Selection): Promise<SelectedOutcome> {
  const due = await db
    .update(tasks)
    .set({ nextPollAt: sql`now()` })
    .where(and(whereSelected(selection), eq(tasks.status, "running"), isNotNull(tasks.sixtyfourTaskId)))
    .returning({ id: tasks.id });
  return { done: due.length, more: false };
}

/**
 * Submits the leads of the failed ones of the selection again, and sends those that wait for a person's word. What is
 * unconfirmed is not touched: whether it may be charged twice is asked for each by itself. A submission that was
 * cancelled stays so, and one that is paused sends nothing until it is resumed.
 */
export async function resubmitSelected(context: Context, selection: Selection): Promise<SelectedOutcome> {
  const found = await context.db
    .select({ id: tasks.id, submissionId: tasks.submissionId, status: tasks.status })
    .from(tasks)
    .innerJoin(submissions, eq(submissions.id, tasks.submissionId))
    .where(and(whereSelected(selection), isResubmittable, isNull(submissions.cancelledAt)))
    .orderBy(asc(tasks.id))
    .limit(TASKS_PER_CALL);
  let done = 0;
  for (const submissionId of new Set(found.map((task) => task.submissionId))) {
    const ids = found.filter((task) => task.submissionId === submissionId).map(({ id }) => id);
    done += await withSubmission(context, submissionId, async (tx, submission) => {
      if (submission.cancelledAt) return 0;
      const retried = await retryTasks(tx, submission, inArray(tasks.id, ids));
      const waiting = await tx.$count(tasks, and(inArray(tasks.id, ids), waitsForAPerson));
      if (!submission.pausedAt) await scheduleQueued(tx, submissionId, context.requestsPerMinute);
      return retried + waiting;
    });
  }
  return { done, more: found.length === TASKS_PER_CALL };
}

/**
 * Members erase one lead at a time: nothing brings leads back, so more than one is for admins.
 *
 * @throws AppError `forbidden`
 */
export async function requireMayErase({ db }: Context, actor: Actor, selection: Selection): Promise<void> {
  if (isAdmin(actor)) return;
  const forbidden = () => new AppError("forbidden", "Members erase one lead at a time. Ask an admin to erase more.");
  // What a filter leaves may grow until it is erased.
  if (!("ids" in selection) || new Set(selection.ids).size !== 1) throw forbidden();
  const [task] = await db.select({ leadCount: tasks.leadCount }).from(tasks).where(inArray(tasks.id, selection.ids));
  if (task && task.leadCount > 1) throw forbidden();
}

/** Erases the selection's leads for good, the next ones of them. */
export async function eraseSelected(context: Context, selection: Selection): Promise<SelectedOutcome> {
  const found = await context.db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(whereSelected(selection), isNull(tasks.erasedAt)))
    .orderBy(asc(tasks.id))
    .limit(TASKS_PER_CALL);
  const reports = await eraseTasks(
    context,
    found.map(({ id }) => id),
  );
  const stillNamed = new Set(reports.flatMap((report) => report.stillNamed.map(({ id }) => id))).size;
  return { done: found.length, more: found.length === TASKS_PER_CALL, ...(stillNamed > 0 ? { stillNamed } : {}) };
}

const waitsForAPerson = and(eq(tasks.status, "queued"), isNull(tasks.nextSendAt));

const isResubmittable = sql`(${and(eq(tasks.status, "failed"), isNull(tasks.retriedAsId), isNull(tasks.erasedAt))}
  or (${waitsForAPerson} and ${isNull(submissions.pausedAt)}))`;

/** The condition of a selection, for a query of {@link tasks}. */
export function whereSelected(selection: Selection): SQL | undefined {
  if ("ids" in selection) return inArray(tasks.id, selection.ids);
  return and(whereTasks(selection.filter), lte(tasks.id, selection.upToId));
}
