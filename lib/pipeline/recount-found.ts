import { and, asc, DrizzleQueryError, desc, eq, gt, ne, type SQL, sql } from "drizzle-orm";
import { leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { hasFound } from "@/lib/sixtyfour/results";
import { type AskedTask, askedOf, FOUND_RULE, type FoundFigures, readFoundFigures } from "@/lib/tasks/found-count";

const TASKS_PER_STEP = 20;
const LEADS_PER_PAGE = 500;

/** Counted by an older rule, or by none. In the words of the index `tasks_to_recount`. */
const isOutdated: SQL = sql`${tasks.status} = 'completed' and coalesce(${tasks.foundRule}, 0) < ${FOUND_RULE}::int`;

/**
 * Background job: recounts what completed tasks have found, where an older version of the rule has counted it, newest
 * first, until none is left, `forMs` have passed or `signal` is aborted. Each step is stored with the rule's version, so
 * the job goes on where it stopped, in any process.
 *
 * @returns number of tasks recounted
 */
export async function recountFound(
  context: Context,
  { forMs, signal }: { forMs: number; signal?: AbortSignal },
): Promise<{ recounted: number }> {
  const endsAt = Date.now() + forMs;
  let recounted = 0;
  for (const step of [recountTasks, recountFile]) {
    for (let done = -1; done !== 0 && Date.now() < endsAt && !signal?.aborted; recounted += done)
      done = await step(context);
  }
  if (recounted > 0) log.info("recount_found", { recounted });
  return { recounted };
}

async function recountTasks({ db }: Context): Promise<number> {
  return db.transaction(async (tx) => {
    const outdated = await tx
      .select({
        id: tasks.id,
        kind: tasks.kind,
        shape: tasks.shape,
        leadCount: tasks.leadCount,
        request: tasks.request,
        result: tasks.result,
        erasedAt: tasks.erasedAt,
        foundCount: tasks.foundCount,
      })
      .from(tasks)
      .where(and(isOutdated, ne(tasks.shape, "file")))
      .orderBy(desc(tasks.id))
      .limit(TASKS_PER_STEP)
      .for("no key update", { skipLocked: true });
    if (outdated.length === 0) return 0;
    const figures = outdated.map(({ result, ...task }) => {
      // Only the count is left of an erased lead.
      const { foundCount, verdict, score } = task.erasedAt
        ? { foundCount: task.foundCount, verdict: null, score: null }
        : recount(task, result);
      return { id: task.id, found_count: foundCount, verdict, score };
    });
    await tx.execute(sql`
      update ${tasks} set found_count = figure.found_count, verdict = figure.verdict, score = figure.score,
        found_rule = ${FOUND_RULE}
      from json_to_recordset(${JSON.stringify(figures)}::json)
        as figure (id uuid, found_count int, verdict text, score double precision)
      where ${tasks.id} = figure.id`);
    return outdated.length;
  });
}

/** A result that can't be read keeps its old count: one of them must not keep the job from the others. */
function recount(task: AskedTask & { id: string; foundCount: number | null }, result: unknown): FoundFigures {
  try {
    return readFoundFigures(task, result);
  } catch (error) {
    log.error("result_not_recounted", error, { taskId: task.id });
    return { foundCount: task.foundCount, verdict: null, score: null };
  }
}

/** The rows of one file; its leads hold the results. */
async function recountFile({ db }: Context): Promise<number> {
  const [file] = await db
    .select({
      id: tasks.id,
      kind: tasks.kind,
      request: tasks.request,
      isStored: sql<boolean>`${tasks.rowsStoredAt} is not null and ${tasks.erasedAt} is null`,
    })
    .from(tasks)
    .where(and(isOutdated, eq(tasks.shape, "file")))
    .orderBy(desc(tasks.id))
    .limit(1);
  if (!file) return 0;
  const foundCount = file.isStored ? await recountRows({ db }, file) : undefined;
  await db
    .update(tasks)
    .set({ foundRule: FOUND_RULE, ...(foundCount === undefined ? {} : { foundCount }) })
    .where(and(eq(tasks.id, file.id), isOutdated));
  return 1;
}

/** @returns undefined where a row can't be read: then the old count stays */
async function recountRows(context: Pick<Context, "db">, file: StoredFile): Promise<number | undefined> {
  try {
    return await countRows(context, file);
  } catch (error) {
    // A database that fails is no matter of this file: the next run tries again.
    if (error instanceof DrizzleQueryError) throw error;
    log.error("result_not_recounted", error, { taskId: file.id });
    return undefined;
  }
}

type StoredFile = Pick<typeof tasks.$inferSelect, "id" | "kind" | "request">;

async function countRows({ db }: Pick<Context, "db">, file: StoredFile): Promise<number> {
  const asked = askedOf(file);
  let found = 0;
  for (let after = -1; ; ) {
    const page = await db
      .select({ position: leads.position, lead: leads.fields, result: leads.result })
      .from(leads)
      .where(and(eq(leads.taskId, file.id), gt(leads.position, after)))
      .orderBy(asc(leads.position))
      .limit(LEADS_PER_PAGE);
    found += page.filter(({ lead, result }) => hasFound(result, { ...asked, lead })).length;
    if (page.length < LEADS_PER_PAGE) return found;
    after = page.at(-1)?.position ?? after;
  }
}
