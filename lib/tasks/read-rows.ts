import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Transaction } from "@/db/client";
import { readSnapshot } from "@/db/read-snapshot";
import { leads, submissions, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { hasFound } from "@/lib/sixtyfour/results";
import { outputNames } from "@/lib/tasks/found-count";
import { type ResultMismatch, resultsByLead } from "@/lib/tasks/lead-result";
import type { SubmissionRowView } from "@/lib/tasks/lead-row-view";
import { leadStatus } from "@/lib/tasks/lead-status";
import { describeProblem } from "@/lib/tasks/task-problems";
import type { TaskStatus } from "@/lib/tasks/task-status";
import type { TaskView } from "@/lib/tasks/task-view";

/** A lead and what came of it; of one that took an earlier lead's result, what came of that one. */
export interface LeadRow {
  id: string;
  /** Place in its submission, from 0. */
  row: number;
  fields: Record<string, string>;
  /** Its row of the list, by the submission's columns; null where there was no list, or it was erased. */
  cells: string[] | null;
  /** Its own task, so null where an earlier result was reused. */
  taskId: string | null;
  /** Its place in that task's request. */
  position: number | null;
  status: SubmissionRowView["status"];
  /** Kind and output fields that were asked for. */
  kind: string;
  outputs: string[];
  result: unknown;
  /** True if the result has what was asked for; null while there is none. */
  isFound: boolean | null;
  /** Name that Sixtyfour gives in place of the lead's; null where it fits. */
  otherName: string | null;
  mismatch: ResultMismatch | null;
  error: string | null;
  deliveredAt: Date | null;
  deliveredVia: TaskView["deliveredVia"];
}

const earlier = alias(leads, "earlier");

/**
 * The next leads of a submission in the order of its list, in one state of the database and with a fixed number of
 * statements, however many leads there are.
 *
 * @param afterRow the last row of the page before; -1 for the first page
 */
export async function readRowsOfSubmission(
  context: Context,
  given: { submissionId: string; afterRow: number; limit: number; status?: SubmissionRowView["status"] | undefined },
): Promise<LeadRow[]> {
  const where = and(
    eq(leads.submissionId, given.submissionId),
    gt(leads.row, given.afterRow),
    given.status && hasStatus(given.status),
  );
  return readRows(context, { where, orderBy: [asc(leads.row)], limit: given.limit });
}

/**
 * The next leads of some tasks, newest task first and each in the order of its request.
 *
 * @param afterPosition the last position of the page before, where that ended within the one task that is given; else -1
 */
export async function readRowsOfTasks(
  context: Context,
  given: { taskIds: string[]; afterPosition: number; limit: number },
): Promise<LeadRow[]> {
  const where = and(inArray(leads.taskId, given.taskIds), gt(leads.position, given.afterPosition));
  return readRows(context, { where, orderBy: [desc(leads.taskId), asc(leads.position)], limit: given.limit });
}

/** One lead; undefined where there is none. */
export async function readRowOfLead(context: Context, leadId: string): Promise<LeadRow | undefined> {
  const [lead] = await readRows(context, { where: eq(leads.id, leadId), orderBy: [asc(leads.id)], limit: 1 });
  return lead;
}

function hasStatus(status: SubmissionRowView["status"]): SQL | undefined {
  if (status === "reused") return isNotNull(leads.reusedLeadId);
  const hasNoTask = and(isNull(leads.taskId), isNull(leads.reusedLeadId));
  if (status === "preparing") return and(hasNoTask, isNull(submissions.cancelledAt));
  // Of what was cancelled before it had a task there is nothing else to tell.
  if (status === "cancelled") return or(isOf(status), and(hasNoTask, isNotNull(submissions.cancelledAt)));
  return isOf(status);
}

function isOf(status: TaskStatus): SQL | undefined {
  return and(eq(leadStatus, status), isNull(leads.reusedLeadId));
}

async function readRows(
  { db }: Context,
  page: { where: SQL | undefined; orderBy: SQL[]; limit: number },
): Promise<LeadRow[]> {
  // One snapshot: else a task could end, or be erased, between its status and its result.
  return readSnapshot(db, async (tx) => {
    const found = await selectLeads(tx, page);
    const bulkTaskIds = found.flatMap(({ task }) => (task?.shape === "bulk" ? [task.id] : []));
    const bulkResults = await readBulkResults(tx, [...new Set(bulkTaskIds)]);
    return found.map((lead) => toLeadRow(lead, bulkResults));
  });
}

type FoundLead = Awaited<ReturnType<typeof selectLeads>>[number];

function selectLeads(
  tx: Transaction,
  { where, orderBy, limit }: { where: SQL | undefined; orderBy: SQL[]; limit: number },
) {
  return tx
    .select({
      id: leads.id,
      row: leads.row,
      fields: leads.fields,
      cells: leads.cells,
      taskId: leads.taskId,
      reusedLeadId: leads.reusedLeadId,
      position: leads.position,
      cancelledAt: submissions.cancelledAt,
      kind: submissions.kind,
      options: submissions.options,
      resultName: sql<string | null>`coalesce(${earlier.resultName}, ${leads.resultName})`,
      resultPosition: sql<number | null>`coalesce(${earlier.position}, ${leads.position})`,
      // Rows of a file count once all of it is stored.
      fileResult: sql<unknown>`case when ${tasks.rowsStoredAt} is not null then coalesce(${earlier.result}, ${leads.result}) end`,
      task: {
        id: tasks.id,
        shape: tasks.shape,
        status: leadStatus,
        fetchProblem: tasks.fetchProblem,
        errorCode: tasks.errorCode,
        errorMessage: tasks.errorMessage,
        deliveredAt: tasks.deliveredAt,
        deliveredVia: tasks.deliveredVia,
      },
      // That of a bulk task is its leads' together, and is read once for all of them.
      singleResult: sql<unknown>`case when ${tasks.shape} = 'single' then ${tasks.result} end`,
    })
    .from(leads)
    .innerJoin(submissions, eq(submissions.id, leads.submissionId))
    .leftJoin(earlier, eq(earlier.id, leads.reusedLeadId))
    .leftJoin(tasks, eq(tasks.id, sql`coalesce(${earlier.taskId}, ${leads.taskId})`))
    .where(where)
    .orderBy(...orderBy)
    .limit(limit);
}

interface BulkResults {
  byPosition: Map<number, { result: unknown; otherName: string | null }>;
  mismatch: ResultMismatch | null;
}

/** The results of bulk tasks by the places of their leads. All leads of a task are needed to tell whose is whose. */
async function readBulkResults(tx: Transaction, taskIds: string[]): Promise<Map<string, BulkResults>> {
  if (taskIds.length === 0) return new Map();
  const bulkTasks = await tx
    .select({ id: tasks.id, result: tasks.result })
    .from(tasks)
    .where(and(inArray(tasks.id, taskIds), isNotNull(tasks.result)));
  const members = await tx
    .select({ taskId: leads.taskId, position: leads.position, fields: leads.fields })
    .from(leads)
    .where(inArray(leads.taskId, taskIds))
    .orderBy(asc(leads.taskId), asc(leads.position));
  const membersOf = new Map<string | null, typeof members>();
  for (const member of members) {
    const ofTask = membersOf.get(member.taskId);
    if (ofTask) ofTask.push(member);
    else membersOf.set(member.taskId, [member]);
  }
  return new Map(bulkTasks.map(({ id, result }) => [id, matchResults(result, membersOf.get(id) ?? [])]));
}

function matchResults(
  result: unknown,
  members: { position: number | null; fields: Record<string, string> }[],
): BulkResults {
  const { results, otherNames, mismatch } = resultsByLead({ shape: "bulk", result }, members);
  const entries = members.map(({ position }, index) => {
    return [position ?? -1, { result: results[index] ?? null, otherName: otherNames[index] ?? null }] as const;
  });
  return { byPosition: new Map(entries), mismatch };
}

function toLeadRow(lead: FoundLead, bulkResults: Map<string, BulkResults>): LeadRow {
  const { id, row, fields, cells, taskId, position, reusedLeadId, cancelledAt, task, kind } = lead;
  const bulk = task?.shape === "bulk" ? bulkResults.get(task.id) : undefined;
  const outputs = outputNames(lead.options.struct);
  const result = resultOf(lead, bulk);
  return {
    id,
    row,
    fields,
    cells,
    taskId,
    position,
    status: reusedLeadId ? "reused" : (task?.status ?? (cancelledAt ? "cancelled" : "preparing")),
    kind,
    outputs,
    result,
    isFound: result === null ? null : hasFound(result, { kind, outputs, lead: fields }),
    otherName: task?.shape === "bulk" ? (bulkOf(lead, bulk)?.otherName ?? null) : lead.resultName,
    mismatch: bulk?.mismatch ?? task?.fetchProblem ?? null,
    error: task?.errorCode ? (task.errorMessage ?? describeProblem(task.errorCode).title) : null,
    deliveredAt: task?.deliveredAt ?? null,
    deliveredVia: task?.deliveredVia ?? null,
  };
}

function bulkOf({ resultPosition }: FoundLead, bulk: BulkResults | undefined) {
  return bulk?.byPosition.get(resultPosition ?? -1);
}

function resultOf(lead: FoundLead, bulk: BulkResults | undefined): unknown {
  const { task, fileResult, singleResult } = lead;
  if (task?.shape === "bulk") return bulkOf(lead, bulk)?.result ?? null;
  return (task?.shape === "file" ? fileResult : singleResult) ?? null;
}
