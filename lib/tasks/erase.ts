import { and, asc, eq, gt, gte, inArray, isNull, lt, ne, or, sql } from "drizzle-orm";
import type { Transaction } from "@/db/client";
import {
  deliveries,
  erasures,
  leads,
  type Person,
  type StillNamed,
  sends,
  submissions,
  taskEvents,
  tasks,
} from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { searchTraces } from "@/lib/tasks/erase-traces";
import { type ErasureReport, readErasures } from "@/lib/tasks/erasure-report";
import { leadsOfRequest } from "@/lib/tasks/found-count";
import { createMatcher, personOf } from "@/lib/tasks/person-traces";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/** A person waits for the search for so long; the background job does what is left. */
const SEARCH_BUDGET_MS = 5_000;
/** In one statement: each must end long before the time-out of a statement. */
const LEADS_PER_STATEMENT = 5_000;
/** What one search has in memory at a time. */
const PEOPLE_PER_ERASURE = 20_000;

/**
 * Deletes all that is stored about a task's leads: the leads, the requests, the results, the webhooks, and what names them
 * elsewhere. That includes the tasks that they had before or got later, when they were submitted again. The task stays as
 * a tombstone, so that late webhooks and polls find it, are answered, and bring nothing back. An open task ends as cancelled
 * here; at Sixtyfour, which knows no cancelling, it goes on.
 *
 * @returns what still names the leads, as far as the search for it has come
 * @throws AppError `not_found`
 */
export async function eraseTask(context: Context, taskId: string): Promise<ErasureReport> {
  const [report] = await eraseTasks(context, [taskId]);
  return report ?? { isSearching: false, stillNamed: [] };
}

/**
 * The same for some tasks, whose traces are searched together.
 *
 * @returns a report for each, in their order
 */
export async function eraseTasks(context: Context, taskIds: string[]): Promise<ErasureReport[]> {
  const erasureIds: string[] = [];
  for (const taskId of taskIds) {
    // The tasks themselves first, in a transaction of their own: webhooks wait for their locks.
    erasureIds.push(...(await context.db.transaction((tx) => eraseOwn(tx, taskId))));
  }
  if (erasureIds.length > 0) {
    await searchTraces(context, { erasureIds, forMs: SEARCH_BUDGET_MS }).catch((error: unknown) => {
      // The leads themselves are erased; the background job goes on with the search.
      log.error("erase_traces_failed", error);
    });
  }
  return readErasures(context, taskIds);
}

/** @returns the searches that are left to do */
async function eraseOwn(tx: Transaction, taskId: string): Promise<string[]> {
  const [known] = await tx.select({ id: tasks.id, erasedAt: tasks.erasedAt }).from(tasks).where(eq(tasks.id, taskId));
  if (!known) throw new AppError("not_found", "There is no such task.");
  if (known.erasedAt) return [];
  const { ids, larger, submissions: locked } = await lockRelated(tx, taskId);
  const related = await tx
    .select()
    .from(tasks)
    .where(and(inArray(tasks.id, ids), isNull(tasks.erasedAt)));
  const people = await readPeople(tx, related);
  await eraseRows(tx, related, { people, larger, submissions: locked });
  const made: string[] = [];
  for (let from = 0; from < people.length; from += PEOPLE_PER_ERASURE) {
    const values = { taskIds: ids, people: people.slice(from, from + PEOPLE_PER_ERASURE) };
    const [erasure] = await tx.insert(erasures).values(values).returning({ id: erasures.id });
    if (erasure) made.push(erasure.id);
  }
  return made;
}

/**
 * Locks the tasks that are erased together, and their submissions first, both by their ids: so does all that changes both, and
 * no two wait for each other. A task that came to them meanwhile may be of a submission that is not locked, so it is looked
 * again until none has come.
 */
async function lockRelated(tx: Transaction, taskId: string): Promise<Related & Pick<Named, "submissions">> {
  const locked = new Set<string>();
  for (;;) {
    const related = await findRelated(tx, taskId);
    const { ids } = related;
    const ofTasks = tx.select({ id: tasks.submissionId }).from(tasks).where(inArray(tasks.id, ids));
    const found = await tx
      .select({ id: submissions.id, leadCount: submissions.leadCount, pauseMessage: submissions.pauseMessage })
      .from(submissions)
      .where(inArray(submissions.id, ofTasks))
      .orderBy(asc(submissions.id))
      .for("update");
    const isComplete = found.every(({ id }) => locked.has(id));
    for (const { id } of found) locked.add(id);
    if (!isComplete) continue;
    await tx.select({ id: tasks.id }).from(tasks).where(inArray(tasks.id, ids)).orderBy(asc(tasks.id)).for("update");
    return { ...related, submissions: found };
  }
}

/** What is told, or emptied, beside the tasks' own rows. */
interface Named {
  people: Person[];
  larger: string[];
  submissions: Pick<typeof submissions.$inferSelect, "id" | "leadCount" | "pauseMessage">[];
}

interface Related {
  ids: string[];
  /** Tasks that hold the lead beside others, which are not to be erased. */
  larger: string[];
}

/**
 * The task, those that its leads had before they were submitted again, and those that they got then. A task with more leads
 * than this one is left alone: the others of its leads are not to be erased.
 */
async function findRelated(tx: Transaction, taskId: string): Promise<Related> {
  const found = new Set<string>();
  const larger = new Set<string>();
  for (let next = [taskId]; next.length > 0; ) {
    for (const id of next) found.add(id);
    const ids = sql`any(${`{${next.join()}}`}::uuid[])`;
    const related = await tx.execute<{ id: string; isLarger: boolean }>(sql`
      select related.id,
        related.lead_count > (select erased.lead_count from tasks as erased where erased.id = ${taskId}) as "isLarger"
      from tasks as related where related.erased_at is null and related.id in (
        select retried_as_id from tasks where id = ${ids}
        union select id from tasks where retried_as_id = ${ids}
        union select earlier.task_id from leads join leads as earlier on earlier.id = leads.based_on_lead_id
          where leads.task_id = ${ids}
        union select later.task_id from leads join leads as later on later.based_on_lead_id = leads.id
          where leads.task_id = ${ids})`);
    for (const { id, isLarger } of related) if (isLarger) larger.add(id);
    next = related.flatMap(({ id, isLarger }) => (isLarger || found.has(id) ? [] : [id]));
  }
  return { ids: [...found], larger: [...larger] };
}

type Task = typeof tasks.$inferSelect;

/** By what these tasks' leads can be found elsewhere. */
async function readPeople(tx: Transaction, given: Task[]): Promise<Person[]> {
  const people = new Map<string, Person>();
  const add = (fields: Record<string, string>, result: unknown) => {
    const person = personOf(fields, result);
    if (person) people.set(JSON.stringify(person), person);
  };
  for (const task of given) {
    const resultAt = (position: number) => (Array.isArray(task.result) ? task.result[position] : task.result);
    for (let after = -1; ; ) {
      const page = await tx
        .select({ position: leads.position, fields: leads.fields })
        .from(leads)
        .where(and(eq(leads.taskId, task.id), gt(leads.position, after)))
        .orderBy(asc(leads.position))
        .limit(LEADS_PER_STATEMENT);
      for (const { position, fields } of page) add(fields, resultAt(position ?? 0));
      if (page.length < LEADS_PER_STATEMENT) break;
      after = page.at(-1)?.position ?? after;
    }
    // Its leads may be a later task's by now.
    leadsOfRequest(task).forEach((fields, position) => {
      add(fields, resultAt(position));
    });
  }
  return [...people.values()];
}

/** Webhooks about the tasks' jobs that no task took, such as rejected ones, keep only that they arrived. */
async function eraseStrayDeliveries(tx: Transaction, ids: string[]): Promise<void> {
  const jobs = tx.select({ id: sends.sixtyfourTaskId }).from(sends).where(inArray(sends.taskId, ids));
  const isOfJob = inArray(deliveries.sixtyfourTaskId, jobs);
  await tx
    .update(deliveries)
    .set(NOTHING)
    .where(and(isNull(deliveries.taskId), ne(deliveries.outcome, "applied"), isOfJob));
}

const NOTHING = { headers: {}, body: new Uint8Array(), bodySha256: null };

/** Empties all rows of some tasks. Their locks are held. */
async function eraseRows(tx: Transaction, given: Task[], named: Named): Promise<void> {
  const ids = given.map(({ id }) => id);
  const isOpen = sql`${tasks.status} in ${OPEN_STATUSES}`;
  await tx
    .update(tasks)
    .set({
      erasedAt: sql`now()`,
      status: sql`case when ${isOpen} then 'cancelled' else ${tasks.status} end`,
      endedAt: sql`coalesce(${tasks.endedAt}, now())`,
      request: {},
      result: null,
      errorCode: "erased",
      errorMessage: null,
      investigation: null,
      verdict: null,
      score: null,
      nextPollAt: null,
      nextSendAt: null,
      nextFetchAt: null,
    })
    .where(inArray(tasks.id, ids));
  for (const task of given) await eraseLeads(tx, task);
  await Promise.all([
    tx.update(sends).set({ bodySha256: null }).where(inArray(sends.taskId, ids)),
    tx.update(deliveries).set(NOTHING).where(inArray(deliveries.taskId, ids)),
    eraseStrayDeliveries(tx, ids),
    // Sixtyfour's messages may name the lead.
    tx
      .update(taskEvents)
      .set({ detail: sql`${taskEvents.detail} - 'message'` })
      .where(inArray(taskEvents.taskId, ids)),
  ]);
  const stillNamed: StillNamed[] = named.larger.map((id) => ({ type: "task", id, place: "leads" }));
  const event = { type: "erased" as const, detail: { stillNamed } };
  await tx.insert(taskEvents).values(ids.map((taskId) => ({ taskId, ...event })));
  await eraseOfSubmissions(tx, given, named);
  // A backup that is restored brings the lead back: these lines say what has to be erased again.
  for (const taskId of ids) log.info("erased", { taskId });
}

async function eraseLeads(tx: Transaction, { id: taskId, leadCount }: Task): Promise<void> {
  const nothing = { fields: {}, cells: null, fingerprint: null, result: null, resultName: null };
  const isOfTask = eq(leads.taskId, taskId);
  for (let from = LEADS_PER_STATEMENT; from < leadCount; from += LEADS_PER_STATEMENT) {
    const isInStep = and(gte(leads.position, from), lt(leads.position, from + LEADS_PER_STATEMENT));
    await tx.update(leads).set(nothing).where(and(isOfTask, isInStep));
  }
  const isFirst = leadCount > LEADS_PER_STATEMENT ? lt(leads.position, LEADS_PER_STATEMENT) : undefined;
  const ofTask = tx.select({ id: leads.id }).from(leads).where(isOfTask);
  await tx
    .update(leads)
    .set(nothing)
    .where(or(and(isOfTask, isFirst), inArray(leads.reusedLeadId, ofTask)));
}

/** What was written for a single lead is about that lead alone, and a pause repeats what Sixtyfour said of one. */
async function eraseOfSubmissions(
  tx: Transaction,
  given: Task[],
  { submissions: locked, people }: Named,
): Promise<void> {
  const matcher = createMatcher(people);
  for (const { id, leadCount, pauseMessage } of locked) {
    const nothing = { name: "", options: {}, pauseMessage: null };
    const isOfTask = given.some((task) => task.submissionId === id && task.errorMessage === pauseMessage);
    const { certain, possible } = matcher.mentions(pauseMessage ?? "");
    const isNamed = pauseMessage !== null && (isOfTask || certain.size + possible.size > 0);
    if (leadCount !== 1 && !isNamed) continue;
    await tx
      .update(submissions)
      .set(leadCount === 1 ? nothing : { pauseMessage: null })
      .where(eq(submissions.id, id));
  }
}
