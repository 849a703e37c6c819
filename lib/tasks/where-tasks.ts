import { and, eq, gt, gte, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { leadSearch, leads, taskSearch, tasks } from "@/db/schema";
import { storableText } from "@/lib/storable-json";
import { REASON_LENGTH, SINCE, type TaskFilter } from "@/lib/tasks/task-filter";

const MAX_WORDS = 10;
const HOUR_IN_MS = 3_600_000;
const DAY_IN_MS = 24 * HOUR_IN_MS;

/** The condition of a filter, for a query of {@link tasks}; undefined where it leaves nothing out. */
export function whereTasks({
  q,
  status,
  kind,
  submission,
  via,
  found,
  reason,
  since,
  from,
  to,
}: TaskFilter): SQL | undefined {
  return and(
    status && inArray(tasks.status, status),
    kind && inArray(tasks.kind, kind),
    submission ? eq(tasks.submissionId, submission) : undefined,
    via && (via === "none" ? isNull(tasks.deliveredAt) : eq(tasks.deliveredVia, via)),
    found && (found === "yes" ? gt(tasks.foundCount, 0) : lt(tasks.foundCount, tasks.leadCount)),
    reason ? or(eq(tasks.errorCode, reason), eq(failureReason, storableText(reason))) : undefined,
    since && gte(tasks.id, firstIdAt(Date.now() - SINCE[since].hours * 3_600_000)),
    from ? gte(tasks.id, firstIdAt(Date.parse(from))) : undefined,
    to ? lt(tasks.id, firstIdAt(endOf(to))) : undefined,
    q ? matches(storableText(q)) : undefined,
  );
}

/** Why a task is not what it should be: Sixtyfour's own words as far as they go into an address, or our code. */
export const failureReason = sql<string>`coalesce(left(${tasks.errorMessage}, ${sql.raw(String(REASON_LENGTH))}), ${tasks.errorCode})`;

/** When a day or an hour is over, in Unix milliseconds. */
function endOf(moment: string): number {
  return Date.parse(moment) + (moment.includes("T") ? HOUR_IN_MS : DAY_IN_MS);
}

/**
 * A lead, a result or a task_id has all the words, each from its beginning: `ada ana` finds Ada of Analytical Engines. What
 * is indexed is cut into words by the same rules, see {@link leadSearch}.
 */
function matches(q: string): SQL | undefined {
  const byId = or(eq(tasks.sixtyfourTaskId, q), sql`${tasks.id}::text = ${q.toLowerCase()}`);
  const words = wordsOf(q);
  if (words.length === 0) return byId;
  const query = sql`to_tsquery('simple', ${words.map((word) => `'${word}':*`).join(" & ")})`;
  return or(
    byId,
    sql`${tasks.id} in (
      select ${leads.taskId} from ${leads} where ${leadSearch} @@ ${query}
      union select found.id from (select ${tasks.id} as id from ${tasks} where ${taskSearch} @@ ${query}) as found)`,
  );
}

/** Words without anything that a tsquery could take for its own. */
function wordsOf(q: string): string[] {
  return q
    .replace(/www\./g, " ")
    .split(/[^\p{L}\p{N}._-]+/u)
    .map((word) => word.replace(/^[._-]+|[._-]+$/g, ""))
    .filter(Boolean)
    .slice(0, MAX_WORDS);
}
