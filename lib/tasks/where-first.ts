import { and, asc, desc, gt, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import type { AnyPgColumn } from "drizzle-orm/pg-core";
import { firstIdAt } from "@/db/first-id-at";
import { taskReason, tasks } from "@/db/schema";
import { storableText } from "@/lib/storable-json";
import type { TaskFilter } from "@/lib/tasks/task-filter";
import type { TaskStatus } from "@/lib/tasks/task-status";
import { isCode, spanOfFilter, whereTasks } from "@/lib/tasks/where-tasks";

const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

const NOT_COMPLETED: TaskStatus[] = ["failed", "cancelled"];
/** As an index has it, which parameters would not be. */
const isNotCompleted = sql`${tasks.status} in ('failed', 'cancelled')`;

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

/** What stands before the id in an index, the values there that are asked for, and what else its tasks have to fit. */
interface Walk {
  by: { column: SQL | AnyPgColumn; value: string }[];
  /** Of which tasks the index is, where it is not of all; in its own words. */
  among?: SQL;
  where: SQL | undefined;
}

/** Where the filter names something rarer, that is found first, and its tasks are looked at. */
function walksOf({ reason, ...filter }: TaskFilter): Walk[] {
  const { kind = [], status, ...others } = filter;
  if (filter.q || filter.submission) return [];
  if (reason) {
    const given = { among: isNotNull(tasks.errorCode), where: whereTasks(filter) };
    const byWords = { by: [{ column: taskReason, value: storableText(reason) }], ...given };
    return isCode(reason) ? [{ by: [{ column: tasks.errorCode, value: reason }], ...given }, byWords] : [byWords];
  }
  if (filter.via && filter.via !== "webhook") return [];
  const byKind = kind.map((value) => ({ column: tasks.kind, value }));
  if (!status || status.includes("completed")) {
    return byKind.map((one) => ({ by: [one], where: whereTasks({ ...others, status }) }));
  }
  if (!status.every((one) => NOT_COMPLETED.includes(one))) return [];
  const given = { among: isNotCompleted, where: whereTasks(others) };
  const byStatus = status.map((value) => ({ column: tasks.status, value }));
  return byKind.flatMap((one) => byStatus.map((other) => ({ by: [one, other], ...given })));
}

/** Bounds of all columns at once, since a range of the first alone is read from its beginning, however deep the cursor is. */
function firstOf({ by, among, where }: Walk, asked: Asked): SQL {
  const { filter, cursor, isOldestFirst, limit } = asked;
  const direction = isOldestFirst ? asc : desc;
  const { startsAtMs, endsAtMs } = spanOfFilter(filter);
  const lowest = isOldestFirst && cursor ? cursor : firstIdAt(startsAtMs);
  const highest = !isOldestFirst && cursor ? cursor : Number.isFinite(endsAtMs) ? firstIdAt(endsAtMs) : LAST_ID;
  const others = and(where, isAfter(asked));
  const columns = [...by.map(({ column }) => column), tasks.id];
  const bound = (id: string) => listed([...by.map(({ value }) => sql`${value}`), sql`${id}`]);
  const isWithin = and(
    sql`(${listed(columns)}) >= (${bound(lowest)})`,
    sql`(${listed(columns)}) <= (${bound(highest)})`,
    among,
    // In words that fit no other index: two of them would be read as a whole, to find what both have.
    others && sql`case when ${others} then true end`,
  );
  return sql`select ${tasks.id} as id from ${tasks} where ${isWithin}
    order by ${listed(columns.map((column) => direction(column)))} limit ${limit}`;
}

function listed(parts: (SQL | AnyPgColumn)[]): SQL {
  return sql.join(parts, sql`, `);
}

function isAfter({ cursor, isOldestFirst }: Asked): SQL | undefined {
  return cursor === undefined ? undefined : isOldestFirst ? gt(tasks.id, cursor) : lt(tasks.id, cursor);
}
