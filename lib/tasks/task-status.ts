import type { tasks } from "@/db/schema";

/** Where a task stands; see the column for what each means. Safe for the browser. */
export type TaskStatus = (typeof tasks.$inferSelect)["status"];

/** All of them, in the order of a task's life. */
export const TASK_STATUSES = [
  "queued",
  "submitting",
  "unconfirmed",
  "running",
  "completed",
  "failed",
  "cancelled",
] as const satisfies TaskStatus[];

/** A delivery or a poll may still bring the end of these. */
export const OPEN_STATUSES = ["queued", "submitting", "unconfirmed", "running"] as const satisfies TaskStatus[];

/** Nothing changes these any more. */
export const ENDED_STATUSES = ["completed", "failed", "cancelled"] as const satisfies TaskStatus[];

export function isOpen(status: TaskStatus): boolean {
  return (OPEN_STATUSES as readonly TaskStatus[]).includes(status);
}

/** Something may happen any moment without a person: worth looking often. */
export function isMoving({
  status,
  nextSendAt,
  nextFetchAt,
}: {
  status: TaskStatus;
  nextSendAt: string | null;
  nextFetchAt: string | null;
}): boolean {
  if (status === "queued") return nextSendAt !== null;
  return isOpen(status) || nextFetchAt !== null;
}
