import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { eq, sql } from "drizzle-orm";
import Papa from "papaparse";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { leads, sends, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { addLeads } from "@/lib/pipeline/add-leads";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { fetchDueRows, fetchRowsNow } from "@/lib/pipeline/fetch-rows";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { pollTask } from "@/lib/pipeline/poll";
import { PLACES_PER_STATEMENT } from "@/lib/pipeline/prepare";
import { reconcile } from "@/lib/pipeline/reconcile";
import { resumeSubmission } from "@/lib/pipeline/resume";
import { retryFailed } from "@/lib/pipeline/retry";
import { sendAgain } from "@/lib/pipeline/send-again";
import { downloadResult } from "@/lib/sixtyfour/download-result";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { createDraft } from "@/lib/submissions/create-draft";
import { getSubmission } from "@/lib/submissions/get";
import { listSubmissions } from "@/lib/submissions/list";
import { quoteDraft } from "@/lib/submissions/quote-draft";
import type { NewLead } from "@/lib/submissions/submission-view";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { listRows } from "@/lib/tasks/list-rows";
import { createTestBench, deliver, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
  await bench.sandbox.setFileRateLimit(null);
  // What an earlier test has left would go out, or be fetched, in this one.
  await bench.context.db.update(tasks).set({ nextSendAt: null, nextFetchAt: null });
});

const ROUND = { forMs: 15_000 };
const OPTIONS: TaskOptions = {
  tier: "low",
  struct: [
    { name: "title", description: "Job title", type: "str" },
    { name: "employee_count", description: "Staff", type: "int" },
    { name: "tags", description: "Words", type: "list[str]" },
  ],
};

async function draft(
  count: number,
  { kind = "people_intelligence" as TaskKindId, prefix = "Person", options = OPTIONS } = {},
) {
  const { submissionId } = await createDraft(bench.context, { kind, options, name: "p.csv", columns: ["Name"] });
  for (let fromRow = 0; fromRow < count; fromRow += 2_000) {
    const page = Array.from({ length: Math.min(2_000, count - fromRow) }, (_, index) => {
      const name = `${prefix} ${fromRow + index}`;
      return { fields: index % 3 ? { name, company: 'Acme, "Ltd"' } : { name }, cells: [name] } as NewLead;
    });
    await addLeads(bench.context, { submissionId, fromRow, leads: page });
  }
  return submissionId;
}

async function confirmed(count: number, given: Parameters<typeof draft>[1] = {}) {
  const submissionId = await draft(count, given);
  await confirmDraft(bench.context, { submissionId, reuse: false, asFile: true });
  return submissionId;
}

async function taskOf(submissionId: string) {
  const [task, ...others] = await bench.context.db
    .select()
    .from(tasks)
    .where(eq(tasks.submissionId, submissionId))
    .orderBy(tasks.id);
  if (!task) throw new Error("There is no task.");
  return { ...task, others };
}

async function sent(count: number, given: Parameters<typeof draft>[1] = {}) {
  const submissionId = await confirmed(count, given);
  await dispatch(bench.context, ROUND);
  const [job] = await bench.sandbox.jobs();
  if (!job) throw new Error("The sandbox has no job.");
  return { submissionId, job };
}

/** Ends its job, and tells so by webhook. */
async function ended(count: number, given: Parameters<typeof draft>[1] = {}) {
  const { submissionId, job } = await sent(count, given);
  const { result } = await bench.sandbox.release(job.taskId);
  const event = { task_id: job.taskId, status: "completed", task_type: "a_name_of_tomorrow", result };
  expect(await deliver(bench.context, event, { token: tokenOf(job) })).toMatchObject({ outcome: "applied" });
  return { submissionId, job };
}

/** Makes it due, as time would. */
const makeDue = (submissionId: string) =>
  bench.context.db.update(tasks).set({ nextFetchAt: new Date() }).where(eq(tasks.submissionId, submissionId));

describe("leads as one file", () => {
  test("get their places by statements that each are short, and all together", async () => {
    const { db } = bench.context;
    await db.execute(sql`create table placed_leads (leads int not null)`);
    await db.execute(sql`
      create function note_placed_leads() returns trigger language plpgsql as $$
      begin insert into placed_leads select count(*) from placed; return null; end $$`);
    await db.execute(sql`
      create trigger note_placed_leads after update on leads referencing new table as placed
      for each statement execute function note_placed_leads()`);
    const count = PLACES_PER_STATEMENT + 200;
    const submissionId = await confirmed(count);
    await db.execute(sql`drop trigger note_placed_leads on leads`);
    const statements = await db.execute<{ leads: number }>(sql`select leads from placed_leads order by 1`);
    expect(statements.map(({ leads }) => leads)).toEqual([200, PLACES_PER_STATEMENT]);
    const rows = await db
      .select({ row: leads.row, position: leads.position, taskId: leads.taskId })
      .from(leads)
      .where(eq(leads.submissionId, submissionId))
      .orderBy(leads.row);
    const { id } = await taskOf(submissionId);
    expect(rows).toEqual(Array.from({ length: count }, (_, row) => ({ row, position: row, taskId: id })));
  });

  test("go out in one request, in their order, with the options beside them and the task's id as its key", async () => {
    const { submissionId, job } = await sent(2_500);
    const task = await taskOf(submissionId);
    expect(await bench.sandbox.jobs()).toHaveLength(1);
    expect(job).toMatchObject({ path: "/bulk-intelligence/people", idempotencyKey: task.id });
    const { columns, rows } = job.body.file as { columns: string[]; rows: string[][] };
    expect(columns).toEqual(["name", "company"]);
    expect(rows.map(([name]) => name)).toEqual(Array.from({ length: 2_500 }, (_, index) => `Person ${index}`));
    expect(rows[1]).toEqual(["Person 1", 'Acme, "Ltd"']);
    expect(job.body).toMatchObject({ tier: "low", struct: { title: { description: "Job title", type: "str" } } });
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      shape: "file",
      state: "waiting",
      taskCount: 1,
      leads: { running: 2_500, preparing: 0 },
    });
    const { history, leads: ofTask, lead } = await getTask(bench.context, task.id);
    expect(history).toMatchObject([
      { type: "created" },
      { type: "submitted", detail: { rowCount: 2_500, estimatedCostCents: 25_000 } },
    ]);
    expect([ofTask, lead]).toEqual([[], { name: "Person 0" }]);
  });

  test("get their task although all their updates take longer than a connection may be silent", async () => {
    const submissionId = await draft(1);
    await bench.context.db.execute(sql`
      insert into leads (id, submission_id, row, fields)
      select gen_random_uuid(), ${submissionId}, row, '{"name":"Ada"}' from generate_series(1, 7999) as row`);
    await bench.context.db.execute(sql`
      create function wait_at_each_thousandth() returns trigger language plpgsql as
      'begin if new.row % 1000 = 0 then perform pg_sleep(0.4); end if; return new; end'`);
    await bench.context.db.execute(sql`
      create trigger slow_update before update on leads for each row execute function wait_at_each_thousandth()`);
    const { db, close } = openDatabase(bench.database.url, { maxConnections: 1, answerWithinMs: 2_500 });
    try {
      await confirmDraft({ ...bench.context, db }, { submissionId, reuse: false, asFile: true });
    } finally {
      await close();
      await bench.context.db.execute(sql`drop function wait_at_each_thousandth() cascade`);
    }
    expect(await taskOf(submissionId)).toMatchObject({ leadCount: 8_000, status: "queued", others: [] });
    const placed = await bench.context.db
      .select({ row: leads.row, position: leads.position })
      .from(leads)
      .where(eq(leads.submissionId, submissionId))
      .orderBy(leads.row);
    expect(placed).toEqual(Array.from({ length: 8_000 }, (_, row) => ({ row, position: row })));
  });

  test("are offered for kinds that take files, and refused for others", async () => {
    const people = await draft(2);
    const emails = await draft(2, { kind: "find_email", options: {} });
    expect(await quoteDraft(bench.context, { submissionId: people })).toMatchObject({ asFile: true });
    expect(await quoteDraft(bench.context, { submissionId: emails })).toMatchObject({ asFile: false });
    await expect(
      confirmDraft(bench.context, { submissionId: emails, reuse: false, asFile: true }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await getSubmission(bench.context, emails)).toMatchObject({ state: "draft" });
  });

  test("are not sent where all of them take earlier results", async () => {
    await ended(3, { prefix: "Reused" });
    await fetchDueRows(bench.context, ROUND);
    await bench.sandbox.reset();
    const submissionId = await draft(3, { prefix: "Reused" });
    expect(await quoteDraft(bench.context, { submissionId })).toMatchObject({ leads: 3, known: 3 });
    await confirmDraft(bench.context, { submissionId, reuse: true, asFile: true });
    await dispatch(bench.context, ROUND);
    expect(await bench.sandbox.jobs()).toEqual([]);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ state: "ended", leads: { reused: 3 } });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows.every(({ result }) => result !== null)).toBe(true);
  });

  test("are known only once their rows are stored", async () => {
    await ended(2, { prefix: "Unfetched" });
    const submissionId = await draft(2, { prefix: "Unfetched" });
    expect(await quoteDraft(bench.context, { submissionId })).toMatchObject({ known: 0 });
  });

  test("wait for their own limit, and hold back nobody else", async () => {
    await bench.sandbox.setFileRateLimit(1);
    await confirmed(2);
    await dispatch(bench.context, ROUND);
    const second = await confirmed(2);
    await dispatch(bench.context, ROUND);
    expect(await taskOf(second)).toMatchObject({ status: "queued", errorCode: "rate_limited" });
    const single = await draft(1);
    await confirmDraft(bench.context, { submissionId: single, reuse: false });
    await dispatch(bench.context, ROUND);
    expect(await taskOf(single)).toMatchObject({ status: "running" });
  });
});

describe("a file whose answer was lost", () => {
  test("is sent again by itself under the same key, and is one job; its webhook by the first address counts", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    const task = await taskOf(submissionId);
    expect(task).toMatchObject({ status: "unconfirmed", nextSendAt: expect.any(Date) });
    expect(await getTask(bench.context, task.id)).toMatchObject({ isRepeatable: true });
    await bench.context.db.update(tasks).set({ nextSendAt: new Date() }).where(eq(tasks.id, task.id));
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 1 });
    expect(await taskOf(submissionId)).toMatchObject({ status: "running", nextSendAt: null, others: [] });
    const [job, ...others] = await bench.sandbox.jobs();
    expect(others).toEqual([]);
    if (!job) throw new Error("The sandbox has no job.");
    const { result } = await bench.sandbox.release(job.taskId);
    const event = { task_id: job.taskId, status: "completed", result };
    expect(await deliver(bench.context, event, { token: tokenOf(job) })).toMatchObject({ outcome: "applied" });
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
  });

  test("and whose webhook comes first is recovered, and not sent again", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    const [job] = await bench.sandbox.jobs();
    if (!job) throw new Error("The sandbox has no job.");
    const { result } = await bench.sandbox.release(job.taskId);
    await deliver(bench.context, { task_id: job.taskId, status: "completed", result }, { token: tokenOf(job) });
    expect(await taskOf(submissionId)).toMatchObject({ status: "completed", nextSendAt: null });
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 0 });
  });

  test("is sent again at a person's press without a second charge", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    const { id } = await taskOf(submissionId);
    await sendAgain(bench.context, { taskId: id, acceptDoubleCharge: false });
    expect(await bench.sandbox.jobs()).toHaveLength(1);
  });

  test("asks a person once its key is an hour old", async () => {
    await bench.sandbox.nextSubmit({ status: 503 });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    const { id } = await taskOf(submissionId);
    await bench.context.db
      .update(sends)
      .set({ sentAt: sql`now() - interval '61 minutes'` })
      .where(eq(sends.taskId, id));
    await bench.context.db.update(tasks).set({ nextSendAt: new Date() }).where(eq(tasks.id, id));
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 0 });
    expect(await getTask(bench.context, id)).toMatchObject({ status: "unconfirmed", isRepeatable: false });
    await expect(sendAgain(bench.context, { taskId: id, acceptDoubleCharge: false })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test.each([
    ["paused", pauseSubmission],
    ["cancelled", cancelSubmission],
  ])("is not sent again by itself once it is %s", async (_, stop) => {
    await bench.sandbox.nextSubmit({ status: 503 });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    await stop(bench.context, { submissionId });
    expect(await taskOf(submissionId)).toMatchObject({ status: "unconfirmed", nextSendAt: null });
  });

  test("by a crash while it was sent goes out again by itself", async () => {
    const submissionId = await confirmed(3);
    const cutOff = (minutes: number) =>
      bench.context.db
        .update(tasks)
        .set({ status: "submitting", nextSendAt: null, submittedAt: sql`now() - make_interval(mins => ${minutes})` })
        .where(eq(tasks.submissionId, submissionId));
    await cutOff(2);
    await reconcile(bench.context);
    expect(await taskOf(submissionId)).toMatchObject({ status: "submitting" });
    await cutOff(4);
    await reconcile(bench.context);
    expect(await taskOf(submissionId)).toMatchObject({ status: "unconfirmed", errorCode: "cut_off" });
    await dispatch(bench.context, ROUND);
    expect(await taskOf(submissionId)).toMatchObject({ status: "running" });
  });
});

describe("what stops a file", () => {
  test("402 pauses it, and it goes on when resumed", async () => {
    await bench.sandbox.nextSubmit({ status: 402 });
    const submissionId = await confirmed(3);
    await dispatch(bench.context, ROUND);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      state: "paused",
      pauseReason: "no_credits",
      leads: { queued: 3 },
    });
    await resumeSubmission(bench.context, { submissionId });
    await dispatch(bench.context, ROUND);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ state: "waiting" });
  });

  test("a job that fails can be retried, as another job", async () => {
    const { submissionId, job } = await sent(3);
    await deliver(bench.context, { task_id: job.taskId, status: "failed", error: "x" }, { token: tokenOf(job) });
    expect(await retryFailed(bench.context, { submissionId })).toEqual({ retried: 1 });
    await dispatch(bench.context, ROUND);
    const keys = (await bench.sandbox.jobs()).map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(2);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ leads: { running: 3, failed: 0 } });
  });
});

describe("the rows of a file", () => {
  test("are fetched once the job has ended, and are each their lead's, as if it had been sent alone", async () => {
    const { submissionId } = await ended(1_203);
    // Ended at Sixtyfour, and on the way here.
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      state: "waiting",
      leads: { running: 1_203, completed: 0 },
    });
    expect((await listRows(bench.context, { submissionId, status: "running", limit: 1 })).rows).toHaveLength(1);

    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 0 });
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      state: "ended",
      leads: { completed: 1_203, running: 0 },
      chargedCents: 12_030,
    });
    const { submissions: listed } = await listSubmissions(bench.context, {});
    expect(listed.find(({ id }) => id === submissionId)).toMatchObject({ state: "ended" });
    const { rows } = await listRows(bench.context, { submissionId, limit: 200, cursor: "1100" });
    const last = rows.at(-1);
    expect(last).toMatchObject({ row: 1_202, status: "completed", lead: { name: "Person 1202" }, mismatch: null });

    const alone = await draft(1, { prefix: "x" });
    await bench.context.db
      .update(leads)
      .set({ fields: last?.lead ?? {} })
      .where(eq(leads.submissionId, alone));
    await confirmDraft(bench.context, { submissionId: alone, reuse: false });
    await dispatch(bench.context, ROUND);
    const job = (await bench.sandbox.jobs()).at(-1);
    const { result } = await bench.sandbox.release(job?.taskId ?? "");
    const { structured_data } = result as { structured_data: object };
    expect(last?.result).toEqual({ structured_data });
    const { history } = await getTask(bench.context, (await taskOf(submissionId)).id);
    expect(history.at(-1)).toMatchObject({ type: "fetched", detail: { rows: 1_203 } });
  });

  test("come too where the end was told by a poll, and no link of it is kept", async () => {
    const { submissionId, job } = await sent(3);
    await bench.sandbox.release(job.taskId);
    const { id } = await taskOf(submissionId);
    expect(await pollTask(bench.context, { taskId: id, by: "person" })).toMatchObject({ type: "completed" });
    expect(JSON.stringify((await taskOf(submissionId)).result)).not.toContain("http");
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
  });

  test("are asked for anew where a link has expired, with a fresh one", async () => {
    const { submissionId } = await ended(3);
    await bench.sandbox.setLinkLifetime(0);
    expect(await fetchDueRows(bench.context, { forMs: 1 })).toEqual({ fetched: 0 });
    expect(await taskOf(submissionId)).toMatchObject({ nextFetchAt: expect.any(Date), fetchProblem: null });
    await bench.sandbox.setLinkLifetime(60_000);
    await makeDue(submissionId);
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
  });

  test("are waited for where the link to the enrichment is missing, whatever else can be had", async () => {
    const { submissionId } = await ended(3);
    await bench.sandbox.setNullLinks(2);
    for (const _ of [1, 2]) {
      await makeDue(submissionId);
      expect(await fetchDueRows(bench.context, { forMs: 1 })).toEqual({ fetched: 0 });
      expect(await taskOf(submissionId)).toMatchObject({ nextFetchAt: expect.any(Date), fetchProblem: null });
    }
    await makeDue(submissionId);
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
  });

  test("are taken from the webhook's file rather than lost, after a day without a link to the enrichment", async () => {
    const { submissionId } = await ended(3);
    await bench.sandbox.setNullLinks(100);
    await bench.context.db
      .update(tasks)
      .set({ endedAt: sql`now() - interval '25 hours'` })
      .where(eq(tasks.submissionId, submissionId));
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
    const { rows } = await listRows(bench.context, { submissionId });
    const fields = rows.map(({ result }) => Object.keys((result as { structured_data: object }).structured_data));
    expect(fields).toEqual(rows.map(() => ["title", "employee_count", "tags"]));
    expect(JSON.stringify(rows)).not.toContain("webhook");
  });

  test.each(["all_columns", "own_columns"] as const)(
    "come from the enrichment's file, where the webhook's has %s, and where no fields were asked for",
    async (form) => {
      await bench.sandbox.setWebhookBlock(form);
      const { submissionId } = await ended(2, { options: { tier: "low" } });
      expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 1 });
      const { rows } = await listRows(bench.context, { submissionId });
      expect(rows.every(({ result }) => result !== null)).toBe(true);
      expect(JSON.stringify(rows)).not.toContain("webhook");
    },
  );

  test("are read where they stand in the answer itself", async () => {
    await bench.sandbox.setInlineResults(true);
    const { submissionId } = await ended(3);
    const downloadResult = () => Promise.reject(new Error("There is no need to download anything."));
    const context = { ...bench.context, sixtyfour: { ...bench.context.sixtyfour, downloadResult } };
    expect(await fetchDueRows(context, ROUND)).toEqual({ fetched: 1 });
    const { rows } = await listRows(bench.context, { submissionId });
    const fields = rows.map(({ result }) => Object.keys((result as { structured_data: object }).structured_data));
    expect(fields).toEqual(rows.map(() => ["title", "employee_count", "tags"]));
  });

  test.each([
    ["truncated", /unreadable|count/],
    ["unclosed_quote", /unreadable/],
    ["missing_rows", /count/],
  ] as const)("of a file that is damaged (%s) are nobody's, until a whole one is fetched", async (damage, problem) => {
    const { submissionId } = await ended(6);
    await bench.sandbox.setFileDamage(damage);
    expect(await fetchDueRows(bench.context, { forMs: 1 })).toEqual({ fetched: 0 });
    const task = await taskOf(submissionId);
    expect(task).toMatchObject({ fetchProblem: expect.stringMatching(problem), nextFetchAt: null, rowsStoredAt: null });
    await bench.sandbox.setFileDamage(null);
    await bench.context.db.update(tasks).set({ lastPolledAt: null }).where(eq(tasks.id, task.id));
    expect(await fetchRowsNow(bench.context, { taskId: task.id })).toEqual({ type: "stored", rows: 6 });
  });

  test("are given up after a day without a file, and a person can still fetch them", async () => {
    const { submissionId, job } = await ended(3);
    await bench.sandbox.setLinkLifetime(0);
    await bench.context.db
      .update(tasks)
      .set({ endedAt: sql`now() - interval '25 hours'` })
      .where(eq(tasks.submissionId, submissionId));
    await fetchDueRows(bench.context, { forMs: 1 });
    const task = await taskOf(submissionId);
    expect(task).toMatchObject({ nextFetchAt: null, fetchProblem: "no_file", sixtyfourTaskId: job.taskId });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows).toMatchObject(Array.from({ length: 3 }, () => ({ mismatch: "no_file", result: null })));
    await bench.sandbox.setLinkLifetime(60_000);
    await bench.context.db.update(tasks).set({ lastPolledAt: null }).where(eq(tasks.id, task.id));
    expect(await fetchRowsNow(bench.context, { taskId: task.id })).toEqual({ type: "stored", rows: 3 });
    await expect(fetchRowsNow(bench.context, { taskId: task.id })).rejects.toMatchObject({ code: "conflict" });
  });

  test("are stored once, by however many at a time", async () => {
    const { submissionId } = await ended(700);
    await Promise.all(Array.from({ length: 4 }, () => fetchDueRows(bench.context, ROUND)));
    const { history } = await getTask(bench.context, (await taskOf(submissionId)).id);
    expect(history.filter(({ type }) => type === "fetched")).toHaveLength(1);
  });

  test("of an erased task are not brought back", async () => {
    const { submissionId } = await ended(3);
    const { id } = await taskOf(submissionId);
    await eraseTask(bench.context, id);
    await makeDue(submissionId);
    expect(await fetchDueRows(bench.context, ROUND)).toEqual({ fetched: 0 });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows.map(({ lead, result }) => [lead, result])).toEqual(Array.from({ length: 3 }, () => [{}, null]));
  });
});

describe("a result file that does not fit", () => {
  let server: Server;
  let file: string | number;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.statusCode = typeof file === "number" ? file : 200;
      response.end(typeof file === "string" ? file : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => server.close());

  /** Puts another file behind the link of the enrichment. */
  const withOtherFile = (rowCount?: number): Context => ({
    ...bench.context,
    sixtyfour: {
      ...bench.context.sixtyfour,
      async jobStatus(id) {
        const answer = await bench.context.sixtyfour.jobStatus(id);
        const download_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;
        if (answer.type === "job") answer.job.results = [{ download_url, block_number: 2, row_count: rowCount }];
        return answer;
      },
      downloadResult: (url) => downloadResult(url, { apiUrl: "https://api.example", allowPrivateAddresses: true }),
    },
  });
  const csv = (rows: string[][]) => Papa.unparse([["name", "company", "title"], ...rows]);
  const right = ["0", "1", "2"].map((n) => [`Person ${n}`, n === "0" ? "" : 'Acme, "Ltd"', `Title ${n}`]);

  test.each<[string, string, string]>([
    ["with a row too few", "count", csv(right.slice(0, 2))],
    ["with a row too many", "count", csv([...right, ["Person 3", "", "x"]])],
    ["in another order", "names", csv(right.toReversed())],
    ["that is an error page", "unreadable", "<html><body>Sorry</body></html>"],
    ["that breaks off within a row", "unreadable", csv(right).slice(0, -20)],
  ])("%s is nobody's, and says so", async (_, problem, content) => {
    const { submissionId } = await ended(3, { prefix: "Person" });
    file = content;
    expect(await fetchDueRows(withOtherFile(), { forMs: 1 })).toEqual({ fetched: 0 });
    expect(await taskOf(submissionId)).toMatchObject({ fetchProblem: problem, nextFetchAt: null, rowsStoredAt: null });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows.map(({ result, mismatch }) => [result, mismatch])).toEqual(
      Array.from({ length: 3 }, () => [null, problem]),
    );
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ state: "ended" });
  });

  test.each([
    ["nicknames", ["Bob Smith", "Liz Smith", "Bill Smith"]],
    ["other names", ["Bob", "Liz", "Bill"]],
  ])("in names alone (%s) is stored with a warning on each lead", async (_, names) => {
    const { submissionId } = await ended(3, { prefix: "Smith" });
    file = csv(right.map(([, company = "", title = ""], index) => [names[index] ?? "", company, title]));
    expect(await fetchDueRows(withOtherFile(), { forMs: 1 })).toEqual({ fetched: 1 });
    const stored = await bench.context.db
      .select({ resultName: leads.resultName })
      .from(leads)
      .where(eq(leads.submissionId, submissionId))
      .orderBy(leads.position);
    expect(stored).toEqual(names.map((resultName) => ({ resultName })));
  });

  /** Changes what job-status says. */
  const withAnswer = (change: (job: { results?: unknown; result?: unknown }) => void): Context => ({
    ...bench.context,
    sixtyfour: {
      ...bench.context.sixtyfour,
      async jobStatus(id) {
        const answer = await bench.context.sixtyfour.jobStatus(id);
        if (answer.type === "job") change(answer.job);
        return answer;
      },
    },
  });
  const inline = right.map(([, , title]) => ({ structured_data: { title }, notes: "Seen", confidence_score: 0.5 }));
  const inAFile = (results: unknown) => [{ filename: "a.csv", download_url: null, block_number: 2, results }];

  test.each<[string, { results?: unknown; result?: unknown }]>([
    ["of a file", { results: inAFile(inline) }],
    ["of a file, as JSON text", { results: inAFile(JSON.stringify(inline)) }],
    ["of the answer", { results: inline }],
    ["of the answer's result", { results: null, result: inline }],
  ])("since it is missing is read from the inline rows %s", async (_, answer) => {
    const { submissionId } = await ended(3);
    const context = withAnswer((job) => Object.assign(job, answer));
    expect(await fetchDueRows(context, { forMs: 1 })).toEqual({ fetched: 1 });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows.map(({ result }) => result)).toEqual(inline);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ leads: { completed: 3 } });
  });

  test("since the last block has no link is waited for, for 10 minutes if another one is whole", async () => {
    const { submissionId } = await ended(3);
    const context = withAnswer((job) => {
      for (const entry of job.results as { filename: string; block_number: number; download_url: string | null }[]) {
        if (entry.block_number === 3) Object.assign(entry, { filename: "3.csv", download_url: null });
      }
    });
    const fetchAfter = async (minutes: number) => {
      await bench.context.db
        .update(tasks)
        .set({ endedAt: sql`now() - make_interval(mins => ${minutes})`, nextFetchAt: new Date() })
        .where(eq(tasks.submissionId, submissionId));
      return fetchDueRows(context, { forMs: 1 });
    };
    expect(await fetchAfter(9)).toEqual({ fetched: 0 });
    expect(await taskOf(submissionId)).toMatchObject({ nextFetchAt: expect.any(Date), fetchProblem: null });
    expect(await fetchAfter(11)).toEqual({ fetched: 1 });
  });

  test("by Sixtyfour's own count alone is stored: the rows that are there decide", async () => {
    for (const rowCount of [2, 0]) {
      await ended(3);
      file = csv(right);
      expect(await fetchDueRows(withOtherFile(rowCount), { forMs: 1 })).toEqual({ fetched: 1 });
      await bench.sandbox.reset();
      await bench.sandbox.hold(true);
    }
  });

  test("in some rows is stored with the names that these rows give", async () => {
    const { submissionId } = await ended(3);
    const named = (names: string[]) => csv(right.map(([, ...cells], index) => [names[index] ?? "", ...cells]));
    file = named(["Person 0", "Zoe\0 Li", "Person 2"]);
    expect(await fetchDueRows(withOtherFile(), { forMs: 1 })).toEqual({ fetched: 1 });
    const stored = await bench.context.db
      .select({ result: leads.result, resultName: leads.resultName })
      .from(leads)
      .where(eq(leads.submissionId, submissionId))
      .orderBy(leads.position);
    expect(stored).toEqual(
      [null, "Zoe\ufffd Li", null].map((resultName, n) => ({
        result: { structured_data: { title: `Title ${n}` } },
        resultName,
      })),
    );
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({ leads: { completed: 3 } });
  });

  test("but spells things its own way is taken", async () => {
    const { submissionId } = await ended(3);
    file = csv(
      right.map(([name = "", company = "", title = ""]) => [name.toUpperCase(), company && "acme ltd.", title]),
    );
    expect(await fetchDueRows(withOtherFile(3), { forMs: 1 })).toEqual({ fetched: 1 });
    const { rows } = await listRows(bench.context, { submissionId });
    expect(rows.map(({ result }) => result)).toEqual(
      ["0", "1", "2"]
        .map((n) => ({ structured_data: {}, title: `Title ${n}` }))
        .map(({ title }) => ({
          structured_data: { title },
        })),
    );
  });

  test("for now, since its storage is down, is asked for again", async () => {
    const { submissionId } = await ended(3);
    file = 503;
    await fetchDueRows(withOtherFile(), { forMs: 1 });
    expect(await taskOf(submissionId)).toMatchObject({ fetchProblem: null, nextFetchAt: expect.any(Date) });
  });
});
