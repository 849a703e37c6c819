import { createHash } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { leads, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import type { SubmitOutcome } from "@/lib/sixtyfour/client";
import { toSixtyfourRequest } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { countRequest } from "@/lib/tasks/request-pace";
import { type SendableTask, sendableColumns, sendTask } from "@/lib/tasks/send";
import type { TaskInput } from "@/lib/tasks/task-input";

export type SubmitResult =
  | { taskId: string; repeated: true }
  /** `outcome` says how Sixtyfour took it. */
  | { taskId: string; repeated: false; outcome: SubmitOutcome };

/**
 * Stores one lead as a task, then sends it. The task is in the database before Sixtyfour hears of it.
 *
 * `formKey` names one rendering of the form. The same content under the same key makes one task, however often it
 * arrives: a double click, a reload of the answer. Changed content is a new task, also after the browser's back button.
 * `basedOnLeadId` is the lead that it is submitted again for; one that is not there, or not any more, is left out.
 *
 * @throws AppError `unavailable` where the task could not be stored, and so was not sent
 */
export async function submitLead(
  context: Context,
  { input, formKey, basedOnLeadId }: { input: TaskInput; formKey: string; basedOnLeadId?: string | undefined },
): Promise<SubmitResult> {
  const { kind, lead, options } = input;
  const request = toSixtyfourRequest(kind, "single", [lead], options);
  const requestKey = createHash("sha256")
    .update(JSON.stringify([formKey, kind, request]))
    .digest("base64url");

  const stored = await storeTask(context, { kind, lead, options, request, requestKey, basedOnLeadId });
  if (stored) {
    return { taskId: stored.id, repeated: false, outcome: await sendTask(context, stored) };
  }

  const [first] = await context.db
    .select({ id: tasks.id })
    .from(tasks)
    .innerJoin(submissions, eq(tasks.submissionId, submissions.id))
    .where(eq(submissions.requestKey, requestKey));
  if (!first) throw new Error("A submission exists without its task.");
  return { taskId: first.id, repeated: true };
}

/** @returns the stored task, which is ours to send; null where this press was made before */
async function storeTask(
  { db, requestsPerMinute }: Context,
  input: {
    kind: string;
    lead: Record<string, string>;
    options: TaskOptions;
    request: Record<string, unknown>;
    requestKey: string;
    basedOnLeadId: string | undefined;
  },
): Promise<SendableTask | null> {
  const { kind, lead, options, request, requestKey, basedOnLeadId } = input;
  const work = db.transaction(async (tx) => {
    const [submission] = await tx
      .insert(submissions)
      .values({
        kind,
        options: { ...options },
        requestKey,
        leadCount: 1,
        confirmedAt: sql`now()`,
        preparedAt: sql`now()`,
      })
      .onConflictDoNothing({ target: submissions.requestKey })
      .returning({ id: submissions.id });
    if (!submission) return null;
    const [task] = await tx
      .insert(tasks)
      .values({ submissionId: submission.id, kind, status: "submitting", request, submittedAt: new Date() })
      .returning(sendableColumns);
    if (!task) throw new Error("Postgres returned no row for an inserted task.");
    const place = { submissionId: submission.id, row: 0, taskId: task.id, position: 0 };
    const earlier = basedOnLeadId
      ? sql`(select earlier.id from leads as earlier where earlier.id = ${basedOnLeadId})`
      : null;
    await tx.insert(leads).values({ ...place, fields: lead, basedOnLeadId: earlier });
    await tx.insert(taskEvents).values({ taskId: task.id, type: "created" });
    // With the rest or not at all: between storing and sending nothing may fail. Last, for the row is everybody's.
    await countRequest({ db: tx, requestsPerMinute });
    return task;
  });
  return work.catch((error) => {
    throw new AppError(
      "unavailable",
      "The lead could not be stored, so nothing was submitted. Try again in a moment.",
      {
        cause: error,
      },
    );
  });
}
