import { and, eq, inArray, type SQL, type Subquery, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";
import { givenRow, givenRows } from "@/db/given-rows";
import { taskEvents, tasks } from "@/db/schema";
import { storableJson, storableText } from "@/lib/storable-json";
import { type AskedTask, readFoundFigures } from "@/lib/tasks/found-count";
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

/** An end as it was brought, for a task that asked for something. */
export interface BroughtEnd {
  asked: AskedTask;
  end: TaskEnd;
  courier: Courier;
  /** Sixtyfour's own word for the status; null where it named none. */
  sixtyfourStatus: string | null;
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
  const json = JSON.stringify([givenRow(endValues(input))]);
  const given = givenRows(tx, END_TYPES, { json, most: 1 });
  const [ended] = await settleStatement(tx.with(given), given, eq(tasks.id, taskId)).returning(columnsOfEnded);
  if (!ended) return false;
  traceEnd(ended, input);
  await tx.insert(taskEvents).values({ taskId, ...endedEvent(input) });
  return true;
}

/** What an end writes into its task, and of what type Postgres takes it. */
export const END_TYPES = {
  "end.status": "text",
  "end.sixtyfourStatus": "text",
  "end.result": "json",
  "end.errorCode": "text",
  "end.errorMessage": "text",
  "end.chargedCents": "double precision",
  "end.foundCount": "integer",
  "end.foundRule": "smallint",
  "end.verdict": "text",
  "end.score": "double precision",
  "end.deliveredVia": "text",
  "end.deliveredAttempt": "integer",
} as const;

/** The values of an end, for {@link END_TYPES}. */
export function endValues({ asked, end, courier, sixtyfourStatus, chargedCents }: BroughtEnd) {
  const figures = end.status === "completed" ? readFoundFigures(asked, end.result) : null;
  return {
    "end.status": end.status,
    "end.sixtyfourStatus": sixtyfourStatus && storableText(sixtyfourStatus),
    // A result of JSON null is no result; given so, the column has SQL null for it.
    "end.result": end.status === "completed" ? storableJson(end.result) : null,
    "end.errorCode": end.status === "failed" ? end.errorCode : null,
    "end.errorMessage": end.status === "failed" && end.errorMessage ? storableText(end.errorMessage) : null,
    "end.chargedCents": chargedCents,
    "end.foundCount": figures?.foundCount ?? null,
    "end.foundRule": figures?.foundRule ?? null,
    "end.verdict": figures?.verdict ?? null,
    "end.score": figures?.score ?? null,
    "end.deliveredVia": courier.via,
    "end.deliveredAttempt": courier.via === "webhook" ? courier.attempt : null,
  } satisfies Record<keyof typeof END_TYPES, unknown>;
}

/**
 * The one statement that ends tasks, guarded by the open statuses: each with the end that `which` finds for it among
 * those given. {@link settle} runs it, and so do deliveries that are stored and applied in a single statement.
 */
export function settleStatement(db: Pick<Database, "update">, given: GivenEnds, which: SQL | undefined) {
  const status = given["end.status"];
  return db
    .update(tasks)
    .set({
      status: sql`${status}`,
      sixtyfourStatus: sql`${given["end.sixtyfourStatus"]}`,
      result: sql`${given["end.result"]}`,
      errorCode: sql`${given["end.errorCode"]}`,
      errorMessage: sql`${given["end.errorMessage"]}`,
      chargedCents: sql`${given["end.chargedCents"]}`,
      foundCount: sql`${given["end.foundCount"]}`,
      foundRule: sql`${given["end.foundRule"]}`,
      verdict: sql`${given["end.verdict"]}`,
      score: sql`${given["end.score"]}`,
      progress: null,
      deliveredVia: sql`${given["end.deliveredVia"]}`,
      deliveredAttempt: sql`${given["end.deliveredAttempt"]}`,
      endedAt: sql`now()`,
      deliveredAt: sql`now()`,
      nextPollAt: null,
      nextSendAt: null,
      // Of a file the end brings the news alone; its rows are fetched.
      nextFetchAt: sql`case when ${tasks.shape} = 'file' and ${status} = 'completed' then now() end`,
      // Not the schema's own default, which would be that of when the statement was prepared.
      updatedAt: sql`now()`,
    })
    .from(given)
    .where(and(which, inArray(tasks.status, OPEN_STATUSES)));
}

type GivenEnds = Subquery & Record<keyof typeof END_TYPES, SQL.Aliased<unknown>>;

/** What {@link traceEnd} needs to know of a task that was ended. */
export const columnsOfEnded = {
  id: tasks.id,
  kind: tasks.kind,
  submittedAt: tasks.submittedAt,
  traceparent: traceparentOfJob,
};

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
