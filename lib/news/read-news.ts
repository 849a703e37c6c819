import { type SQL, sql, type Table } from "drizzle-orm";
import { firstIdAt } from "@/db/first-id-at";
import { auditEvents, deliveries, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import type { News } from "@/lib/news/news";

/**
 * How much older than its commit an id may be and still be told: a transaction takes its time, and clocks of instances
 * differ.
 */
const LATE_BY_AT_MOST_MS = 30_000;
/** The same for a moment, which is that at which a page was drawn: what it then shows again it mostly shows already. */
const LATE_FOR_A_PAGE_BY_AT_MOST_MS = 5_000;
/** Who has heard nothing for longer is told to ask for everything. */
const READ_BACK_AT_MOST_MS = 300_000;
const MAX_TASKS = 1_000;

/** The moment by the database's clock, in Unix milliseconds, and what Postgres could see then. */
const CURSOR = /^(\d{1,13})(?:_(\d{1,19}:\d{1,19}:[\d,]{0,4000}))?$/;

/**
 * Reads what has changed since `after`, the cursor of earlier news or a moment in Unix milliseconds. After a cursor
 * nothing is told twice and nothing is left out, in whatever order transactions commit: what counts is whether Postgres
 * could see a row then. After a moment, what happened shortly before it is told as well. One statement, by primary keys.
 *
 * @param after null only gets a cursor
 * @throws AppError `invalid_input` for what is neither
 */
export async function readNews({ db }: Pick<Context, "db">, after: string | null): Promise<News> {
  const [, at, snapshot] = CURSOR.exec(after ?? "0") ?? [];
  if (!at || (snapshot !== undefined && !isSnapshot(snapshot)))
    throw new AppError("invalid_input", "Give a cursor of earlier news, or a moment in Unix milliseconds.");
  const fromId = firstIdAt(Number(at) - (snapshot ? LATE_BY_AT_MOST_MS : LATE_FOR_A_PAGE_BY_AT_MOST_MS));
  const isNew = (table: Table) => (snapshot ? sql`not ${wasSeen(table, snapshot)}` : sql`true`);
  const since = (table: typeof taskEvents | typeof deliveries | typeof submissions | typeof auditEvents) =>
    sql`${table.id} >= ${fromId} and ${isNew(table)}`;
  // A task that is being sent has no entry in its history yet, and there are few of them.
  const [read] = await db.execute<Omit<News, "all"> & { isOld: boolean }>(sql`
    with moment as materialized (
      select now() - ${`${READ_BACK_AT_MOST_MS} ms`}::interval > to_timestamp(${at}::float8 / 1000) as is_old
    ), changed_tasks as materialized (
      select changed.id from (
        select ${taskEvents.taskId} as id from ${taskEvents} where ${since(taskEvents)}
        union select ${tasks.id} from ${tasks} where ${tasks.status} = 'submitting' and ${isNew(tasks)}
      ) as changed where not (select is_old from moment) limit ${MAX_TASKS + 1}
    ), deeds as materialized (
      select ${auditEvents.subjectType} as subject_type, ${auditEvents.subjectId} as subject_id from ${auditEvents}
      where not (select is_old from moment) and ${since(auditEvents)}
        and split_part(${auditEvents.action}, '.', 1) in ('submission', 'task', 'tasks', 'delivery')
    )
    select
      (extract(epoch from now()) * 1000)::bigint || '_' || pg_current_snapshot()::text as "cursor",
      (select is_old from moment) as "isOld",
      array_to_json(array(select id::text from changed_tasks)) as "taskIds",
      array_to_json(array(
        select ${tasks.submissionId}::text from ${tasks} where ${tasks.id} in (select id from changed_tasks)
        union select ${submissions.id}::text from ${submissions} where not (select is_old from moment) and ${since(submissions)}
        union select subject_id from deeds where subject_type = 'submission' and subject_id is not null
      )) as "submissionIds",
      not (select is_old from moment) and exists (select from ${deliveries} where ${since(deliveries)}) as "deliveries",
      exists (select from deeds) as "deeds"`);
  if (!read) throw new Error("Postgres returned no row for a select without a condition.");
  const { isOld, ...news } = read;
  if (after !== null && !isOld && news.taskIds.length <= MAX_TASKS) return { ...news, all: false };
  return { cursor: news.cursor, all: after !== null, taskIds: [], submissionIds: [], deliveries: false, deeds: false };
}

/** Far beyond any transaction's number, so that sums with it stay below Postgres' bigint. */
const MAX_XID = 2n ** 62n;

/** True for what Postgres reads as a pg_snapshot, `xmin:xmax:xip,xip`: its own check would be an error of the statement. */
function isSnapshot(text: string): boolean {
  const [xmin = "", xmax = "", running = ""] = text.split(":");
  const [first, end] = [BigInt(xmin), BigInt(xmax)];
  if (first < 1n || end < first || end > MAX_XID) return false;
  if (running === "") return true;
  const xids = running.split(",");
  return xids.every((xid, index) => {
    if (!/^\d{1,19}$/.test(xid)) return false;
    const previous = index > 0 ? BigInt(xids[index - 1] ?? 0) : 0n;
    return BigInt(xid) >= first && BigInt(xid) < end && BigInt(xid) >= previous;
  });
}

/**
 * Whether this version of a row could be seen in a snapshot. A row names its transaction by the low half of its number;
 * the rest follows from the snapshot's own, of which no row that is looked at is far away.
 */
function wasSeen(table: Table, snapshot: string): SQL {
  const snapshotXid = BigInt(snapshot.split(":")[1] ?? 0);
  const half = 2n ** 31n;
  const low = snapshotXid % 2n ** 32n;
  const offset = sql`(${table}.xmin::text::bigint + ${String(2n ** 32n + half - low)}::bigint) % 4294967296 - ${String(half)}::bigint`;
  return sql`pg_visible_in_snapshot((${String(snapshotXid)}::bigint + ${offset})::text::xid8, ${snapshot}::pg_snapshot)`;
}
