import { and, asc, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { deliveries, leads, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { tierOf } from "@/lib/sixtyfour/task-kinds";
import { readErasures } from "@/lib/tasks/erasure-report";
import { outputNames } from "@/lib/tasks/found-count";
import { confirmableAt } from "@/lib/tasks/poll-schedule";
import { readRowOfLead } from "@/lib/tasks/read-rows";
import { firstLead, taskColumns, toTaskView } from "@/lib/tasks/read-task";
import { isRepeatable } from "@/lib/tasks/sendable";
import type { TaskDetail } from "@/lib/tasks/task-view";

/**
 * One task with its history.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function getTask(context: Context, id: string): Promise<TaskDetail> {
  const { db } = context;
  const notFound = () => new AppError("not_found", "There is no such task.");
  if (!z.uuid().safeParse(id).success) throw notFound();
  const isIt = eq(tasks.id, id);
  const [[row], [submission], ofTask, history] = await Promise.all([
    db
      .select({ ...taskColumns, isRepeatable })
      .from(tasks)
      .leftJoin(leads, firstLead)
      .where(isIt),
    db
      .select({
        id: submissions.id,
        name: submissions.name,
        leadCount: submissions.leadCount,
        source: submissions.source,
      })
      .from(submissions)
      .innerJoin(tasks, eq(tasks.submissionId, submissions.id))
      .where(isIt),
    db
      .select({ id: leads.id, fields: leads.fields, basedOnLeadId: leads.basedOnLeadId })
      .from(leads)
      .innerJoin(tasks, eq(tasks.id, leads.taskId))
      .where(and(eq(leads.taskId, id), ne(tasks.shape, "file")))
      .orderBy(asc(leads.position)),
    db
      .select({
        id: taskEvents.id,
        at: taskEvents.at,
        type: taskEvents.type,
        detail: taskEvents.detail,
        delivery: {
          id: deliveries.id,
          attempt: deliveries.attempt,
          eventId: deliveries.eventId,
          signature: deliveries.signature,
        },
      })
      .from(taskEvents)
      .leftJoin(deliveries, eq(deliveries.id, taskEvents.deliveryId))
      .where(eq(taskEvents.taskId, id))
      .orderBy(asc(taskEvents.id)),
  ]);
  if (!row || !submission) throw notFound();
  const { kind, status, submittedAt, createdAt } = row.task;
  const askAt =
    status === "unconfirmed" ? confirmableAt(kind, submittedAt ?? createdAt, tierOf(row.task.request)) : null;
  return {
    ...toTaskView(row),
    result: row.task.result,
    outputs: outputNames(row.task.request.struct),
    submission:
      submission.source === "form"
        ? null
        : { id: submission.id, name: submission.name, leadCount: submission.leadCount },
    leads: ofTask.map(({ basedOnLeadId: _, ...lead }) => lead),
    earlier: await readEarlier(context, ofTask[0]?.basedOnLeadId ?? null),
    request: row.task.request,
    webhookRequested: row.task.webhookRequested,
    confirmableAt: askAt?.toISOString() ?? null,
    isConfirmable: askAt !== null && askAt.getTime() <= Date.now(),
    isRepeatable: status === "unconfirmed" && row.isRepeatable,
    erasure: row.task.erasedAt ? ((await readErasures(context, [id]))[0] ?? null) : null,
    history: history.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
  };
}

async function readEarlier(context: Context, leadId: string | null): Promise<TaskDetail["earlier"]> {
  const lead = leadId ? await readRowOfLead(context, leadId) : undefined;
  return lead ? { taskId: lead.taskId, lead: lead.fields, result: lead.result } : null;
}
