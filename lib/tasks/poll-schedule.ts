import type { HeldReason } from "@/lib/sixtyfour/client";
import { findTaskKind } from "@/lib/sixtyfour/task-kinds";

const LONGEST_INTERVAL_IN_SECONDS = 300;
const SHORTEST_INTERVAL_IN_SECONDS = 3;

/**
 * When the app first asks job-status about a task by itself. With a webhook on its way, not before Sixtyfour must have
 * given up delivering: `deliveryWindowInSeconds` after the latest end of the job. Without one (null), about when the job
 * should be done.
 */
export function firstPollAt(kind: string, deliveryWindowInSeconds: number | null, submittedAt: Date): Date {
  const { firstPollAfterSeconds = 10 } = findTaskKind(kind) ?? {};
  const isAwaited = deliveryWindowInSeconds !== null;
  return inSeconds(submittedAt, isAwaited ? lateAfterSeconds(kind, deliveryWindowInSeconds) : firstPollAfterSeconds);
}

/** So long after its submit a job of this kind has ended, and Sixtyfour has given up delivering. */
export function lateAfterSeconds(kind: string, deliveryWindowInSeconds: number): number {
  const { slowestSeconds = 600 } = findTaskKind(kind) ?? {};
  return slowestSeconds + deliveryWindowInSeconds;
}

/**
 * When the app asks again about a task that was still running: the older the task, the longer the wait, so that a job
 * is asked about some ten times in its first minutes and rarely after; never sooner than Sixtyfour asked for. `random`
 * (0 to 1) spreads tasks of one moment.
 */
export function nextPollAt(submittedAt: Date, now: Date, retryAfterSeconds: number, random = Math.random()): Date {
  const ageInSeconds = (now.getTime() - submittedAt.getTime()) / 1000;
  const interval = Math.min(Math.max(ageInSeconds / 4, SHORTEST_INTERVAL_IN_SECONDS), LONGEST_INTERVAL_IN_SECONDS);
  return inSeconds(now, Math.max(interval * (0.8 + 0.4 * random), retryAfterSeconds));
}

/**
 * When the app sends a queued task again by itself: only where the last try certainly did nothing and time alone may mend
 * it. `sends` counts the tries so far. Null where a person has to mend something first.
 *
 * Sixtyfour asks for Retry-After to be honoured, or else for waits that grow to 60 s.
 */
export function nextSendAt(
  reason: HeldReason,
  retryAfterSeconds: number | null,
  sends: number,
  now: Date,
): Date | null {
  if (reason !== "rate_limited" && reason !== "unreachable") return null;
  const longest = reason === "rate_limited" ? 60 : LONGEST_INTERVAL_IN_SECONDS;
  const backoff = Math.min(5 * 2 ** Math.max(0, sends - 1), longest);
  return inSeconds(now, Math.max(retryAfterSeconds ?? 0, backoff));
}

/**
 * When a person is asked whether an unconfirmed task is to be submitted again: its webhook should have come by then if
 * Sixtyfour had accepted it. 10 minutes, and more for kinds that take long.
 */
export function confirmableAt(kind: string, submittedAt: Date): Date {
  return inSeconds(submittedAt, confirmableAfterSeconds(kind));
}

/** The same as a span. */
export function confirmableAfterSeconds(kind: string): number {
  const { slowestSeconds = 600 } = findTaskKind(kind) ?? {};
  return Math.max(600, 2 * slowestSeconds);
}

function inSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
