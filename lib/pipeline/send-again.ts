import { and, eq, inArray } from "drizzle-orm";
import { tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { countRequest } from "@/lib/pipeline/request-pace";
import { type SendOutcome, sendTask } from "@/lib/pipeline/send";
import { sendableColumns } from "@/lib/pipeline/send-request";
import { isSendable } from "@/lib/tasks/sendable";

/**
 * Sends a task again at a person's word: a queued one, whose last try certainly had no effect; one that its idempotency
 * key names; or, where the person accepts that it may be charged twice, any other unconfirmed one.
 *
 * @throws AppError `conflict` where the task is in no such state (any more): another press was first, or it went on
 */
export async function sendAgain(
  context: Context,
  { taskId, acceptDoubleCharge }: { taskId: string; acceptDoubleCharge: boolean },
): Promise<SendOutcome> {
  const sendable = acceptDoubleCharge ? inArray(tasks.status, ["queued", "unconfirmed"]) : isSendable;
  // Before the claim: a task that is claimed and not sent would count as unconfirmed.
  await countRequest(context);
  const [claimed] = await context.db
    .update(tasks)
    .set({ status: "submitting", submittedAt: new Date(), nextSendAt: null, errorCode: null, errorMessage: null })
    .where(and(eq(tasks.id, taskId), sendable))
    .returning(sendableColumns);
  if (!claimed) throw new AppError("conflict", "This task is not waiting to be sent any more.");
  return sendTask(context, claimed, { mayChargeTwice: acceptDoubleCharge });
}
