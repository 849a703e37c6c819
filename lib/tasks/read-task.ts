import { eq, sql } from "drizzle-orm";
import { leads, tasks } from "@/db/schema";
import { type ResultSummary, summarizeResult } from "@/lib/sixtyfour/results/summary";
import { askedOf, leadsOfRequest } from "@/lib/tasks/found-count";
import { describeProblem } from "@/lib/tasks/task-problems";
import type { TaskView } from "@/lib/tasks/task-view";

/** The columns of a task's view; a query of them joins the first lead by {@link firstLead}. */
export const taskColumns = {
  task: tasks,
  lead: leads.fields,
};

export const firstLead = sql`${eq(leads.taskId, tasks.id)} and ${leads.position} = 0`;

/** Turns a row into what goes out. */
export function toTaskView(row: { task: typeof tasks.$inferSelect; lead: Record<string, string> | null }): TaskView {
  const { task } = row;
  // The leads of a task may have moved on to another one, when they were submitted again.
  const lead = row.lead ?? leadsOfRequest(task)[0] ?? {};
  return {
    id: task.id,
    taskId: task.sixtyfourTaskId,
    kind: task.kind,
    shape: task.shape,
    status: task.status,
    sixtyfourStatus: task.sixtyfourStatus,
    lead,
    leadCount: task.leadCount,
    createdAt: task.createdAt.toISOString(),
    submittedAt: iso(task.submittedAt),
    endedAt: iso(task.endedAt),
    deliveredAt: iso(task.deliveredAt),
    deliveredVia: task.deliveredVia,
    deliveredAttempt: task.deliveredAttempt,
    summary: summaryOf(task, lead),
    resultCount: task.shape === "bulk" && Array.isArray(task.result) ? task.result.length : null,
    foundCount: task.foundCount,
    unrecognizedFields: task.unrecognizedFields ?? [],
    investigation: task.investigation,
    progress: task.progress,
    error: task.errorCode && (task.errorMessage ?? describeProblem(task.errorCode).title),
    errorCode: task.errorCode,
    errorMessage: task.errorMessage,
    chargedCents: task.chargedCents,
    lastPolledAt: iso(task.lastPolledAt),
    nextPollAt: iso(task.nextPollAt),
    nextSendAt: iso(task.nextSendAt),
    retriedAsId: task.retriedAsId,
    nextFetchAt: iso(task.nextFetchAt),
    rowsStoredAt: iso(task.rowsStoredAt),
    fetchProblem: task.fetchProblem,
    erasedAt: iso(task.erasedAt),
  };
}

function summaryOf(task: typeof tasks.$inferSelect, lead: Record<string, string>): ResultSummary | null {
  if (task.shape !== "single" || task.status !== "completed" || task.erasedAt) return null;
  return summarizeResult(task.result, { ...askedOf(task), lead });
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
