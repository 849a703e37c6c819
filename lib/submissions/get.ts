import { and, count, desc, eq, gt, isNotNull, isNull, max, sql, sum } from "drizzle-orm";
import { z } from "zod";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { requestsNeeded } from "@/lib/submissions/requests-needed";
import type { LeadCounts, SubmissionState, SubmissionView } from "@/lib/submissions/submission-view";
import { outputNames } from "@/lib/tasks/found-count";
import { leadStatus } from "@/lib/tasks/lead-status";
import { describeProblem } from "@/lib/tasks/task-problems";
import { isOpen, TASK_STATUSES, type TaskStatus } from "@/lib/tasks/task-status";

const MAX_PROBLEMS = 20;

/**
 * A submission and how far it has come.
 *
 * @throws AppError `not_found`, also for what is no id at all
 */
export async function getSubmission(context: Context, id: string): Promise<SubmissionView> {
  const notFound = () => new AppError("not_found", "There is no such submission.");
  if (!z.uuid().safeParse(id).success) throw notFound();
  const { db, requestsPerMinute } = context;
  // A task that was submitted again counts for its cost alone: its leads are its successor's.
  const isCurrent = isNull(tasks.retriedAsId);
  const [[submission], byStatus, [reused], problems, [told]] = await Promise.all([
    db.select().from(submissions).where(eq(submissions.id, id)),
    db
      .select({
        status: leadStatus,
        tasks: sql<number>`count(*) filter (where ${isCurrent})::int`,
        leads: sql<number>`coalesce(sum(${tasks.leadCount}) filter (where ${isCurrent}), 0)::int`,
        cents: sql<number | null>`${sum(tasks.chargedCents)}::float8`,
        sentLately: sql<number>`count(*) filter (where ${gt(tasks.submittedAt, sql`now() - interval '1 minute'`)})::int`,
      })
      .from(tasks)
      .where(eq(tasks.submissionId, id))
      .groupBy(leadStatus),
    db
      .select({ leads: count() })
      .from(leads)
      .where(and(eq(leads.submissionId, id), isNotNull(leads.reusedLeadId))),
    db
      .select({
        code: tasks.errorCode,
        message: max(tasks.errorMessage),
        leads: sql<number>`sum(${tasks.leadCount})::int`,
      })
      .from(tasks)
      .where(and(eq(tasks.submissionId, id), isNotNull(tasks.errorCode), isCurrent))
      .groupBy(tasks.errorCode)
      .orderBy(desc(sql`sum(${tasks.leadCount})`))
      .limit(MAX_PROBLEMS),
    db
      .select({
        unrecognizedFields: sql<string[]>`coalesce((
          select json_agg(distinct field) from tasks as told, unnest(told.unrecognized_fields) as field
          where told.submission_id = ${id}), '[]')`,
        completed: sql<number | null>`sum((${tasks.progress} ->> 'completed')::float8)::int`,
        total: sql<number | null>`sum((${tasks.progress} ->> 'total')::float8)::int`,
      })
      .from(tasks)
      .where(and(eq(tasks.submissionId, id), eq(tasks.status, "running"), isNotNull(tasks.progress))),
  ]);
  if (!submission) throw notFound();

  const counts = countLeads(submission, byStatus, reused?.leads ?? 0);
  const queuedTasks = byStatus.find(({ status }) => status === "queued")?.tasks ?? 0;
  const cents = byStatus.flatMap((entry) => (entry.cents === null ? [] : [entry.cents]));
  const unsent = queuedTasks + requestsNeeded(submission.kind, submission.shape, counts.preparing);
  const state = stateOf(submission, counts);
  return {
    id: submission.id,
    kind: submission.kind,
    name: submission.name,
    source: submission.source,
    shape: submission.shape,
    state,
    columns: submission.columns,
    createdAt: submission.createdAt.toISOString(),
    confirmedAt: submission.confirmedAt?.toISOString() ?? null,
    pausedAt: submission.pausedAt?.toISOString() ?? null,
    pauseReason: submission.pauseReason,
    pauseMessage: submission.pauseMessage,
    leadCount: submission.leadCount,
    taskCount: byStatus.reduce((total, entry) => total + entry.tasks, 0),
    leads: counts,
    outputs: outputNames(submission.options.struct),
    unrecognizedFields: told?.unrecognizedFields ?? [],
    progress: told?.total ? { completed: told.completed ?? 0, total: told.total } : null,
    chargedCents: cents.length > 0 ? cents.reduce((total, some) => total + some, 0) : null,
    sentLastMinute: byStatus.reduce((total, entry) => total + entry.sentLately, 0),
    secondsLeft: state === "sending" ? Math.ceil((unsent * 60) / requestsPerMinute) : null,
    problems: problems.map(({ code, message, leads: leadCount }) => ({
      code: code ?? "",
      title: describeProblem(code ?? "").title,
      message,
      leads: leadCount,
    })),
  };
}

/** The leads by state, from those of the tasks that are current and those that took an earlier result. */
export function countLeads(
  { leadCount, cancelledAt }: Pick<typeof submissions.$inferSelect, "leadCount" | "cancelledAt">,
  byStatus: { status: TaskStatus; leads: number }[],
  reused: number,
): LeadCounts {
  const counts = Object.fromEntries(TASK_STATUSES.map((status) => [status, 0])) as Record<TaskStatus, number>;
  for (const { status, leads: count } of byStatus) counts[status] = count;
  const withTask = Object.values(counts).reduce((total, count) => total + count, 0);
  const withoutTask = Math.max(0, leadCount - withTask - reused);
  if (cancelledAt) return { ...counts, cancelled: counts.cancelled + withoutTask, preparing: 0, reused };
  return { ...counts, preparing: withoutTask, reused };
}

/** Where a submission stands as a whole. */
export function stateOf(
  { confirmedAt, pausedAt, cancelledAt }: typeof submissions.$inferSelect,
  counts: LeadCounts,
): SubmissionState {
  if (!confirmedAt) return cancelledAt ? "cancelled" : "draft";
  if (pausedAt) return "paused";
  if (!cancelledAt && counts.queued + counts.preparing > 0) return "sending";
  const isAnyOpen = TASK_STATUSES.some((status) => isOpen(status) && counts[status] > 0);
  if (isAnyOpen) return "waiting";
  return cancelledAt ? "cancelled" : "ended";
}
