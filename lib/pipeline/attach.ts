import { and, desc, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { sends, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { type DeliveryOutcome, isAttachable } from "@/lib/deliveries/delivery-view";
import { AppError } from "@/lib/errors";
import { applyStored } from "@/lib/pipeline/apply";
import { parseDelivery } from "@/lib/pipeline/parse-delivery";
import { markInHistory, withStoredDelivery } from "@/lib/pipeline/stored-delivery";
import { readTaskEnd } from "@/lib/pipeline/task-end";
import { isOpen, type TaskStatus } from "@/lib/tasks/task-status";

/**
 * Gives an unmatched delivery to a task, because a person says that it belongs there: the task then counts as having
 * started that job. Of many at once one succeeds.
 *
 * @throws AppError `not_found`; `conflict` where the delivery has a task, or can have none, or where this one has ended
 */
export async function attachDelivery(
  context: Context,
  { deliveryId, taskId }: { deliveryId: string; taskId: string },
): Promise<{ outcome: DeliveryOutcome }> {
  return withStoredDelivery(context, deliveryId, async (tx, delivery) => {
    const { sixtyfourTaskId, signature, attempt } = delivery;
    if (delivery.taskId !== null) throw new AppError("conflict", "This delivery belongs to a task already.");
    if (delivery.body.byteLength === 0) throw new AppError("conflict", "Its payload has been deleted.");
    const isVouchable = signature === "valid" || signature === "unsigned";
    const parsed = parseDelivery(delivery.body);
    if (!isAttachable(delivery) || sixtyfourTaskId === null || !isVouchable || parsed.about !== "task") {
      throw new AppError("conflict", "Only an unmatched delivery about a task can be attached.");
    }
    const [task] = await tx.select({ status: tasks.status }).from(tasks).where(eq(tasks.id, taskId)).for("update");
    if (!task) throw new AppError("not_found", "There is no such task.");
    if (!isOpen(task.status)) throw new AppError("conflict", "This task has ended already, and an end is final.");
    if (task.status === "queued" && !readTaskEnd(parsed.event)) {
      // Its own submit is still to come; tied to a job that goes on, it would be paid for twice.
      throw new AppError("conflict", "This task has not been submitted yet, and the delivery brings no end.");
    }
    const sendId = await findSend(tx, { taskId, status: task.status, sixtyfourTaskId });
    const { event } = parsed;
    const outcome = await applyStored(tx, { taskId, sendId, deliveryId, attempt, event, isEventIdReused: false });
    await markInHistory(tx, deliveryId, { attached: true });
    return { outcome };
  });
}

/** The send that started the job: the one that is known for it, else the last whose answer was lost, else a new one. */
async function findSend(
  tx: Transaction,
  given: { taskId: string; status: TaskStatus; sixtyfourTaskId: string },
): Promise<string> {
  const { taskId, status, sixtyfourTaskId } = given;
  const [known] = await tx
    .select({ id: sends.id, taskId: sends.taskId })
    .from(sends)
    .where(eq(sends.sixtyfourTaskId, sixtyfourTaskId));
  if (known && known.taskId !== taskId) throw new AppError("conflict", "Another task has this delivery's task_id.");
  if (known) return known.id;
  // While a request is on its way, its own answer will say which job it started.
  const [unanswered] =
    status === "submitting"
      ? []
      : await tx
          .select({ id: sends.id })
          .from(sends)
          .where(and(eq(sends.taskId, taskId), isNull(sends.sixtyfourTaskId)))
          .orderBy(desc(sends.id))
          .limit(1);
  if (unanswered) return unanswered.id;
  const [made] = await tx.insert(sends).values({ taskId, sixtyfourTaskId }).returning({ id: sends.id });
  if (!made) throw new Error("Postgres returned no row for an inserted send.");
  return made.id;
}

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const TASK_ID = new RegExp(`^${UUID}$`, "i");
const TASK_ADDRESS = new RegExp(`^(?:https?://[^/?#]+)?/tasks/(${UUID})/?(?:[?#].*)?$`, "i");

/**
 * Reads which task a person means: its id, or the address of its page as it is copied from the browser.
 *
 * @throws AppError `invalid_input`
 */
export function readTaskReference(text: string): string {
  const given = text.trim();
  const id = TASK_ID.test(given) ? given : TASK_ADDRESS.exec(given)?.[1];
  if (!id) throw new AppError("invalid_input", "Paste a task's id, or the address of its page.");
  return id.toLowerCase();
}
