import { type SQL, sql } from "drizzle-orm";
import { newId } from "@/db/new-id";
import { sends, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import type { Context } from "@/lib/context";
import { createWebhookToken, deriveWebhookToken, webhookUrlWith } from "@/lib/pipeline/webhook-token";
import type { TaskShape } from "@/lib/sixtyfour/task-kinds";
import { DISPATCH_ID, dispatchIdOf, hashBody, takesDispatchId } from "@/lib/tasks/dispatch-id";
import { traceparent } from "@/lib/tracing";

/** A task that this process has moved to `submitting`, and that nobody else may send. */
export interface SendableTask {
  id: string;
  kind: string;
  shape: TaskShape;
  request: Record<string, unknown>;
}

/** The columns that a claim returns. */
export const sendableColumns = { id: tasks.id, kind: tasks.kind, shape: tasks.shape, request: tasks.request };

/** A request as it goes out, with the hashes that are stored before it leaves. */
export interface SendableRequest {
  body: Record<string, unknown>;
  /** Hash of the token in its webhook_url; null where nobody could call us. */
  tokenHash: Buffer | null;
  /** Hash of the body that its `dispatch_id` stands for; null where its endpoint takes none. */
  bodySha256: Buffer | null;
}

/** The body of a task's request: with its webhook address, and where the endpoint takes one with its `dispatch_id`. */
export function makeRequest({ webhook }: Context, task: SendableTask): SendableRequest {
  const { target } = webhook;
  const isDispatched = takesDispatchId(task);
  const token = isDispatched ? deriveWebhookToken(webhook.tokenKey, task.id) : createWebhookToken();
  const isCallable = target.url !== null;
  const body = isCallable ? { ...task.request, webhook_url: webhookUrlWith(target, token.token) } : task.request;
  const tokenHash = isCallable ? token.tokenHash : null;
  if (!isDispatched) return { body, tokenHash, bodySha256: null };
  const bodySha256 = hashBody(body);
  return { body: { ...body, [DISPATCH_ID]: dispatchIdOf(task.id, bodySha256) }, tokenHash, bodySha256 };
}

/**
 * Stores a send before the request leaves, since a webhook may be quicker than the answer.
 *
 * @returns its id; null where the task may have been accepted already, and this request differs from the one before, so
 * that it must not go out unless `mayChargeTwice`
 */
export async function storeSend(
  { db }: Context,
  task: SendableTask,
  { tokenHash, bodySha256 }: SendableRequest,
  mayChargeTwice: boolean,
): Promise<string | null> {
  const id = newId();
  if (!bodySha256) {
    const values = { id, taskId: task.id, tokenHash, traceparent: traceparent() };
    await db.insert(sends).values(values);
    return id;
  }
  const isHarmless = sql`(${mayChargeTwice}::boolean
    or (select sends.body_sha256 = ${bodySha256}::bytea from sends where sends.task_id = ${task.id} order by sends.id desc limit 1)
    or ${latestDoubt(task.id)} is null)`;
  const row = {
    id,
    taskId: task.id,
    sentAt: sql`now()`,
    // A delivery finds the task by the first send that bore its token.
    tokenHash: sql`case when not exists (select from sends where sends.token_hash = ${tokenHash}::bytea) then ${tokenHash}::bytea end`,
    bodySha256,
    traceparent: traceparent(),
  };
  const stored = await db.insert(sends).select(selectRow(sends, row, sql`(select 1 where ${isHarmless}) as send`));
  return stored.count === 1 ? id : null;
}

/** Why the latest send that nobody heard an answer to may have started the task's job; null where there was none. */
export function latestDoubt(taskId: string): SQL<string | null> {
  return sql<
    string | null
  >`(select task_events.detail ->> 'reason' from task_events where task_events.task_id = ${taskId}
    and task_events.type = 'submit_failed' and task_events.detail ->> 'outcome' = 'unconfirmed'
    order by task_events.id desc limit 1)`;
}
