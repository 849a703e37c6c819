import { and, eq, lt, ne, not, notInArray, or, type SQL, sql } from "drizzle-orm";
import { tasks } from "@/db/schema";
import { TASK_KIND_IDS } from "@/lib/sixtyfour/task-kinds";
import { confirmableAfterSeconds, lateAfterSeconds } from "@/lib/tasks/poll-schedule";
import { isRepeatable } from "@/lib/tasks/sendable";

/** Nobody knows whether it was accepted, its webhook should have come by now, and only a person may send it again. */
export function waitsForConfirmation(): SQL | undefined {
  return and(eq(tasks.status, "unconfirmed"), submittedBefore(confirmableAfterSeconds), not(isRepeatable));
}

/**
 * It runs for `times` as long as a job of its kind and its webhook take at the longest. A file is left out: how long
 * that takes is a matter of its rows.
 */
export function runsLate(deliveryWindowInSeconds: number, times = 1): SQL | undefined {
  const seconds = (kind: string) => times * lateAfterSeconds(kind, deliveryWindowInSeconds);
  return and(eq(tasks.status, "running"), ne(tasks.shape, "file"), submittedBefore(seconds));
}

/** Submitted longer ago than `secondsOf` says for its kind. */
function submittedBefore(secondsOf: (kind: string) => number): SQL | undefined {
  const longerAgo = (seconds: number) => lt(tasks.submittedAt, sql`now() - make_interval(secs => ${seconds})`);
  return or(
    ...TASK_KIND_IDS.map((kind) => and(eq(tasks.kind, kind), longerAgo(secondsOf(kind)))),
    and(notInArray(tasks.kind, TASK_KIND_IDS), longerAgo(secondsOf(""))),
  );
}
