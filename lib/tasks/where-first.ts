import { and, asc, desc, gt, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { taskReason, tasks } from "@/db/schema";
import { storableText } from "@/lib/storable-json";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import { isCode, spanOfFilter, whereTasks } from "@/lib/tasks/where-tasks";

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

interface Asked {
  filter: TaskFilter;
  /** Only those after it: older ones, or newer ones where the oldest come first. */
  cursor?: string | undefined;
  isOldestFirst?: boolean;
  limit: number;
}

/**
 * The condition of what a filter leaves, in the order of ids, after a cursor; of the first tasks of it at least, for a query of
 * the same order and limit.
 *
 * Postgres takes the tasks of a kind to be spread evenly over time, and would walk past all newer ones to the first. So each
 * kind is read from its index, in an order that no other index has: by kind and id, over a range that holds the one kind.
 */
export function whereFirst(asked: Asked): SQL | undefined {
  const walks = walksOf(asked.filter);
  if (walks.length === 0) return and(whereTasks(asked.filter), isAfter(asked));
  const direction = asked.isOldestFirst ? asc : desc;
  const each = walks.map((walk) => sql`(${firstOf(walk, asked)})`);
  return sql`${tasks.id} = any(array(
    select first.id from (${sql.join(each, sql` union `)}) as first
    order by ${direction(sql`first.id`)} limit ${asked.limit}))`;
}

/** What stands before the id in an index, the value there that is asked for, and what else its tasks have to fit. */
interface Walk {
  by: SQL;
  value: string;
  /** Whether the index holds tasks with a problem alone. */
  hasProblem: boolean;
  where: SQL | undefined;
}

/** Where the filter names something rarer, that is found first, and its tasks are looked at. */
function walksOf(filter: TaskFilter): Walk[] {
  const { kind = [], reason, ...others } = filter;
  const { q, status, submission, via } = filter;
  if (q || submission) return [];
  if (reason) {
    const { reason: _, ...besides } = filter;
    const given = { hasProblem: true, where: whereTasks(besides) };
    const byWords = { by: taskReason, value: storableText(reason), ...given };
    return isCode(reason) ? [{ by: sql`${tasks.errorCode}`, value: reason, ...given }, byWords] : [byWords];
  }
  if ((status && !status.includes("completed")) || (via && via !== "webhook")) return [];
  return kind.map((value) => ({ by: sql`${tasks.kind}`, value, hasProblem: false, where: whereTasks(others) }));
}

/** Bounds of both columns at once, since a range of the first alone is read from its beginning, however deep the cursor is. */
function firstOf({ by, value, hasProblem, where }: Walk, asked: Asked): SQL {
  const { filter, cursor, isOldestFirst, limit } = asked;
  const direction = isOldestFirst ? asc : desc;
  const { startsAtMs, endsAtMs } = spanOfFilter(filter);
  const lowest = isOldestFirst && cursor ? cursor : firstIdAt(startsAtMs);
  const highest = !isOldestFirst && cursor ? cursor : Number.isFinite(endsAtMs) ? firstIdAt(endsAtMs) : LAST_ID;
  const others = and(where, isAfter(asked));
  const isWithin = and(
    sql`(${by}, ${tasks.id}) >= (${value}, ${lowest})`,
    sql`(${by}, ${tasks.id}) <= (${value}, ${highest})`,
    hasProblem ? isNotNull(tasks.errorCode) : undefined,
    // In words that fit no other index: two of them would be read as a whole, to find what both have.
    others && sql`case when ${others} then true end`,
  );
  return sql`select ${tasks.id} as id from ${tasks} where ${isWithin}
    order by ${direction(by)}, ${direction(tasks.id)} limit ${limit}`;
}

function isAfter({ cursor, isOldestFirst }: Asked): SQL | undefined {
  return cursor === undefined ? undefined : isOldestFirst ? gt(tasks.id, cursor) : lt(tasks.id, cursor);
}
