import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { taskEvents, tasks } from "@/db/schema";
import { storableJson, storableText } from "@/lib/storable-json";
import { foundCountOf } from "@/lib/tasks/found-count";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";
import { recordSpan } from "@/lib/tracing";

/**
 * The span that a task's job was submitted in, to be returned with the task. In words of its own: within `returning` a
 * column of the builder loses its table's name.
 */
export const traceparentOfJob = sql<string | null>`(
  select sends.traceparent from sends where sends.sixtyfour_task_id = tasks.sixtyfour_task_id)`.as("traceparent");

/** How a job ended. */
export type TaskEnd =
  | { status: "completed"; result: unknown }
  | { status: "failed"; errorCode: string; errorMessage: string | null }
  | { status: "cancelled" };

/** Who brought the end: one webhook delivery, or one poll. */
export type Courier = { via: "webhook"; deliveryId: string; attempt: number | null } | { via: "poll" | "reconcile" };

/** An end as it was brought. */
export interface BroughtEnd {
  end: TaskEnd;
  courier: Courier;
  sixtyfourStatus: string;
  chargedCents: number | null;
}

/**
 * Brings a task to its end, and says so in its history. A task that has ended already stays as it is, so of all the
 * deliveries and polls that bring an end, in whatever order and however often, the first wins.
 *
 * @returns whether this call was the one that ended the task
 */
export async function settle(tx: Transaction, input: BroughtEnd & { taskId: string }): Promise<boolean> {
  const { taskId } = input;
  const [ended] = await settleStatement(tx, input, eq(tasks.id, taskId));
  if (!ended) return false;
  traceEnd(ended, input);
  await tx.insert(taskEvents).values({ taskId, ...endedEvent(input) });
  return true;
}

/**
 * The one statement that ends a task, guarded by the open statuses. `which` names the task, and may ask more of it.
 * {@link settle} runs it, and so does a delivery that is stored and applied in a single statement.
 */
export function settleStatement(
  db: Database | Transaction,
  { end, courier, sixtyfourStatus, chargedCents }: BroughtEnd,
  which: SQL | undefined,
) {
  return db
    .update(tasks)
    .set({
      status: end.status,
      sixtyfourStatus: storableText(sixtyfourStatus),
      result: end.status === "completed" ? jsonOrNull(end.result) : null,
      errorCode: end.status === "failed" ? end.errorCode : null,
      errorMessage: end.status === "failed" && end.errorMessage ? storableText(end.errorMessage) : null,
      chargedCents,
      foundCount: end.status === "completed" ? foundCountOf(end.result) : null,
      endedAt: sql`now()`,
      deliveredAt: sql`now()`,
      deliveredVia: courier.via,
      deliveredAttempt: courier.via === "webhook" ? courier.attempt : null,
      nextPollAt: null,
      nextSendAt: null,
      // Of a file the end brings the news alone; its rows are fetched.
      nextFetchAt: end.status === "completed" ? sql`case when ${tasks.shape} = 'file' then now() end` : null,
    })
    .where(and(which, inArray(tasks.status, OPEN_STATUSES)))
    .returning({
      id: tasks.id,
      kind: tasks.kind,
      submittedAt: tasks.submittedAt,
      traceparent: traceparentOfJob,
    });
}

/** A span from a task's submit to its end, in the trace of that submit. */
export function traceEnd(
  ended: { id: string; kind: string; submittedAt: Date | null; traceparent: string | null },
  { end, courier }: Pick<BroughtEnd, "end" | "courier">,
): void {
  if (!ended.traceparent || !ended.submittedAt) return;
  recordSpan("task", {
    parent: ended.traceparent,
    startedAt: ended.submittedAt,
    attributes: { "task.id": ended.id, "task.kind": ended.kind, "task.status": end.status, "task.via": courier.via },
  });
}

/** The history's entry about an end. */
export function endedEvent({ end, courier }: BroughtEnd) {
  return {
    type: "ended",
    deliveryId: courier.via === "webhook" ? courier.deliveryId : null,
    detail: { status: end.status, via: courier.via },
  } as const satisfies Partial<typeof taskEvents.$inferInsert>;
}

/** A result of JSON null is no result; the column keeps SQL null for it. */
function jsonOrNull(value: unknown): SQL | unknown {
  return value === undefined || value === null ? null : storableJson(value);
}
