import { and, eq, gt, gte, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { firstIdAt } from "@/db/first-id-at";
import { leadSearch, leads, taskReason, taskSearch, tasks } from "@/db/schema";
import { DAY_IN_MS, HOUR_IN_MS, type Span } from "@/lib/period";
import { storableText } from "@/lib/storable-json";
import { type Found, SINCE, STRONG_SCORE, type TaskFilter } from "@/lib/tasks/task-filter";

const MAX_WORDS = 10;

const FOUND_CONDITIONS: Record<Found, SQL> = {
  yes: gt(tasks.foundCount, 0),
  no: lt(tasks.foundCount, tasks.leadCount),
  qualified: eq(tasks.verdict, sql`'yes'`),
  disqualified: eq(tasks.verdict, sql`'no'`),
  strong: gte(tasks.score, STRONG_SCORE),
};

/** The condition of a filter, for a query of {@link tasks}; undefined where it leaves nothing out. */
export function whereTasks(filter: TaskFilter): SQL | undefined {
  const { q, status, kind, submission, via, found, reason } = filter;
  const { startsAtMs, endsAtMs } = spanOfFilter(filter);
  return and(
    status && inArray(tasks.status, status),
    kind && inArray(tasks.kind, kind),
    submission ? eq(tasks.submissionId, submission) : undefined,
    via && (via === "none" ? isNull(tasks.deliveredAt) : eq(tasks.deliveredVia, via)),
    found && FOUND_CONDITIONS[found],
    // The first is what the others say already, in the words of an index.
    reason ? and(isNotNull(tasks.errorCode), hasReason(storableText(reason))) : undefined,
    startsAtMs > 0 ? gte(tasks.id, firstIdAt(startsAtMs)) : undefined,
    Number.isFinite(endsAtMs) ? lt(tasks.id, firstIdAt(endsAtMs)) : undefined,
    q ? matches(q) : undefined,
  );
}

/** When what a filter leaves was created; from 0, and without end, where it does not say. */
export function spanOfFilter({ since, from, to }: TaskFilter): Span {
  const starts = [since ? Date.now() - SINCE[since].hours * HOUR_IN_MS : 0, from ? Date.parse(from) : 0];
  return { startsAtMs: Math.max(...starts), endsAtMs: to ? endOf(to) : Number.POSITIVE_INFINITY };
}

/** What can be no code is not asked for as one: with one index to read, a rare reason is found at once. */
function hasReason(reason: string): SQL | undefined {
  return or(isCode(reason) ? eq(tasks.errorCode, reason) : undefined, eq(taskReason, reason));
}

/** Whether a reason may be our code for it, such as `job_failed`, see lib/tasks/task-problems.ts. */
export function isCode(reason: string): boolean {
  return /^[a-z_]+$/.test(reason);
}

/** When a day or an hour is over, in Unix milliseconds. */
function endOf(moment: string): number {
  return Date.parse(moment) + (moment.includes("T") ? HOUR_IN_MS : DAY_IN_MS);
}

/**
 * A lead, a result or a task_id has all the words, each from its beginning: `ada ana` finds Ada of Analytical Engines. What
 * is indexed is cut into words by the same rules, see {@link leadSearch}. The ids are found first, as an array: Postgres
 * takes any search for a common one, and would read all tasks for the few that it finds.
 */
function matches(q: string): SQL {
  const { ofLead, ofResult, ofTask } = matchesByIndex(q);
  return sql`${tasks.id} = any(array(
    select ${leads.taskId} from ${leads} where ${ofLead}
    union all select found.id from (select ${tasks.id} as id from ${tasks} where ${ofResult}) as found
    union all select named.id from (select ${tasks.id} as id from ${tasks} where ${ofTask}) as named))`;
}

/** The same in the three parts that have an index each: of leads, and of tasks by their results, and by their ids. */
export function matchesByIndex(given: string): { ofLead: SQL; ofResult: SQL; ofTask: SQL | undefined } {
  const q = storableText(given);
  const query = queryOf(q);
  return {
    ofLead: query ? sql`${leadSearch} @@ ${query}` : sql`false`,
    ofResult: query ? sql`${taskSearch} @@ ${query}` : sql`false`,
    ofTask: isNamed(q),
  };
}

/**
 * The same for tasks that are looked at one by one, without the indexes: quicker where nearly each fits. Parsing a text is
 * what takes time, so what lacks the letters of a word is left out before. `offset 0` keeps Postgres from asking the index for
 * the leads of all tasks after all.
 */
export function matchesOneByOne(given: string): SQL | undefined {
  const q = storableText(given);
  const query = queryOf(q);
  if (!query) return isNamed(q);
  const letters = q.match(/[a-z0-9]+/gi) ?? [];
  const mayFit = (text: SQL) => and(...letters.map((some) => sql`${text} ilike ${`%${some}%`}`));
  const ofLead = sql`${leads.fields}::text || ' ' || coalesce(${leads.result}::text, '')`;
  return or(
    isNamed(q),
    and(mayFit(sql`${tasks.result}::text`), sql`${taskSearch} @@ ${query}`),
    sql`exists (select from ${leads} where ${leads.taskId} = ${tasks.id}
      and ${and(mayFit(sql`(${ofLead})`), sql`${leadSearch} @@ ${query}`)} offset 0)`,
  );
}

function isNamed(q: string): SQL | undefined {
  const isId = z.uuid().safeParse(q.toLowerCase()).success;
  return or(eq(tasks.sixtyfourTaskId, q), isId ? eq(tasks.id, q.toLowerCase()) : undefined);
}

function queryOf(q: string): SQL | null {
  const words = wordsOf(q);
  return words.length === 0 ? null : sql`to_tsquery('simple', ${words.map((word) => `'${word}':*`).join(" & ")})`;
}

/** Words without anything that a tsquery could take for its own. */
export function wordsOf(q: string): string[] {
  return q
    .replace(/www\./g, " ")
    .split(/[^\p{L}\p{N}._-]+/u)
    .map((word) => word.replace(/^[._-]+|[._-]+$/g, ""))
    .filter(Boolean)
    .slice(0, MAX_WORDS);
}
