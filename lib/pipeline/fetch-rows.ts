import { and, eq, isNotNull, isNull, lte, sql } from "drizzle-orm";
import { leads, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { idForLog, log } from "@/lib/log";
import { countRequest, waitForSlot } from "@/lib/pipeline/request-pace";
import { createRowFit } from "@/lib/pipeline/row-fit";
import { ResultTooLargeError } from "@/lib/sixtyfour/download-result";
import { openResultFile, readInlineRows, readResultFiles } from "@/lib/sixtyfour/result-files";
import { readResultRows, type Table, UnreadableRowsError } from "@/lib/sixtyfour/result-rows";
import { hasFound } from "@/lib/sixtyfour/results";
import type { OutputField, TaskOptions } from "@/lib/sixtyfour/task-options";
import { storableJson, storableText } from "@/lib/storable-json";
import { FOUND_RULE } from "@/lib/tasks/found-count";
import { columnsOfLeads, readLeads } from "@/lib/tasks/lead-file";
import { nextPollAt } from "@/lib/tasks/poll-schedule";

type FetchProblem = NonNullable<(typeof tasks.$inferSelect)["fetchProblem"]>;

export type FetchOutcome =
  | { type: "stored"; rows: number }
  | { type: "failed"; problem: FetchProblem }
  /** The file is not available yet; the app asks for it again. */
  | { type: "later" };

/** An interrupted fetch starts again after this time, which is longer than a file usually takes. */
const LEASE_IN_SECONDS = 300;
/** If Sixtyfour still has no result file, or signs no link to it, this long after the end, the app stops asking. */
const GIVE_UP_AFTER_MS = 24 * 3_600_000;
/** After this time, a file that has the whole enrichment is taken although another one still has no link. */
const LINK_PATIENCE_MS = 10 * 60_000;
const ROWS_PER_STATEMENT = 500;

/** The rows can't be assigned to the leads: the number of rows differs, or most of them name other leads. */
class MismatchError extends Error {
  constructor(readonly problem: FetchProblem) {
    super(problem);
  }
}

/**
 * Fetches the result files that are due, one after the other, until none is, `forMs` have passed or `signal` is aborted.
 * Any number of instances may do so at once, and be ended at any time.
 *
 * @returns how many were stored
 */
export async function fetchDueRows(
  context: Context,
  { forMs, signal }: { forMs: number; signal?: AbortSignal },
): Promise<{ fetched: number }> {
  const endsAt = Date.now() + forMs;
  let fetched = 0;
  while (Date.now() < endsAt && !signal?.aborted) {
    const due = context.db
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(isNotNull(tasks.nextFetchAt), lte(tasks.nextFetchAt, sql`now()`)))
      .orderBy(tasks.nextFetchAt)
      .limit(1)
      .for("update", { skipLocked: true });
    const task = await lease(context, eq(tasks.id, sql`(${due})`));
    if (!task) break;
    if (!(await waitForSlot(context))) {
      // All slots are taken: soon again, and not once the lease is over.
      await retryLater(context, task, null);
      break;
    }
    if ((await fetchRows(context, task)).type === "stored") fetched += 1;
  }
  return { fetched };
}

/**
 * Fetches one task's result file at a person's word, also one that was given up.
 *
 * @throws AppError `conflict` where there is nothing to fetch (any more), or it was asked for just now
 */
export async function fetchRowsNow(context: Context, { taskId }: { taskId: string }): Promise<FetchOutcome> {
  // Twice at once would do no harm, but two presses in a row are meant as one.
  const isFree = sql`(${tasks.nextFetchAt} is null or ${tasks.lastPolledAt} < now() - interval '5 seconds')`;
  await countRequest(context);
  const task = await lease(context, and(eq(tasks.id, taskId), isFree));
  if (!task) throw new AppError("conflict", "There is nothing to fetch at this moment.");
  return fetchRows(context, task);
}

type LeasedTask = NonNullable<Awaited<ReturnType<typeof lease>>>;

async function lease({ db }: Context, which: ReturnType<typeof and>) {
  const [task] = await db
    .update(tasks)
    .set({
      nextFetchAt: sql`now() + make_interval(secs => ${LEASE_IN_SECONDS})`,
      lastPolledAt: sql`now()`,
      fetchProblem: null,
    })
    .where(
      and(
        which,
        eq(tasks.shape, "file"),
        eq(tasks.status, "completed"),
        isNull(tasks.rowsStoredAt),
        isNull(tasks.erasedAt),
      ),
    )
    .returning({
      id: tasks.id,
      kind: tasks.kind,
      submissionId: tasks.submissionId,
      sixtyfourTaskId: tasks.sixtyfourTaskId,
      leadCount: tasks.leadCount,
      endedAt: tasks.endedAt,
    });
  return task;
}

/**
 * Stores the rows of a task's result file, each with its lead. The link is asked for right before: it is good for minutes
 * only. Leads get theirs page by page, and count once all are there and fit; to begin anew does no harm.
 */
async function fetchRows(context: Context, task: LeasedTask): Promise<FetchOutcome> {
  const startedAt = Date.now();
  const outcome = await fetchAndStore(context, task);
  log.info("file_rows", {
    taskId: task.id,
    sixtyfourTaskId: idForLog(task.sixtyfourTaskId),
    outcome: outcome.type,
    rows: outcome.type === "stored" ? outcome.rows : null,
    problem: outcome.type === "failed" ? outcome.problem : null,
    ms: Date.now() - startedAt,
  });
  return outcome;
}

async function fetchAndStore(context: Context, task: LeasedTask): Promise<FetchOutcome> {
  const answer = await context.sixtyfour.jobStatus(task.sixtyfourTaskId ?? "");
  if (answer.type !== "job") return retryLater(context, task, answer.type === "unavailable" ? answer : null);
  const columnsOf = { sentColumns: await columnsOfLeads(context.db, task), outputs: await outputsOf(context, task) };
  const choice = await openResultFile(filesOf(answer.job, task), {
    ...columnsOf,
    leadCount: task.leadCount,
    accept: isGivenUp(task) ? "best" : hasEndedFor(task, LINK_PATIENCE_MS) ? "whole" : "none",
    download: (url) => context.sixtyfour.downloadResult(url),
  });
  if (choice.type === "later") return retryLater(context, task, choice);
  if (choice.type === "none") return giveUp(context, task, choice.reason);
  let found: number;
  try {
    found = await storeRows(context, task, choice.table, columnsOf);
  } catch (error) {
    const problem = readProblem(error);
    if (problem) return giveUp(context, task, problem);
    log.error("result_file_not_stored", error, { taskId: task.id });
    return retryLater(context, task, null);
  }
  return finish(context, task, { found, chargedCents: answer.job.charge_amount ?? null });
}

/** The result files, or the rows themselves where the answer has no files. */
function filesOf({ results, result }: { results?: unknown; result?: unknown }, { leadCount }: LeasedTask) {
  const files = readResultFiles(results);
  const rows = files.length > 0 ? null : (readInlineRows(results, leadCount) ?? readInlineRows(result, leadCount));
  return rows ? [rows] : files;
}

/** The fields that were asked for; none where the choice was left to Sixtyfour. */
async function outputsOf({ db }: Context, { submissionId }: LeasedTask): Promise<OutputField[]> {
  const [submission] = await db
    .select({ options: submissions.options })
    .from(submissions)
    .where(eq(submissions.id, submissionId));
  return ((submission?.options ?? {}) as TaskOptions).struct ?? [];
}

function readProblem(error: unknown): FetchProblem | null {
  if (error instanceof MismatchError) return error.problem;
  if (error instanceof UnreadableRowsError) return "unreadable";
  return error instanceof ResultTooLargeError ? "too_large" : null;
}

/** @returns the number of leads for which something was found */
async function storeRows(
  context: Context,
  task: LeasedTask,
  table: Table,
  columnsOf: { sentColumns: string[]; outputs: OutputField[] },
): Promise<number> {
  const pages = readLeads(context.db, task.id, ROWS_PER_STATEMENT);
  const rows = readResultRows(table, columnsOf);
  const fit = createRowFit();
  const asked = { kind: task.kind, outputs: columnsOf.outputs.map(({ name }) => name) };
  let found = 0;
  try {
    for await (const page of pages) {
      const results: StoredRow[] = [];
      for (const { position, fields } of page) {
        const row = await rows.next();
        if (row.done) throw new MismatchError("count");
        const { given, result } = row.value;
        const otherName = fit.compare(given, fields);
        results.push({ position, result: storableJson(result), name: otherName && storableText(otherName) });
        if (hasFound(result, { ...asked, lead: fields })) found += 1;
      }
      await storePage(context, task.id, results);
    }
    if (!(await rows.next()).done) throw new MismatchError("count");
    if (!fit.isInOrder()) throw new MismatchError("names");
    return found;
  } finally {
    await table.close();
    await pages.return(undefined);
  }
}

interface StoredRow {
  position: number | null;
  result: unknown;
  /** The name that the row gives instead of its lead's. */
  name: string | null;
}

async function storePage({ db }: Context, taskId: string, results: StoredRow[]): Promise<void> {
  await db.transaction(async (tx) => {
    // An erasure waits for this, or this finds the leads gone.
    const [wanted] = await tx
      .select({ id: tasks.id })
      .from(tasks)
      .where(and(eq(tasks.id, taskId), isNull(tasks.erasedAt), isNull(tasks.rowsStoredAt)))
      .for("share");
    if (!wanted) throw new Error("The task was erased, or somebody else was quicker.");
    await tx.execute(sql`
      update ${leads} set result = page.result, result_name = page.name
      from json_to_recordset(${JSON.stringify(results)}::json) as page (position int, result json, name text)
      where ${leads.taskId} = ${taskId} and ${leads.position} = page.position`);
  });
}

async function finish(
  { db }: Context,
  task: LeasedTask,
  { found, chargedCents }: { found: number; chargedCents: number | null },
): Promise<FetchOutcome> {
  await db.transaction(async (tx) => {
    const [stored] = await tx
      .update(tasks)
      .set({
        rowsStoredAt: sql`now()`,
        nextFetchAt: null,
        foundCount: found,
        foundRule: FOUND_RULE,
        // The webhook of a file says nothing of its cost.
        chargedCents: sql`coalesce(${chargedCents}::float8, ${tasks.chargedCents})`,
      })
      .where(and(eq(tasks.id, task.id), isNull(tasks.rowsStoredAt), isNull(tasks.erasedAt)))
      .returning({ id: tasks.id });
    if (!stored) return;
    await tx.insert(taskEvents).values({ taskId: task.id, type: "fetched", detail: { rows: task.leadCount } });
  });
  return { type: "stored", rows: task.leadCount };
}

async function giveUp({ db }: Context, task: LeasedTask, problem: FetchProblem): Promise<FetchOutcome> {
  await db.transaction(async (tx) => {
    const [given] = await tx
      .update(tasks)
      .set({ nextFetchAt: null, fetchProblem: problem })
      .where(and(eq(tasks.id, task.id), isNull(tasks.rowsStoredAt), isNull(tasks.erasedAt)))
      .returning({ id: tasks.id });
    if (given) await tx.insert(taskEvents).values({ taskId: task.id, type: "fetched", detail: { problem } });
  });
  return { type: "failed", problem };
}

async function retryLater(
  context: Context,
  task: LeasedTask,
  answer: { retryAfterSeconds?: number | null | undefined } | null,
): Promise<FetchOutcome> {
  const now = new Date();
  const endedAt = task.endedAt ?? now;
  if (isGivenUp(task)) return giveUp(context, task, "no_file");
  await context.db
    .update(tasks)
    .set({ nextFetchAt: nextPollAt(endedAt, now, answer?.retryAfterSeconds ?? 0) })
    .where(and(eq(tasks.id, task.id), isNotNull(tasks.nextFetchAt), isNull(tasks.rowsStoredAt)));
  return { type: "later" };
}

function isGivenUp(task: LeasedTask): boolean {
  return hasEndedFor(task, GIVE_UP_AFTER_MS);
}

function hasEndedFor({ endedAt }: LeasedTask, ms: number): boolean {
  return endedAt !== null && Date.now() - endedAt.getTime() > ms;
}
