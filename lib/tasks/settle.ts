import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { taskEvents, tasks } from "@/db/schema";
import { storableJson, storableText } from "@/lib/storable-json";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/** How a job ended. */
export type TaskEnd =
  | { status: "completed"; result: unknown }
  | { status: "failed"; errorCode: string; errorMessage: string | null }
  | { status: "cancelled" };

/** Who brought the end: one webhook delivery, or one poll. */
export type Courier = { via: "webhook"; deliveryId: string; attempt: number | null } | { via: "poll" };

/**
 * Brings a task to its end. The only place that may: a task that has ended already stays as it is, so of all the
 * deliveries and polls that bring an end, in whatever order and however often, the first wins.
 *
 * @returns whether this call was the one that ended the task
 */
export async function settle(
  tx: Transaction,
  input: {
    taskId: string;
    end: TaskEnd;
    courier: Courier;
    sixtyfourStatus: string;
    chargedCents: number | null;
  },
): Promise<boolean> {
  const { taskId, end, courier } = input;
  const ended = await tx
    .update(tasks)
    .set({
      status: end.status,
      sixtyfourStatus: storableText(input.sixtyfourStatus),
      result: end.status === "completed" ? jsonOrNull(end.result) : null,
      errorCode: end.status === "failed" ? end.errorCode : null,
      errorMessage: end.status === "failed" && end.errorMessage ? storableText(end.errorMessage) : null,
      chargedCents: input.chargedCents,
      endedAt: sql`now()`,
      deliveredAt: sql`now()`,
      deliveredVia: courier.via,
      deliveredAttempt: courier.via === "webhook" ? courier.attempt : null,
      nextPollAt: null,
    })
    .where(and(eq(tasks.id, taskId), inArray(tasks.status, OPEN_STATUSES)))
    .returning({ id: tasks.id });
  if (ended.length === 0) return false;

  await tx.insert(taskEvents).values({
    taskId,
    type: "ended",
    deliveryId: courier.via === "webhook" ? courier.deliveryId : null,
    detail: { status: end.status, via: courier.via },
  });
  return true;
}

/** A result of JSON null is no result; the column keeps SQL null for it. */
function jsonOrNull(value: unknown): SQL | unknown {
  return value === undefined || value === null ? null : storableJson(value);
}
