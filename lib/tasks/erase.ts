import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, leads, sends, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { eraseTraces, identifyingValues } from "@/lib/tasks/erase-traces";
import { leadsOfRequest } from "@/lib/tasks/found-count";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/**
 * Deletes all that is stored about a task's leads: the leads, the requests, the results, the webhooks, and what names them
 * elsewhere. That includes the tasks that they had before or got later, when they were submitted again. The task stays as
 * a tombstone, so that late webhooks and polls find it, are answered, and bring nothing back. An open task ends as cancelled
 * here; at Sixtyfour, which knows no cancelling, it goes on.
 *
 * @throws AppError `not_found`
 */
export async function eraseTask({ db }: Context, taskId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const [known] = await tx.select({ id: tasks.id, erasedAt: tasks.erasedAt }).from(tasks).where(eq(tasks.id, taskId));
    if (!known) throw new AppError("not_found", "There is no such task.");
    if (known.erasedAt) return;
    const ids = await lockRelated(tx, taskId);
    const traces = await readTraces(tx, ids);
    for (const id of ids) await eraseOne(tx, id);
    await eraseTraces(tx, traces);
  });
}

/**
 * Locks the tasks that are erased together, and their submissions first, both by their ids: so does all that changes both, and
 * no two wait for each other. A task that came to them meanwhile may be of a submission that is not locked, so it is looked
 * again until none has come.
 */
async function lockRelated(tx: Transaction, taskId: string): Promise<string[]> {
  const locked = new Set<string>();
  for (;;) {
    const ids = await findRelated(tx, taskId);
    const ofTasks = tx.select({ id: tasks.submissionId }).from(tasks).where(inArray(tasks.id, ids));
    const found = await tx
      .select({ id: submissions.id })
      .from(submissions)
      .where(inArray(submissions.id, ofTasks))
      .orderBy(asc(submissions.id))
      .for("update");
    const isComplete = found.every(({ id }) => locked.has(id));
    for (const { id } of found) locked.add(id);
    if (!isComplete) continue;
    await tx.select({ id: tasks.id }).from(tasks).where(inArray(tasks.id, ids)).orderBy(asc(tasks.id)).for("update");
    return ids;
  }
}

/**
 * The task, those that its leads had before they were submitted again, and those that they got then. A task with more leads
 * than this one is left alone: the others of its leads are not to be erased.
 */
async function findRelated(tx: Transaction, taskId: string): Promise<string[]> {
  const found = new Set<string>();
  for (let next = [taskId]; next.length > 0; ) {
    for (const id of next) found.add(id);
    const ids = sql`any(${`{${next.join()}}`}::uuid[])`;
    const related = await tx.execute<{ id: string }>(sql`
      select related.id from tasks as related where related.id in (
        select retried_as_id from tasks where id = ${ids}
        union select id from tasks where retried_as_id = ${ids}
        union select earlier.task_id from leads join leads as earlier on earlier.id = leads.based_on_lead_id
          where leads.task_id = ${ids}
        union select later.task_id from leads join leads as later on later.based_on_lead_id = leads.id
          where leads.task_id = ${ids})
      and related.lead_count <= (select erased.lead_count from tasks as erased where erased.id = ${taskId})`);
    next = related.map(({ id }) => id).filter((id) => !found.has(id));
  }
  return [...found];
}

/** By what these tasks and their leads can be found elsewhere. */
async function readTraces(tx: Transaction, ids: string[]) {
  const ofLeads = await tx.select({ fields: leads.fields }).from(leads).where(inArray(leads.taskId, ids));
  const ofTasks = await tx
    .select({ kind: tasks.kind, request: tasks.request })
    .from(tasks)
    .where(inArray(tasks.id, ids));
  const jobs = await tx
    .select({ sixtyfourTaskId: sends.sixtyfourTaskId })
    .from(sends)
    .where(and(inArray(sends.taskId, ids), isNotNull(sends.sixtyfourTaskId)));
  return {
    values: identifyingValues([...ofLeads.map(({ fields }) => fields), ...ofTasks.flatMap(leadsOfRequest)]),
    sixtyfourTaskIds: jobs.flatMap(({ sixtyfourTaskId }) => sixtyfourTaskId ?? []),
  };
}

async function eraseOne(tx: Transaction, taskId: string): Promise<void> {
  const isOpen = sql`${tasks.status} in ${OPEN_STATUSES}`;
  const [erased] = await tx
    .update(tasks)
    .set({
      erasedAt: sql`now()`,
      status: sql`case when ${isOpen} then 'cancelled' else ${tasks.status} end`,
      endedAt: sql`coalesce(${tasks.endedAt}, now())`,
      request: {},
      result: null,
      errorCode: "erased",
      errorMessage: null,
      investigation: null,
      verdict: null,
      score: null,
      nextPollAt: null,
      nextSendAt: null,
      nextFetchAt: null,
    })
    .where(and(eq(tasks.id, taskId), isNull(tasks.erasedAt)))
    .returning({ id: tasks.id, submissionId: tasks.submissionId });
  if (!erased) return;
  const ofTask = tx.select({ id: leads.id }).from(leads).where(eq(leads.taskId, taskId));
  await tx
    .update(leads)
    .set({ fields: {}, cells: null, fingerprint: null, result: null, resultName: null })
    .where(or(eq(leads.taskId, taskId), inArray(leads.reusedLeadId, ofTask)));
  await tx.update(sends).set({ bodySha256: null }).where(eq(sends.taskId, taskId));
  const nothing = { headers: {}, body: new Uint8Array(), bodySha256: null };
  await tx.update(deliveries).set(nothing).where(eq(deliveries.taskId, taskId));
  // Sixtyfour's messages may name the lead.
  await tx
    .update(taskEvents)
    .set({ detail: sql`${taskEvents.detail} - 'message'` })
    .where(eq(taskEvents.taskId, taskId));
  await tx.insert(taskEvents).values({ taskId, type: "erased" });
  // What was written for a single lead is about that lead alone.
  await tx
    .update(submissions)
    .set({ name: "", options: {}, pauseMessage: null })
    .where(and(eq(submissions.id, erased.submissionId), eq(submissions.leadCount, 1)));
  // A backup that is restored brings the lead back: this line says what has to be erased again.
  log.info("erased", { taskId });
}
