import { and, eq, inArray, isNull } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import type { DeliveryFlag } from "@/lib/deliveries/delivery-view";
import { isDeeperThan, MAX_JSON_DEPTH } from "@/lib/json-depth";
import { type Completion, complete, endedEvent, type TaskEnd } from "@/lib/pipeline/complete";
import { readCostInCents, readTaskEnd } from "@/lib/pipeline/task-end";
import { findTaskKind, type TaskShape } from "@/lib/sixtyfour/task-kinds";
import type { SixtyfourWebhookEvent } from "@/lib/sixtyfour/wire";
import { storableText } from "@/lib/storable-json";
import { nextPollAt } from "@/lib/tasks/poll-schedule";
import { isOpen, type TaskStatus } from "@/lib/tasks/task-status";

/** Columns of a task, with those of one of its sends, that decide what a delivery does to the task. */
export const foundColumns = {
  taskId: tasks.id,
  status: tasks.status,
  kind: tasks.kind,
  shape: tasks.shape,
  leadCount: tasks.leadCount,
  request: tasks.request,
  /** The task_id of the task; null while no answer or delivery has named it. */
  sixtyfourTaskId: tasks.sixtyfourTaskId,
  erasedAt: tasks.erasedAt,
  sendId: sends.id,
  /** The task_id of the job that this send started; null while it is not known. */
  startedTaskId: sends.sixtyfourTaskId,
  traceparent: sends.traceparent,
};

/** A task as a delivery finds it. Its row is locked, so it stays as it is until the transaction ends. */
export type FoundTask = Pick<
  typeof tasks.$inferSelect,
  "status" | "kind" | "shape" | "leadCount" | "request" | "sixtyfourTaskId" | "erasedAt"
> & { taskId: string; sendId: string; startedTaskId: string | null; traceparent: string | null };

/** What a delivery does to its task. */
export interface Decision {
  outcome: "applied" | "duplicate" | "conflict" | "noted" | "erased";
  flags: DeliveryFlag[];
  /** The end that is to be applied; null unless the outcome is `applied`. */
  end: TaskEnd | null;
  /** The delivery proves that Sixtyfour accepted the task, of which this was not known. */
  provesAcceptance: boolean;
}

/**
 * Decides what a delivery does to the task that it was found to belong to.
 *
 * @param startedTaskId the job that the delivery's send started, see {@link claimJob}
 * @param isEventIdReused another delivery bore the same event id and other content
 */
export function decide(
  task: FoundTask,
  event: SixtyfourWebhookEvent,
  { startedTaskId, isEventIdReused }: { startedTaskId: string | null; isEventIdReused: boolean },
): Decision {
  // Nothing of an erased lead may return, not even in the log.
  if (task.erasedAt) return { outcome: "erased", flags: [], end: null, provesAcceptance: false };
  const end = readTaskEnd(event);
  const isSameJob = startedTaskId === storableText(event.task_id);
  const flags: DeliveryFlag[] = [
    ...(isEventIdReused ? (["event_id_reused"] as const) : []),
    ...warningsAbout(event, task, end !== null),
    ...(isSameJob ? [] : (["other_task_id"] as const)),
  ];
  const outcome = outcomeOf(task.status, end, isSameJob && !isEventIdReused);
  return {
    outcome,
    flags,
    end: outcome === "applied" ? end : null,
    provesAcceptance: isSameJob && (task.status === "unconfirmed" || task.status === "submitting"),
  };
}

function outcomeOf(status: TaskStatus, end: TaskEnd | null, isTrusted: boolean) {
  if (!isTrusted) return "conflict";
  if (!end) return "noted";
  if (isOpen(status)) return "applied";
  return status === end.status ? "duplicate" : "conflict";
}

/** Returns what is unusual about an event for such a task, for a person to look at. */
function warningsAbout(
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

/** True if the event's `task_type` fits the task. No documentation names the type of a file, so any fits one. */
function isTaskTypeOf({ kind, shape }: { kind: string; shape: TaskShape }, event: SixtyfourWebhookEvent): boolean {
  const taskTypes = shape === "file" ? undefined : findTaskKind(kind)?.taskTypes;
  return !event.task_type || !taskTypes || taskTypes.includes(event.task_type);
}

/**
 * Ties the job that a delivery names to the send whose token it bears, unless that send is known to have started a job:
 * this is how a submit whose answer was lost is recovered.
 *
 * @returns the task_id of the job that the send started
 */
export async function claimJob(tx: Transaction, task: FoundTask, event: SixtyfourWebhookEvent): Promise<string | null> {
  if (task.startedTaskId !== null || task.erasedAt) return task.startedTaskId;
  const sixtyfourTaskId = storableText(event.task_id);
  const [claimed] = await tx
    .update(sends)
    .set({ sixtyfourTaskId })
    .where(and(eq(sends.id, task.sendId), isNull(sends.sixtyfourTaskId)))
    .returning({ id: sends.id });
  if (!claimed) {
    // The answer to the submit was stored since the task was found.
    const [send] = await tx.select({ known: sends.sixtyfourTaskId }).from(sends).where(eq(sends.id, task.sendId));
    return send?.known ?? null;
  }
  if (task.sixtyfourTaskId === null) await tx.update(tasks).set({ sixtyfourTaskId }).where(eq(tasks.id, task.taskId));
  return sixtyfourTaskId;
}

/** Rows that an applied delivery adds to the history of its task, and the end that it brings to it. */
export interface Effects {
  task: FoundTask;
  history: (typeof taskEvents.$inferInsert)[];
  completion: Completion | null;
  statusAfter: TaskStatus;
}

/** Returns what a decision changes. */
export function effectsOf(
  task: FoundTask,
  { outcome, flags, end, provesAcceptance }: Decision,
  delivery: { id: string; attempt: number | null; event: SixtyfourWebhookEvent },
): Effects {
  const { taskId } = task;
  const { id: deliveryId, attempt, event } = delivery;
  const effects: Effects = { task, history: [], completion: null, statusAfter: task.status };
  if (outcome === "erased") return effects;
  if (provesAcceptance && task.status === "unconfirmed") {
    const detail = { sixtyfourTaskId: storableText(event.task_id) };
    effects.history.push({ taskId, type: "recovered", deliveryId, detail });
  }
  effects.history.push({ taskId, type: "delivery", deliveryId, detail: { outcome, attempt, flags } });
  if (end) {
    effects.completion = {
      taskId,
      asked: task,
      end,
      source: { via: "webhook", deliveryId, attempt },
      sixtyfourStatus: event.status,
      chargedCents: readCostInCents(event.result),
    };
    effects.history.push(endedEvent(effects.completion));
    effects.statusAfter = end.status;
  } else if (provesAcceptance) {
    effects.statusAfter = "running";
  }
  return effects;
}

/**
 * Writes effects. Their tasks are locked, so what was decided about them still holds; the statements go out together.
 *
 * @throws Error if a task ended all the same; the transaction must not be committed then
 */
export async function writeEffects(tx: Transaction, effects: Effects[]): Promise<void> {
  const history = effects.flatMap((one) => one.history);
  const completions = effects.flatMap(({ completion }) => completion ?? []);
  const running = effects.filter(({ task, statusAfter }) => statusAfter === "running" && task.status !== "running");
  const [, ...ended] = await Promise.all([
    history.length > 0 ? tx.insert(taskEvents).values(history) : undefined,
    ...completions.map((completion) => complete(tx, completion)),
    ...running.map(({ task }) => markRunning(tx, task.taskId)),
  ]);
  if (ended.includes(false)) throw new Error("A task ended while it was locked.");
}

/** The end of a task that turned out to be accepted may be far off, or lost on its way, so it is polled for. */
async function markRunning(tx: Transaction, taskId: string): Promise<true> {
  const now = new Date();
  await tx
    .update(tasks)
    .set({ status: "running", errorCode: null, errorMessage: null, nextPollAt: nextPollAt(now, now, 0) })
    .where(and(eq(tasks.id, taskId), inArray(tasks.status, ["submitting", "unconfirmed"])));
  return true;
}

/** Columns of a delivery that an outcome changes: of an erased lead nothing is kept. */
export function recordedOutcome(taskId: string, { outcome, flags }: Pick<Decision, "outcome" | "flags">) {
  const nothingOfTheLead = { headers: {}, body: new Uint8Array(), bodySha256: null };
  return { taskId, outcome, flags, ...(outcome === "erased" && nothingOfTheLead) };
}

/**
 * Applies a delivery that is stored already to one of our tasks: one that came before the answer to its submit, or that a
 * person replays or attaches.
 */
export async function applyStored(
  tx: Transaction,
  input: {
    taskId: string;
    sendId: string;
    deliveryId: string;
    attempt: number | null;
    event: SixtyfourWebhookEvent;
    isEventIdReused: boolean;
  },
): Promise<Decision["outcome"]> {
  const { taskId, sendId, deliveryId, attempt, event, isEventIdReused } = input;
  const [task] = await tx
    .select(foundColumns)
    .from(sends)
    .innerJoin(tasks, eq(tasks.id, sends.taskId))
    .where(and(eq(sends.id, sendId), eq(tasks.id, taskId)))
    .for("no key update", { of: tasks });
  if (!task) throw new Error(`Send ${sendId} does not belong to task ${taskId}.`);
  const startedTaskId = await claimJob(tx, task, event);
  const decision = decide(task, event, { startedTaskId, isEventIdReused });
  await Promise.all([
    tx.update(deliveries).set(recordedOutcome(taskId, decision)).where(eq(deliveries.id, deliveryId)),
    writeEffects(tx, [effectsOf(task, decision, { id: deliveryId, attempt, event })]),
  ]);
  return decision.outcome;
}
