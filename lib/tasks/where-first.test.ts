import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { countTasks } from "@/lib/periods/count-tasks";
import { listTasks } from "@/lib/tasks/list";
import { REASON_LENGTH, type TaskFilter } from "@/lib/tasks/task-filter";
import { whereFirst } from "@/lib/tasks/where-first";

const KINDS = ["find_email", "find_phone", "qa_agent"] as const;
const LONG = "No such site. ".repeat(30);
/** What is wrong with a task: Sixtyfour's words, a code of ours, both, and words that are a code. */
const PROBLEMS = [
  {},
  { errorCode: "job_failed", errorMessage: "No such site" },
  { errorCode: "job_failed", errorMessage: null },
  { errorCode: "timeout", errorMessage: "job_failed" },
  { errorCode: "job_failed", errorMessage: LONG },
];
const FIRST_AT = Date.parse("2026-03-01T23:00:00Z");
const COUNT = 30;

let database: TestDatabase;
let context: Context;
beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
  const submissionId = randomUUID();
  await context.db
    .insert(submissions)
    .values({ id: submissionId, kind: "find_email", requestKey: "made", confirmedAt: new Date() });
  const rows = Array.from({ length: COUNT }, (_, n) => {
    const at = new Date(FIRST_AT + n * 240_000);
    const problem = PROBLEMS[n % PROBLEMS.length] ?? {};
    return {
      id: uuidv7({ msecs: at.getTime() }),
      submissionId,
      kind: KINDS[n % KINDS.length] ?? "find_email",
      status: "errorCode" in problem ? ("failed" as const) : ("completed" as const),
      request: {},
      createdAt: at,
      endedAt: at,
      foundCount: n % 2,
      ...problem,
    };
  });
  await context.db.insert(tasks).values(rows);
  const names = rows.map(({ id }, row) => ({ submissionId, row, taskId: id, position: 0, fields: { name: "Ada" } }));
  await context.db.insert(leads).values(names);
});
afterAll(() => database.close());

/** All of it, page by page. */
async function read(filter: TaskFilter, limit: number) {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listTasks(context, { filter, cursor, limit });
    ids.push(...page.tasks.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}

describe("the tasks of some kinds, or with a problem", () => {
  test.each<[TaskFilter, number]>([
    [{ kind: ["qa_agent"] }, 10],
    [{ kind: ["qa_agent", "find_email"] }, 20],
    [{ kind: ["qa_agent", "find_email"], status: ["completed"] }, 4],
    [{ kind: ["qa_agent"], status: ["failed"], found: "yes" }, 4],
    [{ kind: ["qa_agent", "find_email"], status: ["failed", "cancelled"] }, 16],
    [{ kind: ["qa_agent"], status: ["failed", "running"] }, 8],
    [{ kind: ["find_email", "find_phone"], from: "2026-03-02", to: "2026-03-02T00:00Z" }, 10],
    [{ kind: ["reverse_phone"] }, 0],
    [{ kind: ["qa_agent", "find_email"], q: "ada" }, 20],
    [{ reason: "No such site" }, 6],
    [{ reason: "job_failed" }, 24],
    [{ reason: "job_failed", to: "2026-03-01" }, 12],
    [{ reason: "timeout" }, 6],
    [{ reason: LONG.slice(0, REASON_LENGTH) }, 6],
    [{ reason: "No such site", kind: ["find_phone"] }, 2],
    [{ reason: "nobody_has_it" }, 0],
  ])("%j are paged in their order, and counted", async (filter, count) => {
    const ids = await read(filter, 200);
    expect(ids).toHaveLength(count);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect(await read(filter, 3)).toEqual(ids);
    expect(await read({ ...filter, sort: "oldest" }, 3)).toEqual(ids.toReversed());
    if (!filter.status) expect(await countTasks(context, filter)).toMatchObject({ all: count });
  });

  test.each<[TaskFilter, string[]]>([
    [{ kind: ["qa_agent", "find_email"] }, ["tasks_kind"]],
    [{ kind: ["qa_agent"], status: ["failed"] }, ["tasks_not_completed_kind"]],
    [{ reason: "job_failed" }, ["tasks_error_code", "tasks_reason"]],
  ])("%j are read from an index that has them in their order", async (filter, indexes) => {
    const plan = await context.db.transaction(async (tx) => {
      for (const way of ["seqscan", "bitmapscan", "sort"]) await tx.execute(`set local enable_${way} = off`);
      const where = whereFirst({ filter, limit: 50 });
      return JSON.stringify(await tx.execute(sql`explain select 1 from ${tasks} where ${where}`));
    });
    for (const index of indexes) expect(plan).toContain(`${index} on tasks`);
  });
});
