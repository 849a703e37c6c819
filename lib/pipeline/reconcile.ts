import { and, eq, gt, inArray, lt, lte, sql } from "drizzle-orm";
import { taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { recordFrequentJobRun } from "@/lib/job-runs";
import { log } from "@/lib/log";
import { pollTask } from "@/lib/pipeline/poll";
import { waitForSlot } from "@/lib/pipeline/request-pace";
import { isRepeatable } from "@/lib/tasks/sendable";

/** So many tasks are taken on in one round, one after the other, and no further one after so long. */
const TASKS_PER_ROUND = 20;
const ROUND_BUDGET_MS = 20_000;
/** All instances together poll no more than a fifth of the 500 requests a minute that Sixtyfour allows. */
const POLLS_PER_MINUTE = 100;
/** While a round works on a task, no other round takes it. Longer than a round can take. */
const LEASE_IN_SECONDS = 60;
/** A request is given up after 20 seconds, a file after 120, so a task that is `submitting` for longer lost its process. */
const SUBMIT_GIVEN_UP_AFTER_SECONDS = { request: 60, file: 180 };

/**
 * One round of looking after tasks that are under way: marks as unconfirmed those whose submit was cut off, and polls those
 * that are due, until `signal` is aborted. Any number of instances may run rounds at once.
 *
 * @returns how many tasks were asked about
 */
export async function reconcile(
  context: Context,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ polled: number }> {
  const startedAt = Date.now();
  const endsAt = startedAt + ROUND_BUDGET_MS;
  const unconfirmed = await confessCutOffSubmits(context);
  let polled = 0;
  for (const { id } of await leaseDueTasks(context)) {
    if (Date.now() > endsAt || signal?.aborted || !(await waitForSlot(context))) break;
    await pollTask(context, { taskId: id, by: "app" });
    polled += 1;
  }
  await recordFrequentJobRun(context, "reconcile");
  if (polled + unconfirmed > 0) {
    log.info("reconcile", { polled, unconfirmed, ms: Date.now() - startedAt });
  }
  return { polled };
}

async function leaseDueTasks({ db }: Context): Promise<{ id: string }[]> {
  const polledLately = await db.$count(tasks, gt(tasks.lastPolledAt, sql`now() - interval '1 minute'`));
  // A query of its own, which is run once; as a subquery of `in` it may be run again for each row, and lease more.
  const due = db.$with("due").as(
    db
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.status, "running"), lte(tasks.nextPollAt, sql`now()`)))
      .orderBy(tasks.nextPollAt)
      .limit(Math.max(0, Math.min(TASKS_PER_ROUND, POLLS_PER_MINUTE - polledLately)))
      .for("update", { skipLocked: true }),
  );
  return db
    .with(due)
    .update(tasks)
    .set({ nextPollAt: sql`now() + make_interval(secs => ${LEASE_IN_SECONDS})` })
    .where(inArray(tasks.id, db.select({ id: due.id }).from(due)))
    .returning({ id: tasks.id });
}

async function confessCutOffSubmits({ db }: Context): Promise<number> {
  return db.transaction(async (tx) => {
    const cutOff = await tx
      .update(tasks)
      .set({
        status: "unconfirmed",
        errorCode: "cut_off",
        // A request with an idempotency key is sent again automatically, unless its submission was stopped.
        nextSendAt: sql`case when ${isRepeatable} and not exists (
          select from submissions as held where held.id = ${tasks.submissionId}
            and (held.paused_at is not null or held.cancelled_at is not null)) then now() end`,
      })
      .where(
        and(
          eq(tasks.status, "submitting"),
          lt(
            tasks.submittedAt,
            sql`now() - make_interval(secs => case when ${tasks.shape} = 'file' then ${SUBMIT_GIVEN_UP_AFTER_SECONDS.file}::int else ${SUBMIT_GIVEN_UP_AFTER_SECONDS.request}::int end)`,
          ),
        ),
      )
      .returning({ taskId: tasks.id });
    if (cutOff.length === 0) return 0;
    const detail = { outcome: "unconfirmed", reason: "cut_off", message: null };
    await tx
      .insert(taskEvents)
      .values(cutOff.map(({ taskId }) => ({ taskId, type: "submit_failed" as const, detail })));
    return cutOff.length;
  });
}
