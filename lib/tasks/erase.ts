import { and, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, leads, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/**
 * Deletes all that is stored about a task's leads: who they are, what was sent, what was found, what was delivered. The
 * task stays as a tombstone, so that late webhooks and polls find it, are answered, and bring nothing back. An open task
 * ends as cancelled here; at Sixtyfour, which knows no cancelling, it goes on.
 *
 * @throws AppError `not_found`
 */
export async function eraseTask({ db }: Context, taskId: string): Promise<void> {
  await db.transaction((tx) => erase(tx, taskId));
}

async function erase(tx: Transaction, taskId: string): Promise<void> {
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
      unrecognizedFields: null,
      investigation: null,
      verdict: null,
      score: null,
      nextPollAt: null,
      nextSendAt: null,
      nextFetchAt: null,
    })
    .where(and(eq(tasks.id, taskId), isNull(tasks.erasedAt)))
    .returning({ id: tasks.id });
  if (!erased) {
    const [known] = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, taskId));
    if (known) return;
    throw new AppError("not_found", "There is no such task.");
  }
  const ofTask = tx.select({ id: leads.id }).from(leads).where(eq(leads.taskId, taskId));
  await tx
    .update(leads)
    .set({ fields: {}, cells: null, fingerprint: null, result: null, resultName: null })
    .where(or(eq(leads.taskId, taskId), inArray(leads.reusedLeadId, ofTask)));
  const nothing = { headers: {}, body: new Uint8Array(), bodySha256: null };
  await tx.update(deliveries).set(nothing).where(eq(deliveries.taskId, taskId));
  // Sixtyfour's messages may name the lead.
  await tx
    .update(taskEvents)
    .set({ detail: sql`${taskEvents.detail} - 'message'` })
    .where(eq(taskEvents.taskId, taskId));
  await tx.insert(taskEvents).values({ taskId, type: "erased" });
  // A backup that is restored brings the lead back: this line says what has to be erased again.
  log.info("erased", { taskId });
  // The tasks that these leads had before they were submitted again hold them in their requests.
  const earlier = await tx.select({ id: tasks.id }).from(tasks).where(eq(tasks.retriedAsId, taskId));
  for (const { id } of earlier) await erase(tx, id);
}
