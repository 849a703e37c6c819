import { findTaskKind } from "@/lib/sixtyfour/task-kinds";

const LONGEST_INTERVAL_IN_SECONDS = 300;
const SHORTEST_INTERVAL_IN_SECONDS = 3;

/**
 * When the app first asks job-status about a task by itself. With a webhook on its way, not before Sixtyfour must have
 * given up delivering: `deliveryWindowInSeconds` after the latest end of the job. Without one (null), about when the job
 * should be done.
 */
export function firstPollAt(kind: string, deliveryWindowInSeconds: number | null, submittedAt: Date): Date {
  const { firstPollAfterSeconds = 10, slowestSeconds = 600 } = findTaskKind(kind) ?? {};
  const wait = deliveryWindowInSeconds === null ? firstPollAfterSeconds : slowestSeconds + deliveryWindowInSeconds;
  return inSeconds(submittedAt, wait);
}

/**
 * When the app asks again about a task that was still running: the older the task, the longer the wait, so that a job
 * is asked about some ten times in its first minutes and rarely after. `random` (0 to 1) spreads tasks of one moment.
 */
export function nextPollAt(submittedAt: Date, now: Date, random = Math.random()): Date {
  const ageInSeconds = (now.getTime() - submittedAt.getTime()) / 1000;
  const interval = Math.min(Math.max(ageInSeconds / 4, SHORTEST_INTERVAL_IN_SECONDS), LONGEST_INTERVAL_IN_SECONDS);
  return inSeconds(now, interval * (0.8 + 0.4 * random));
}

function inSeconds(from: Date, seconds: number): Date {
  return new Date(from.getTime() + seconds * 1000);
}
