import { and, eq, inArray, lt, lte, sql } from "drizzle-orm";
import { taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { pollTask } from "@/lib/tasks/poll";

/** So many tasks are polled in one round, one after the other: far below Sixtyfour's 500 requests a minute. */
const TASKS_PER_ROUND = 20;
/** While a round works on a task, no other round takes it. Longer than a round can take. */
const LEASE_IN_SECONDS = 240;
/** A request is given up after 20 seconds, so a task that is `submitting` for longer lost its process. */
const SUBMIT_GIVEN_UP_AFTER_SECONDS = 120;

/**
 * One round of looking after tasks by ourselves: polls those that are due, and marks as unconfirmed those whose submit
 * was cut off. Any number of instances may run rounds at the same time.
 *
 * @returns how many tasks were asked about
 */
export async function reconcile(context: Context): Promise<{ polled: number }> {
  await confessCutOffSubmits(context);
  const due = await leaseDueTasks(context);
  for (const { id } of due) await pollTask(context, { taskId: id, by: "app" });
  return { polled: due.length };
}

async function leaseDueTasks({ db }: Context): Promise<{ id: string }[]> {
  const due = db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.status, "running"), lte(tasks.nextPollAt, sql`now()`)))
    .orderBy(tasks.nextPollAt)
    .limit(TASKS_PER_ROUND)
    .for("update", { skipLocked: true });
  return db
    .update(tasks)
    .set({ nextPollAt: sql`now() + make_interval(secs => ${LEASE_IN_SECONDS})` })
    .where(inArray(tasks.id, due))
    .returning({ id: tasks.id });
}

async function confessCutOffSubmits({ db }: Context): Promise<void> {
  await db.transaction(async (tx) => {
    const cutOff = await tx
      .update(tasks)
      .set({ status: "unconfirmed", errorCode: "cut_off" })
      .where(
        and(
          eq(tasks.status, "submitting"),
          lt(tasks.submittedAt, sql`now() - make_interval(secs => ${SUBMIT_GIVEN_UP_AFTER_SECONDS})`),
        ),
      )
      .returning({ taskId: tasks.id });
    if (cutOff.length === 0) return;
    const detail = { outcome: "unconfirmed", reason: "cut_off", message: null };
    await tx
      .insert(taskEvents)
      .values(cutOff.map(({ taskId }) => ({ taskId, type: "submit_failed" as const, detail })));
  });
}
