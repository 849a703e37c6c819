import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { taskEvents, tasks } from "@/db/schema";
import { storableJson, storableText } from "@/lib/storable-json";
import { foundCountAmong, foundCounts } from "@/lib/tasks/found-count";
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
  const values = endValues(input);
  const [ended] = await settleStatement(tx, (name) => sql`${values[name]}`, eq(tasks.id, taskId));
  if (!ended) return false;
  traceEnd(ended, input);
  await tx.insert(taskEvents).values({ taskId, ...endedEvent(input) });
  return true;
}

/** What an end writes into its task, as the driver takes it. */
export function endValues({ end, courier, sixtyfourStatus, chargedCents }: BroughtEnd) {
  return {
    status: end.status,
    sixtyfourStatus: storableText(sixtyfourStatus),
    result: end.status === "completed" ? jsonOrNull(end.result) : null,
    errorCode: end.status === "failed" ? end.errorCode : null,
    errorMessage: end.status === "failed" && end.errorMessage ? storableText(end.errorMessage) : null,
    chargedCents,
    foundCounts: end.status === "completed" ? foundCounts(end.result) : null,
    deliveredVia: courier.via,
    deliveredAttempt: courier.via === "webhook" ? courier.attempt : null,
  };
}

/**
 * The one statement that ends a task, guarded by the open statuses. `valueFor` gives each of {@link endValues}, or a
 * placeholder for it; `which` names the task, and may ask more of it. {@link settle} runs it, and so does a delivery that is
 * stored and applied in a single statement.
 */
export function settleStatement(
  db: Database | Transaction,
  valueFor: (name: keyof ReturnType<typeof endValues>) => SQL,
  which: SQL | undefined,
) {
  return db
    .update(tasks)
    .set({
      status: valueFor("status"),
      sixtyfourStatus: valueFor("sixtyfourStatus"),
      result: sql`${valueFor("result")}::json`,
      errorCode: valueFor("errorCode"),
      errorMessage: valueFor("errorMessage"),
      chargedCents: valueFor("chargedCents"),
      foundCount: foundCountAmong(valueFor("foundCounts")),
      deliveredVia: valueFor("deliveredVia"),
      deliveredAttempt: valueFor("deliveredAttempt"),
      endedAt: sql`now()`,
      deliveredAt: sql`now()`,
      nextPollAt: null,
      nextSendAt: null,
      // Of a file the end brings the news alone; its rows are fetched.
      nextFetchAt: sql`case when ${tasks.shape} = 'file' and ${valueFor("status")}::text = 'completed' then now() end`,
      // Not the schema's own default, which would be that of when the statement was prepared.
      updatedAt: sql`now()`,
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
function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(storableJson(value));
}
