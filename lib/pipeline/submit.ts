import { createHash } from "node:crypto";
import { eq, exists, sql } from "drizzle-orm";
import { newId } from "@/db/new-id";
import { leads, submissions, taskEvents, tasks } from "@/db/schema";
import { selectRow } from "@/db/select-row";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { countingStatement } from "@/lib/pipeline/request-pace";
import { type SendOutcome, sendTask } from "@/lib/pipeline/send";
import { type SendableTask, sendableColumns } from "@/lib/pipeline/send-request";
import { toSixtyfourRequest } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import type { TaskInput } from "@/lib/tasks/task-input";

export type SubmitResult =
  | { taskId: string; repeated: true }
  /** `outcome` says how Sixtyfour took it. */
  | { taskId: string; repeated: false; outcome: SendOutcome };

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

/**
 * All of it in one statement: with the rest or not at all, and within one or two round trips to a database that is far away.
 *
 * @returns the stored task, which is ours to send; null where this press was made before
 */
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
  const now = sql`now()`;
  const submission = db.$with("submission").as(
    db
      .insert(submissions)
      .values({ kind, options: { ...options }, requestKey, leadCount: 1, confirmedAt: now, preparedAt: now })
      .onConflictDoNothing({ target: submissions.requestKey })
      .returning({ submissionId: sql<string>`${submissions.id}`.as("submissionId") }),
  );
  const { submissionId } = submission;
  const taskRow = {
    id: newId(),
    submissionId,
    kind,
    shape: "single" as const,
    leadCount: 1,
    status: "submitting" as const,
    request,
    webhookRequested: false,
    createdAt: now,
    submittedAt: now,
    updatedAt: now,
  };
  const { id: taskId } = taskRow;
  const task = db.$with("task").as(
    db
      .insert(tasks)
      .select(selectRow(tasks, taskRow, submission))
      .returning(sendableColumns),
  );
  const earlier = basedOnLeadId
    ? sql`(select earlier.id from leads as earlier where earlier.id = ${basedOnLeadId})`
    : null;
  const leadRow = { id: newId(), submissionId, row: 0, taskId, position: 0, fields: lead, basedOnLeadId: earlier };
  const event = { id: newId(), taskId, at: now, type: "created" as const, detail: {} };
  const statement = db
    .with(
      submission,
      task,
      db.$with("lead").as(db.insert(leads).select(selectRow(leads, leadRow, submission))),
      db.$with("event").as(db.insert(taskEvents).select(selectRow(taskEvents, event, submission))),
      // Between storing and sending nothing may fail, so it is counted here.
      db.$with("pace").as(countingStatement(db, requestsPerMinute).where(exists(db.select().from(submission)))),
    )
    .select()
    .from(task)
    .prepare("store_task");
  const [stored] = await statement.execute().catch((error: unknown) => {
    const message = "The lead could not be stored, so nothing was submitted. Try again in a moment.";
    throw new AppError("unavailable", message, { cause: error });
  });
  return stored ?? null;
}
