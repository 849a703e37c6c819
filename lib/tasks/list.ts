import { and, asc, desc, eq, gt, inArray, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { Database, Transaction } from "@/db/client";
import { readSnapshot } from "@/db/read-snapshot";
import { leads, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { isUsableMoment } from "@/lib/moment-range";
import { firstLead, taskColumns, toTaskView } from "@/lib/tasks/read-task";
import { skimTasks, withoutWorkers } from "@/lib/tasks/skim-tasks";
import type { TaskFilter, TaskSort } from "@/lib/tasks/task-filter";
import type { TaskPage } from "@/lib/tasks/task-view";
import { whereFirst } from "@/lib/tasks/where-first";
import { matchesOneByOne, whereTasks } from "@/lib/tasks/where-tasks";

const limit = z.coerce.number("The limit must be a number.").int().min(1).max(200).default(50);
const ids = z
  .array(z.uuid("Each of the ids must be one of a task."))
  .max(100, "Ask for at most 100 tasks by their ids.")
  .optional();

/** Where one in a hundred has what is searched for, a page of them is among the last. */
const LEADS_SKIMMED = { first: 500, most: 6_000 };

/** What a list is sorted by besides the id, as text that Postgres reads back to the last digit; null sorts by id alone. */
const KEYS: Record<TaskSort, { value: SQL<string | null> | null; type: string }> = {
  newest: { value: null, type: "" },
  oldest: { value: null, type: "" },
  delivered: { value: sql`${tasks.deliveredAt}`, type: "timestamptz" },
  costliest: { value: sql`${tasks.chargedCents}`, type: "float8" },
};

/**
 * A page of the tasks that a filter leaves, newest first unless it says otherwise. The cursor says where the page before
 * ended: pages neither skip nor repeat a task, whatever is submitted in between.
 *
 * @throws AppError `invalid_input`
 */
export async function listTasks(
  { db }: Context,
  input: {
    filter?: TaskFilter;
    /** Of the filter's tasks only these; then they are one page, unless `limit` says otherwise. */
    ids?: string[] | undefined;
    cursor?: string | undefined;
    limit?: string | number | undefined;
  },
): Promise<TaskPage> {
  const chosen = ids.safeParse(input.ids);
  if (!chosen.success) throw new AppError("invalid_input", chosen.error.issues[0]?.message ?? "");
  const parsed = limit.safeParse(input.limit ?? chosen.data?.length);
  if (!parsed.success) throw new AppError("invalid_input", parsed.error.issues.map((issue) => issue.message).join(" "));
  const { sort = "newest", ...filter } = input.filter ?? {};
  const after = input.cursor === undefined ? undefined : afterCursor(sort, input.cursor);
  const wanted = parsed.data + 1;
  const rows = chosen.data
    ? await read(db, { where: and(isAmong(chosen.data, filter), after), sort, wanted })
    : filter.q
      ? await search(db, { filter, sort, cursor: input.cursor, after, wanted })
      : await read(db, { where: whereWanted({ filter, sort, cursor: input.cursor, after, wanted }), sort, wanted });
  const page = rows.slice(0, parsed.data);
  const last = page.at(-1);
  return {
    tasks: page.map(toTaskView),
    nextCursor: rows.length > parsed.data && last ? toCursor(sort, last.key, last.task.id) : null,
  };
}

/** A few tasks are looked at one by one: the index of words would collect all that have a word. */
function isAmong(chosen: string[], { q, ...filter }: TaskFilter): SQL | undefined {
  return and(inArray(tasks.id, chosen), whereTasks(filter), q ? matchesOneByOne(q) : undefined);
}

interface Wanted {
  sort: TaskSort;
  wanted: number;
}

function read(db: Database | Transaction, { where, sort, wanted }: Wanted & { where: SQL | undefined }) {
  const { value } = KEYS[sort];
  return db
    .select({ ...taskColumns, key: value ? sql<string | null>`${value}::text` : sql<null>`null` })
    .from(tasks)
    .leftJoin(leads, firstLead)
    .where(where)
    .orderBy(...orderOf(sort))
    .limit(wanted);
}

/** What many have is found among the first that there are; only else the index is asked for all that have it. */
async function search(db: Database, { filter: { q = "", ...filter }, ...given }: Page) {
  const { sort, after, wanted } = given;
  const where = (limit: number) => whereWanted({ ...given, filter, wanted: limit });
  const skimmed = await skimTasks(db, { q, where, orderBy: orderOf(sort), ...LEADS_SKIMMED, wanted });
  if (skimmed.length === wanted) {
    const isAmongThem = inArray(
      tasks.id,
      skimmed.map(({ id }) => id),
    );
    return read(db, { where: isAmongThem, sort, wanted });
  }
  const isFound = and(whereTasks({ ...filter, q }), after);
  return readSnapshot(db, (tx) => withoutWorkers(tx, async () => read(tx, { where: isFound, sort, wanted })));
}

interface Page extends Wanted {
  filter: TaskFilter;
  cursor: string | undefined;
  /** The condition of the cursor. */
  after: SQL | undefined;
}

function whereWanted({ filter, sort, cursor, after, wanted }: Page): SQL | undefined {
  if (KEYS[sort].value) return and(whereTasks(filter), after);
  return whereFirst({ filter, cursor: cursor?.split("~")[0], isOldestFirst: sort === "oldest", limit: wanted });
}

function orderOf(sort: TaskSort): SQL[] {
  const { value } = KEYS[sort];
  if (!value) return [sort === "oldest" ? asc(tasks.id) : desc(tasks.id)];
  return [sql`${value} desc nulls last`, sql`${tasks.id} desc nulls last`];
}

function toCursor(sort: TaskSort, key: string | null, id: string): string {
  return KEYS[sort].value ? `${id}~${key ?? ""}` : id;
}

function afterCursor(sort: TaskSort, cursor: string): SQL | undefined {
  const [id = "", key = ""] = cursor.split("~");
  const { value, type } = KEYS[sort];
  const isKeyRight = key === "" || (type === "float8" ? isNumber(key) : isTimestamp(key));
  if (!z.uuid().safeParse(id).success || !isKeyRight) {
    throw new AppError("invalid_input", "The cursor must be a nextCursor of an earlier page of the same list.");
  }
  if (!value) return sort === "oldest" ? gt(tasks.id, id) : lt(tasks.id, id);
  if (key === "") return and(isNull(value), lt(tasks.id, id));
  const edge = type === "float8" ? sql`${key}::float8` : sql`${key}::timestamptz`;
  return or(lt(value, edge), and(eq(value, edge), lt(tasks.id, id)), isNull(value));
}

/** As Postgres writes a float8. */
function isNumber(text: string): boolean {
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text) && Number.isFinite(Number(text));
}

/** As Postgres writes a timestamptz: `2026-11-29 10:00:00.123456+00`. */
function isTimestamp(text: string): boolean {
  const [, day, time, hours, minutes = "00"] =
    /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-]\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  return z.iso.date().safeParse(day).success && isUsableMoment(Date.parse(`${day}T${time}${hours}:${minutes}`));
}
