import type { HeldReason } from "@/lib/sixtyfour/client";
import { clampRetryAfter } from "@/lib/sixtyfour/retry-after";
import { type TaskShape, timingOf } from "@/lib/sixtyfour/task-kinds";

const LONGEST_INTERVAL_IN_SECONDS = 300;
const SHORTEST_INTERVAL_IN_SECONDS = 3;
/** A file's job reports its progress to job-status alone. */
const FILE_FIRST_POLL_AFTER_SECONDS = 60;

/**
 * The moment of a task's first automatic poll. Where a webhook is expected, it comes after Sixtyfour's last delivery
 * attempt for the slowest job. Without one (`deliveryWindowInSeconds` null), it comes about when the job should be done.
 * Files are polled early in both cases, for their progress.
 *
 * @param tier of the task's request, see `tierOf`; null for the API's default
 */
export function firstPollAt(
  kind: string,
  deliveryWindowInSeconds: number | null,
  submittedAt: Date,
  { tier = null, shape = "single" }: { tier?: string | null; shape?: TaskShape } = {},
): Date {
  if (shape === "file") return inSeconds(submittedAt, FILE_FIRST_POLL_AFTER_SECONDS);
  const isAwaited = deliveryWindowInSeconds !== null;
  const seconds = isAwaited
    ? lateAfterSeconds(kind, deliveryWindowInSeconds, tier)
    : timingOf(kind, tier).firstPollAfterSeconds;
  return inSeconds(submittedAt, seconds);
}

/** Seconds from the submit until the slowest job of this kind and tier has ended and Sixtyfour has given up delivering. */
export function lateAfterSeconds(kind: string, deliveryWindowInSeconds: number, tier: string | null = null): number {
  return timingOf(kind, tier).slowestSeconds + deliveryWindowInSeconds;
}

/**
 * Returns the next automatic poll of a task that was still running. The older the task, the longer the wait: a job is
 * polled some ten times in its first minutes and rarely after, and never sooner than Sixtyfour asked for, up to an hour. `random`
 * (0 to 1) spreads tasks of one moment.
 */
export function nextPollAt(submittedAt: Date, now: Date, retryAfterSeconds: number, random = Math.random()): Date {
  const ageInSeconds = (now.getTime() - submittedAt.getTime()) / 1000;
  const interval = Math.min(Math.max(ageInSeconds / 4, SHORTEST_INTERVAL_IN_SECONDS), LONGEST_INTERVAL_IN_SECONDS);
  return inSeconds(now, Math.max(interval * (0.8 + 0.4 * random), clampRetryAfter(retryAfterSeconds)));
}

/**
 * Returns when the app sends a queued task again automatically: only where the last try certainly did nothing and time
 * alone may fix it. `sends` counts the tries so far. Null where a person has to fix something first.
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
  return inSeconds(now, Math.max(clampRetryAfter(retryAfterSeconds ?? 0), backoff));
}

/**
 * The moment from which a person may submit an unconfirmed task again: if Sixtyfour had accepted it, its webhook should
 * have arrived by then. 10 minutes after the submit, and later for slow kinds and tiers.
 */
export function confirmableAt(kind: string, submittedAt: Date, tier: string | null = null): Date {
  return inSeconds(submittedAt, confirmableAfterSeconds(kind, tier));
}

/** Seconds from the submit until {@link confirmableAt}. */
export function confirmableAfterSeconds(kind: string, tier: string | null = null): number {
  return Math.max(600, 2 * timingOf(kind, tier).slowestSeconds);
}

function inSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
