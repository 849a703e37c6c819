import { eq, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import { isDeeperThan, MAX_JSON_DEPTH } from "@/lib/json-depth";
import { findTaskKind, type TaskShape } from "@/lib/sixtyfour/task-kinds";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { storableText } from "@/lib/storable-json";
import { nextPollAt } from "@/lib/tasks/poll-schedule";
import { settle } from "@/lib/tasks/settle";
import { readCostInCents, readTaskEnd } from "@/lib/tasks/task-end";
import { isOpen } from "@/lib/tasks/task-status";

export type DeliveryOutcome = (typeof deliveries.$inferSelect)["outcome"];
export type DeliveryFlag = (typeof deliveries.$inferSelect)["flags"][number];

/**
 * Gives a stored delivery to its task: ends the task where it is still open, and says so in the log and the history
 * either way. `flags` are what was found odd before.
 */
export async function applyDelivery(
  tx: Transaction,
  input: {
    taskId: string;
    sendId: string;
    deliveryId: string;
    attempt: number | null;
    event: SixtyfourWebhookEvent;
    flags: DeliveryFlag[];
  },
): Promise<DeliveryOutcome> {
  const { taskId, deliveryId, attempt, event } = input;
  // The lock makes this delivery and a poll of the same moment take turns, so that the outcome below is what happened.
  const [task] = await tx
    .select({
      status: tasks.status,
      kind: tasks.kind,
      shape: tasks.shape,
      leadCount: tasks.leadCount,
      request: tasks.request,
      sixtyfourTaskId: tasks.sixtyfourTaskId,
      erasedAt: tasks.erasedAt,
    })
    .from(tasks)
    .where(eq(tasks.id, taskId))
    .for("update");
  if (!task) throw new Error(`A send without its task: ${input.sendId}`);

  if (task.erasedAt) {
    // Nothing of an erased lead may come back, not even in the log.
    const nothing = { taskId, outcome: "erased", headers: {}, body: new Uint8Array(), bodySha256: null } as const;
    await tx.update(deliveries).set(nothing).where(eq(deliveries.id, deliveryId));
    return "erased";
  }
  const sixtyfourTaskId = storableText(event.task_id);
  const isSameJob = await learnTaskId(tx, { ...input, sixtyfourTaskId, knownTaskId: task.sixtyfourTaskId });
  const end = readTaskEnd(event);
  const flags = [...input.flags, ...oddities(event, task, end !== null), ...(isSameJob ? [] : OTHER_TASK_ID)];
  const isTrusted = isSameJob && !flags.includes("event_id_reused");
  const outcome = decide({ isTrusted, isOpen: isOpen(task.status), status: task.status, end: end?.status ?? null });

  if (isSameJob && (task.status === "unconfirmed" || task.status === "submitting")) {
    // It was accepted, then. Its end may still be far off, or on its way and lost: so it is asked about.
    const now = new Date();
    await tx
      .update(tasks)
      .set({ status: "running", errorCode: null, errorMessage: null, nextPollAt: nextPollAt(now, now, 0) })
      .where(eq(tasks.id, taskId));
  }
  if (isSameJob && task.status === "unconfirmed") {
    await tx.insert(taskEvents).values({ taskId, type: "recovered", deliveryId, detail: { sixtyfourTaskId } });
  }
  await Promise.all([
    tx.update(deliveries).set({ taskId, outcome, flags }).where(eq(deliveries.id, deliveryId)),
    tx.insert(taskEvents).values({ taskId, ...deliveryEvent({ deliveryId, outcome, attempt, flags }) }),
  ]);
  if (end && outcome === "applied") {
    await settle(tx, {
      taskId,
      asked: task,
      end,
      courier: { via: "webhook", deliveryId, attempt },
      sixtyfourStatus: event.status,
      chargedCents: readCostInCents(event.result),
    });
  }
  return outcome;
}

const OTHER_TASK_ID: DeliveryFlag[] = ["other_task_id"];

function decide(given: {
  isTrusted: boolean;
  isOpen: boolean;
  status: string;
  end: string | null;
}): Extract<DeliveryOutcome, "applied" | "duplicate" | "conflict" | "noted"> {
  if (!given.isTrusted) return "conflict";
  if (!given.end) return "noted";
  if (given.isOpen) return "applied";
  return given.status === given.end ? "duplicate" : "conflict";
}

/**
 * Ties the job that a delivery names to the send whose token it bears: so a submit whose answer was lost finds its way
 * back. A send that is known to have started another job keeps that.
 *
 * @returns whether the delivery is about the send's own job
 */
async function learnTaskId(
  tx: Transaction,
  given: { taskId: string; sendId: string; sixtyfourTaskId: string; knownTaskId: string | null },
): Promise<boolean> {
  const [send] = await tx
    .update(sends)
    .set({ sixtyfourTaskId: sql`coalesce(${sends.sixtyfourTaskId}, ${given.sixtyfourTaskId})` })
    .where(eq(sends.id, given.sendId))
    .returning({ sixtyfourTaskId: sends.sixtyfourTaskId });
  if (send?.sixtyfourTaskId !== given.sixtyfourTaskId) return false;
  if (given.knownTaskId === null) {
    await tx.update(tasks).set({ sixtyfourTaskId: given.sixtyfourTaskId }).where(eq(tasks.id, given.taskId));
  }
  return true;
}

/** The history's entry about a delivery. */
export function deliveryEvent(given: {
  deliveryId: string;
  outcome: DeliveryOutcome;
  attempt: number | null;
  flags: DeliveryFlag[];
}) {
  const { deliveryId, ...detail } = given;
  return { type: "delivery", deliveryId, detail } as const satisfies Partial<typeof taskEvents.$inferInsert>;
}

/** What is odd about an event for such a task. */
export function oddities(
  event: SixtyfourWebhookEvent,
  task: { kind: string; shape: TaskShape },
  isEnd: boolean,
): DeliveryFlag[] {
  const flags: DeliveryFlag[] = [];
  if (!isTaskTypeOf(task, event)) flags.push("other_task_type");
  if (!isEnd) flags.push("unknown_status");
  if (event.status === "completed" && (event.result === undefined || event.result === null)) flags.push("no_result");
  if (isDeeperThan(event.result, MAX_JSON_DEPTH)) flags.push("too_deep");
  return flags;
}

/** Whether an event's `task_type` is one of such a task; how a file is called there, no documentation says. */
export function isTaskTypeOf(
  { kind, shape }: { kind: string; shape: TaskShape },
  event: SixtyfourWebhookEvent,
): boolean {
  const taskTypes = shape === "file" ? undefined : findTaskKind(kind)?.taskTypes;
  return !event.task_type || !taskTypes || taskTypes.includes(event.task_type);
}
