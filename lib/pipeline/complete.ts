import { and, eq, inArray, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { type taskEvents, tasks } from "@/db/schema";
import { storableJson, storableText } from "@/lib/storable-json";
import { type AskedTask, readFoundFigures } from "@/lib/tasks/found-count";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";
import { recordSpan } from "@/lib/tracing";

/**
 * The trace of the send that started a task's job. It is written as SQL because the builder drops a column's table within
 * `returning`.
 */
export const traceparentOfJob = sql<string | null>`(
  select sends.traceparent from sends where sends.sixtyfour_task_id = tasks.sixtyfour_task_id)`.as("traceparent");

/** How a job ended. */
export type TaskEnd =
  | { status: "completed"; result: unknown }
  | { status: "failed"; errorCode: string; errorMessage: string | null }
  | { status: "cancelled" };

/** Source of a task's end: one webhook delivery, a person's poll, or an automatic poll. */
type EndSource = { via: "webhook"; deliveryId: string; attempt: number | null } | { via: "poll" | "reconcile" };

export interface Completion {
  taskId: string;
  /** What the task asked for, which decides what in the result counts as found. */
  asked: AskedTask;
  end: TaskEnd;
  source: EndSource;
  /** Sixtyfour's own word for the status; null if it named none. */
  sixtyfourStatus: string | null;
  chargedCents: number | null;
}

/**
 * Completes a task. This is the only place that ends one. The update is guarded by the open statuses, so the first of several
 * deliveries and polls wins, in any order and number. The caller adds {@link endedEvent} to the history if this ended it.
 *
 * @returns true if this call ended the task
 */
export async function complete(tx: Transaction, completion: Completion): Promise<boolean> {
  const { taskId, asked, end, source, sixtyfourStatus, chargedCents } = completion;
  const isCompleted = end.status === "completed";
  const [ended] = await tx
    .update(tasks)
    .set({
      status: end.status,
      sixtyfourStatus: sixtyfourStatus && storableText(sixtyfourStatus),
      // A result of JSON null is no result: the column has SQL null for it.
      result: isCompleted ? storableJson(end.result) : null,
      errorCode: end.status === "failed" ? end.errorCode : null,
      errorMessage: end.status === "failed" && end.errorMessage ? storableText(end.errorMessage) : null,
      chargedCents,
      ...((isCompleted && readFoundFigures(asked, end.result)) || NOTHING_FOUND),
      progress: null,
      deliveredVia: source.via,
      deliveredAttempt: source.via === "webhook" ? source.attempt : null,
      endedAt: sql`now()`,
      deliveredAt: sql`now()`,
      nextPollAt: null,
      nextSendAt: null,
      // The end of a file task carries no rows; they are fetched next.
      nextFetchAt: isCompleted ? sql`case when ${tasks.shape} = 'file' then now() end` : null,
    })
    .where(and(eq(tasks.id, taskId), inArray(tasks.status, OPEN_STATUSES)))
    .returning({ kind: tasks.kind, submittedAt: tasks.submittedAt, traceparent: traceparentOfJob });
  if (!ended) return false;
  const { kind, submittedAt, traceparent } = ended;
  if (traceparent && submittedAt) {
    const attributes = { "task.id": taskId, "task.kind": kind, "task.status": end.status, "task.via": source.via };
    recordSpan("task", { parent: traceparent, startedAt: submittedAt, attributes });
  }
  return true;
}

/** The entry in the task's history about its end. */
export function endedEvent({ taskId, end, source }: Pick<Completion, "taskId" | "end" | "source">) {
  return {
    taskId,
    type: "ended",
    deliveryId: source.via === "webhook" ? source.deliveryId : null,
    detail: { status: end.status, via: source.via },
  } as const satisfies typeof taskEvents.$inferInsert;
}

const NOTHING_FOUND = { foundCount: null, foundRule: null, verdict: null, score: null };
