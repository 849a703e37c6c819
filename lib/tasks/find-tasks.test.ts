import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { exportTasks } from "@/lib/exports/export-tasks";
import { countTasks } from "@/lib/periods/count-tasks";
import { eraseTask } from "@/lib/tasks/erase";
import { listTasks } from "@/lib/tasks/list";
import { parseTaskFilter, readTaskFilter } from "@/lib/tasks/parse-task-filter";
import { isNarrowing, type TaskFilter, taskFilterQuery } from "@/lib/tasks/task-filter";
import type { TaskView } from "@/lib/tasks/task-view";

let database: TestDatabase;
let context: Context;
/** Ids by the names below. */
const made: Record<string, string> = {};
let submissionId: string;

const DELIVERED = new Date("2026-01-05T12:00:00.123Z");

beforeAll(async () => {
  database = await createTestDatabase();
  context = { db: database.db } as Context;
  submissionId = await newSubmission();
  const ended = (via: "webhook" | "poll", seconds: number) => ({
    status: "completed" as const,
    endedAt: DELIVERED,
    deliveredAt: new Date(DELIVERED.getTime() + seconds * 1000),
    deliveredVia: via,
  });
  await newTask("ada", [{ name: "Ada Lovelace", company: "Analytical Engines" }], {
    ...ended("webhook", 0),
    result: { name: "Ada", email: [["ada.l@engines.example", "OK"]], notes: "Likes\nmechanical looms" },
    chargedCents: 3,
  });
  await newTask("bea", [{ name: "Beatrice O'Hara-Nolan", company_domain: "www.acme.com" }], {
    ...ended("poll", 60),
    kind: "people_intelligence",
    result: { structured_data: { title: "Größte Nummer: 42" } },
    chargedCents: 10,
  });
  await newTask("cy", [{ name: "Cy", email: "cy@acme.com" }], { status: "running", sixtyfourTaskId: "job:77/x" });
  await newTask("bulk", [{ name: "Dora" }, { name: "Emil Zwei" }], {
    shape: "bulk",
    leadCount: 2,
    status: "failed",
    endedAt: DELIVERED,
    errorCode: "job_failed",
  });
  await newTask("listed", [{ name: "Ada of the list" }], { status: "queued", submissionId });
});
afterAll(() => database.close());

async function newSubmission(): Promise<string> {
  const values = { kind: "find_email", requestKey: randomUUID(), confirmedAt: new Date() };
  const [row] = await context.db.insert(submissions).values(values).returning({ id: submissions.id });
  return row?.id ?? "";
}

async function newTask(name: string, of: Record<string, string>[], given: Partial<typeof tasks.$inferInsert>) {
  const values = { kind: "find_email", request: {}, status: "running" as const, ...given };
  const inSubmission = values.submissionId ?? (await newSubmission());
  const [task] = await context.db
    .insert(tasks)
    .values({ ...values, submissionId: inSubmission })
    .returning({ id: tasks.id });
  const taskId = task?.id ?? "";
  await context.db
    .insert(leads)
    .values(of.map((fields, position) => ({ submissionId: inSubmission, row: position, taskId, position, fields })));
  made[name] = taskId;
  return taskId;
}

const nameOf = ({ id }: TaskView) => Object.keys(made).find((name) => made[name] === id) ?? id;
const find = async (filter: TaskFilter) => (await listTasks(context, { filter })).tasks.map(nameOf);
const findBy = (q: string) => find({ q });

describe("a search", () => {
  test.each([
    ["lovelace", ["ada"]],
    ["LOVE", ["ada"]],
    ["ada ana", ["ada"]],
    ["ada", ["listed", "ada"]],
    ["ada nobody", []],
    ["acme.com", ["cy", "bea"]],
    ["cy@acme.com", ["cy"]],
    ["www.acme", ["cy", "bea"]],
    ["ada.l@engines.example", ["ada"]],
    ["engines.exam", ["ada"]],
    ["mechanical", ["ada"]],
    ["größte 42", ["bea"]],
    ["o'hara", ["bea"]],
    ["hara-nol", ["bea"]],
    ["emil", ["bulk"]],
    ["job:77/x", ["cy"]],
    ["velace", []],
    ["' | ! & <-> :* ()", []],
    ["@@", []],
    ["zz\0b", []],
    ["-", []],
  ])("for %j finds what begins so, in leads, results and task ids", async (q, names) => {
    expect(await findBy(q)).toEqual(names);
  });

  test("is answered alike by looking at the newest and by the index, page by page", async () => {
    for (const [q, names] of [
      ["acme", ["cy", "bea"]],
      ["ada", ["listed", "ada"]],
    ] as const) {
      const [first] = [await listTasks(context, { filter: { q }, limit: 1 })];
      const second = await listTasks(context, { filter: { q }, limit: 1, cursor: first.nextCursor ?? "" });
      expect([...first.tasks, ...second.tasks].map(nameOf)).toEqual(names);
      expect(second.nextCursor).toBeNull();
    }
  });

  test("finds a task by its own id, and nothing of an erased one", async () => {
    const id = await newTask("gone", [{ name: "Erasmus" }], { result: { email: "erasmus@x.example" } });
    expect(await findBy(id.toUpperCase())).toEqual(["gone"]);
    expect(await findBy("erasmus")).toEqual(["gone"]);
    await eraseTask(context, id);
    expect(await findBy("erasmus")).toEqual([]);
    delete made.gone;
    await context.db.delete(leads).where(eq(leads.taskId, id));
    await context.db.execute(sql`delete from task_events where task_id = ${id}`);
    await context.db.delete(tasks).where(eq(tasks.id, id));
  });

  test("stores and finds a result however long it is, and whatever is in it", async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `w${index.toString(36)}`).join(" ");
    const huge = { first: "Quetzalcoatl", words, blob: "x".repeat(3_000_000), odd: "\ud83d\ude00 '\\ :*&|!" };
    const id = await newTask("huge", [{ name: "Huge" }], {});
    await context.db.update(tasks).set({ result: huge }).where(eq(tasks.id, id));
    expect(await findBy("quetzal")).toEqual(["huge"]);
    await context.db.delete(leads).where(eq(leads.taskId, id));
    await context.db.delete(tasks).where(eq(tasks.id, id));
    delete made.huge;
  });

  test("of many tasks is answered by the index", async () => {
    const plan = await context.db.transaction(async (tx) => {
      await tx.execute(sql`set local enable_seqscan = off`);
      const { leadSearch } = await import("@/db/schema");
      const rows = await tx.execute(
        sql`explain select 1 from ${leads} where ${leadSearch} @@ to_tsquery('simple', 'ada')`,
      );
      return JSON.stringify(rows);
    });
    expect(plan).toContain("leads_search");
  });
});

describe("a filter", () => {
  test.each<[string, TaskFilter, string[]]>([
    ["status", { status: ["running"] }, ["cy"]],
    ["several statuses", { status: ["running", "failed"] }, ["bulk", "cy"]],
    ["kind", { kind: ["people_intelligence"] }, ["bea"]],
    ["submission", {}, ["listed"]],
    ["how it was delivered", { via: "poll" }, ["bea"]],
    ["that it was not", { via: "none" }, ["listed", "bulk", "cy"]],
    ["time", { since: "24h" }, ["listed", "bulk", "cy", "bea", "ada"]],
    ["a day that is over", { to: "2020-01-01" }, []],
    ["a day to come", { from: "2099-01-01" }, []],
    ["all of it together", { status: ["completed"], via: "webhook", q: "ada", since: "7d" }, ["ada"]],
  ])("by %s leaves what fits", async (name, filter, names) => {
    expect(await find(name === "submission" ? { submission: submissionId } : filter)).toEqual(names);
  });

  test("by days takes both whole", async () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(await find({ from: today, to: today })).toHaveLength(5);
  });

  test("counts each status, whichever is chosen", async () => {
    const counts = await countTasks(context, { status: ["running"] });
    expect(counts).toMatchObject({ all: 5, newestId: made.listed });
    expect(counts.byStatus).toMatchObject({ running: 1, completed: 2, failed: 1, queued: 1, cancelled: 0 });
    expect(await countTasks(context, { q: "ada" })).toMatchObject({ all: 2 });
  });

  test("narrows a download", async () => {
    const { chunks } = await exportTasks(context, { format: "jsonl", filter: { q: "ada" } });
    let text = "";
    for await (const chunk of chunks) text += chunk;
    expect(
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).lead?.name ?? JSON.parse(line)),
    ).toHaveLength(2);
    expect(text).not.toContain("Beatrice");
  });
});

describe("an order", () => {
  test.each<[TaskFilter["sort"], string[]]>([
    ["newest", ["listed", "bulk", "cy", "bea", "ada"]],
    ["oldest", ["ada", "bea", "cy", "bulk", "listed"]],
    ["delivered", ["bea", "ada", "listed", "bulk", "cy"]],
    ["costliest", ["bea", "ada", "listed", "bulk", "cy"]],
  ])("%s is kept over pages, also where the value is missing", async (sort, names) => {
    const seen: string[] = [];
    for (let cursor: string | undefined, pages = 0; pages < 10; pages += 1) {
      const page = await listTasks(context, { filter: sort ? { sort } : {}, cursor, limit: 1 });
      seen.push(...page.tasks.map(nameOf));
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(names);
  });

  test("refuses the cursor of another one", async () => {
    for (const [sort, cursor] of [
      ["delivered", `${randomUUID()}~x`],
      ["costliest", `${randomUUID()}~1; drop`],
      ["newest", "x"],
    ] as const) {
      const listing = listTasks(context, { filter: { sort }, cursor });
      await expect(listing).rejects.toMatchObject({ code: "invalid_input" });
    }
  });
});

describe("the query of an address", () => {
  test("comes back as it was, in one order", () => {
    const filter: TaskFilter = { sort: "oldest", status: ["failed", "queued"], q: "ada & co", from: "2026-01-31" };
    const query = taskFilterQuery(filter);
    expect(query).toBe("q=ada+%26+co&status=failed%2Cqueued&from=2026-01-31&sort=oldest");
    expect(parseTaskFilter(new URLSearchParams(query))).toEqual(filter);
    expect(taskFilterQuery({})).toBe("");
    expect([isNarrowing({ sort: "oldest" }), isNarrowing(filter)]).toEqual([false, true]);
  });

  test.each([
    "status=x",
    "kind=find",
    "submission=1",
    "via=mail",
    "found=maybe",
    "since=1h",
    "from=yesterday",
    "from=2026-11-24T10:30Z",
    "from=2026-11-24T25:00Z",
    "to=2026-02-30",
    "sort=up",
  ])("is refused with %s by the API, and read without it by the page", (query) => {
    const params = new URLSearchParams(`${query}&q=ada`);
    const [name = ""] = query.split("=");
    const refusal = expect(() => parseTaskFilter(params));
    refusal.toThrow(AppError);
    refusal.toThrow(new RegExp(`\\b${name}\\b`));
    expect(readTaskFilter(params)).toEqual({ q: "ada" });
  });

  test("may have empty values and repeated ones", () => {
    expect(readTaskFilter({ q: " ", status: "", kind: ["find_email", "find_phone"], other: "x" })).toEqual({
      kind: ["find_email"],
    });
  });
});
