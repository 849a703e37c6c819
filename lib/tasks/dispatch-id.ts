import { createHash } from "node:crypto";
import { findTaskKind, type TaskShape } from "@/lib/sixtyfour/task-kinds";

/**
 * Most sends of a task whose answer was lost. With the growing waits between them they take some 15 minutes, while
 * Sixtyfour surely remembers the key.
 */
export const MAX_REPEATED_SENDS = 8;

/** The request field of the key. Sixtyfour names it in `unrecognized_fields` where it did nothing. */
export const DISPATCH_ID = "dispatch_id";

/** True for requests whose endpoint takes a `dispatch_id`: the same one brings back the job that it started before. */
export function takesDispatchId({ kind, shape }: { kind: string; shape: TaskShape }): boolean {
  return shape === "single" && findTaskKind(kind)?.hasDispatchId === true;
}

/** SHA-256 of a request body as it is sent, without its `dispatch_id`. */
export function hashBody(body: Record<string, unknown>): Buffer {
  return createHash("sha256").update(JSON.stringify(body)).digest();
}

/**
 * The `dispatch_id` of a task's request: the same for the same task and body, so that repeating a request whose answer was
 * lost starts no second job. No page of Sixtyfour says what a known key with a changed body does, so another body has
 * another key.
 */
export function dispatchIdOf(taskId: string, bodySha256: Buffer): string {
  return `${taskId}-${bodySha256.toString("hex").slice(0, 16)}`;
}
