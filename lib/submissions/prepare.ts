import { and, asc, eq, gt, inArray, isNotNull, isNull, max, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { newId } from "@/db/new-id";
import { leads, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { isTaskKindId, toSixtyfourRequest } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { leadsPerRequest } from "@/lib/submissions/requests-needed";

/** So many leads get their tasks in one transaction; a multiple of the largest bulk. */
const LEADS_PER_STEP = 1_000;

/**
 * Leads of a file that one statement gives their places. 100,000 at once could take longer than a statement or a silent
 * connection may, on a busy database.
 */
const PLACES_PER_STATEMENT = 2_000;

type Submission = typeof submissions.$inferSelect;
type Lead = Pick<typeof leads.$inferSelect, "id" | "fields">;

/**
 * Makes tasks of the next leads of a confirmed submission. A step is whole or not at all, and goes on where the last one
 * ended, whoever made it and however it ended, so each lead gets one task.
 *
 * @returns false where no submission has leads without a task
 */
export async function prepareNextLeads({ db, requestsPerMinute }: Context): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [submission] = await tx
      .select()
      .from(submissions)
      .where(and(isNotNull(submissions.confirmedAt), isNull(submissions.preparedAt), isNull(submissions.cancelledAt)))
      .orderBy(submissions.confirmedAt)
      .limit(1)
      .for("update", { skipLocked: true });
    if (!submission) return false;
    if (submission.shape === "file") {
      await makeFileTask(tx, submission);
      return true;
    }
    const next = await tx
      .select({ id: leads.id, fields: leads.fields })
      .from(leads)
      .where(
        and(
          eq(leads.submissionId, submission.id),
          gt(leads.row, await lastPreparedRow(tx, submission.id)),
          isNull(leads.taskId),
          isNull(leads.reusedLeadId),
        ),
      )
      .orderBy(asc(leads.row))
      .limit(LEADS_PER_STEP);
    if (next.length > 0) await makeTasks(tx, submission, next, 60 / requestsPerMinute);
    if (next.length < LEADS_PER_STEP) {
      await tx.update(submissions).set({ preparedAt: sql`now()` }).where(eq(submissions.id, submission.id));
    }
    return true;
  });
}

/** Rows get their tasks in order, so those after the last one that has a task are what is left. */
async function lastPreparedRow(tx: Transaction, submissionId: string): Promise<number> {
  const [last] = await tx
    .select({ row: leads.row })
    .from(leads)
    .where(and(eq(leads.submissionId, submissionId), isNotNull(leads.taskId)))
    .orderBy(sql`${leads.row} desc`)
    .limit(1);
  return last?.row ?? -1;
}

async function makeTasks(
  tx: Transaction,
  { id: submissionId, kind, shape, options, pausedAt }: Submission,
  given: Lead[],
  secondsPerRequest: number,
): Promise<void> {
  if (!isTaskKindId(kind)) throw new Error(`Submission ${submissionId} is of a kind that can't be sent: ${kind}`);
  const firstAt = await firstFreeMoment(tx, submissionId);
  const groups = chunk(given, leadsPerRequest(kind, shape)).map((group) => ({ taskId: newId(), group }));
  await tx.insert(tasks).values(
    groups.map(({ taskId, group }, index) => ({
      id: taskId,
      submissionId,
      kind,
      shape,
      leadCount: group.length,
      status: "queued" as const,
      request: toSixtyfourRequest(
        kind,
        shape,
        group.map(({ fields }) => fields),
        options as TaskOptions,
      ),
      // Each at its own moment, at the pace of sending: so submissions of the same time take turns.
      nextSendAt: pausedAt ? null : new Date(firstAt.getTime() + index * secondsPerRequest * 1000),
    })),
  );
  await tx.insert(taskEvents).values(groups.map(({ taskId }) => ({ taskId, type: "created" as const })));
  const places = groups.flatMap(({ taskId, group }) =>
    group.map(({ id }, position) => ({ id, task_id: taskId, position })),
  );
  await tx.execute(sql`
    update ${leads} set task_id = place.task_id, position = place.position
    from jsonb_to_recordset(${JSON.stringify(places)}::jsonb) as place (id uuid, task_id uuid, position int)
    where ${leads.id} = place.id`);
}

/** One task for all leads that don't take an earlier result, in one step: a part of them must never go out as the whole. */
async function makeFileTask(tx: Transaction, { id: submissionId, kind, options, pausedAt }: Submission): Promise<void> {
  if (!isTaskKindId(kind)) throw new Error(`Submission ${submissionId} is of a kind that can't be sent: ${kind}`);
  const fresh = and(eq(leads.submissionId, submissionId), isNull(leads.taskId), isNull(leads.reusedLeadId));
  const leadCount = await tx.$count(leads, fresh);
  if (leadCount > 0) {
    const taskId = newId();
    await tx.insert(tasks).values({
      id: taskId,
      submissionId,
      kind,
      shape: "file",
      leadCount,
      status: "queued",
      request: toSixtyfourRequest(kind, "file", [], options as TaskOptions),
      nextSendAt: pausedAt ? null : new Date(),
    });
    await tx.insert(taskEvents).values({ taskId, type: "created" });
    for (let position = 0; position < leadCount; position += PLACES_PER_STATEMENT) {
      // Those before have their task by now.
      await tx.execute(sql`
        update ${leads} set task_id = ${taskId}, position = place.position
        from (
          select id, ${position} + row_number() over (order by row) - 1 as position
          from ${leads} where ${fresh} order by row limit ${PLACES_PER_STATEMENT}
        ) as place
        where ${leads.id} = place.id`);
    }
  }
  await tx.update(submissions).set({ preparedAt: sql`now()` }).where(eq(submissions.id, submissionId));
}

/** Now, or after the last task of this submission that waits for its moment. */
async function firstFreeMoment(tx: Transaction, submissionId: string): Promise<Date> {
  const [last] = await tx
    .select({ at: max(tasks.nextSendAt) })
    .from(tasks)
    .where(and(eq(tasks.submissionId, submissionId), inArray(tasks.status, ["queued"])));
  return new Date(Math.max(Date.now(), last?.at?.getTime() ?? 0));
}

function chunk<T>(items: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
