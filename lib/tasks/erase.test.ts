import { randomUUID } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { saveView } from "@/lib/saved-views/save";
import { addLeads } from "@/lib/submissions/add-leads";
import { createDraft } from "@/lib/submissions/create-draft";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { pollTask } from "@/lib/tasks/poll";
import { submitLead } from "@/lib/tasks/submit";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

async function submit(name: string) {
  const { taskId: id } = await submitLead(bench.context, { input: findEmailInput(name), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { id, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

/** Everything that the database holds, as text: each row of each table, bytes as they are and as characters. */
async function everything(): Promise<string> {
  const { db } = bench.context;
  const tables = await db.execute<{ name: string }>(sql`
    select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`);
  const dumps = [];
  for (const { name } of tables) {
    const rows = await db.execute<{ row: string }>(
      sql`select record::text as row from ${sql.identifier(name)} as record`,
    );
    dumps.push(
      ...rows.map(({ row }) => row.replace(/\\+x([0-9a-f]+)/g, (_, hex) => Buffer.from(hex, "hex").toString())),
    );
  }
  return dumps.join("\n").toLowerCase();
}

test("erasing leaves no trace of the lead in any table, and late webhooks and polls bring nothing back", async () => {
  const name = `Forget Me ${randomUUID()}`;
  const task = await submit(name);
  const event = { task_id: task.jobId, status: "completed", result: { name, email: [["forget@me.example", "OK"]] } };
  await deliver(bench.context, event, { token: task.token });
  expect(await everything()).toContain(name.toLowerCase());

  await eraseTask(bench.context, task.id);
  await eraseTask(bench.context, task.id);
  expect(await deliver(bench.context, event, { token: task.token })).toEqual({ status: 200, outcome: "erased" });
  expect(await deliver(bench.context, event)).toEqual({ status: 200, outcome: "erased" });
  expect(await pollTask(bench.context, { taskId: task.id, by: "person" })).toMatchObject({ type: "already_ended" });

  const left = await everything();
  expect(left).not.toContain(name.toLowerCase());
  expect(left).not.toContain("forget@me.example");
  const view = await getTask(bench.context, task.id);
  expect(view).toMatchObject({ status: "completed", result: null, lead: {}, errorCode: "erased" });
  expect(view.history.filter(({ type }) => type === "erased")).toHaveLength(1);
});

test("a name that went in by every way there is stands nowhere in the database once its lead is erased", async () => {
  const { context, sandbox } = bench;
  const unique = `Zaphira ${randomUUID().slice(0, 8)}`;
  const email = `${unique.replace(" ", ".").toLowerCase()}@forget.example`;
  // Submitted, delivered, submitted again with changes.
  const first = await submit(unique);
  const [lead] = await context.db.select({ id: leads.id }).from(leads).where(eq(leads.taskId, first.id));
  const input = findEmailInput(unique);
  const options = { ...input.options, research_plan: `Look for ${unique}.` };
  const again = await submitLead(context, {
    input: { ...input, lead: { ...input.lead, title: "COO" }, options },
    formKey: randomUUID(),
    basedOnLeadId: lead?.id,
  });
  const result = { name: unique, email: [[email, "OK"]] };
  const completed = { task_id: first.jobId, status: "completed", result };
  await deliver(context, completed, { token: first.token });
  // Rejected, of an unknown task, a duplicate, and a workflow's envelope.
  await deliver(context, completed, { signed: false, token: first.token });
  await deliver(context, completed, { token: "a".repeat(43) });
  await deliver(context, completed, { token: first.token });
  await deliver(context, { task_id: "nobody", status: "completed", result });
  await deliver(context, { run_id: "r1", event_id: "e1", results: [result] });
  // A refused submit whose message names the lead, and its list.
  await sandbox.nextSubmit({ status: 402, body: { detail: `No credits for ${unique}.` } });
  const listed = await submitLead(context, { input: findEmailInput(unique), formKey: randomUUID() });
  await context.db
    .update(submissions)
    .set({
      name: `${unique} and 99 more`,
      pausedAt: new Date(),
      pauseReason: "no_credits",
      pauseMessage: `For ${unique}`,
    })
    .where(
      inArray(
        submissions.id,
        context.db.select({ id: tasks.submissionId }).from(tasks).where(eq(tasks.id, listed.taskId)),
      ),
    );
  // A draft, and a saved view.
  const columns = ["Name"];
  const draft = await createDraft(context, { kind: "find_email", options: {}, name: `${unique}.csv`, columns });
  const rows = [unique, "Somebody Else"].map((name) => ({ fields: { name }, cells: [name.toUpperCase()] }));
  await addLeads(context, { submissionId: draft.submissionId, fromRow: 0, leads: rows });
  await saveView(context, { name: "About one person", query: `q=${encodeURIComponent(unique.toLowerCase())}` });
  const before = await everything();
  expect(before).toContain(unique.toLowerCase());
  expect(before).toContain(email);

  for (const id of [first.id, listed.taskId]) await eraseTask(context, id);
  // What comes later, rejected or not, is counted and not kept.
  await deliver(context, completed, { signed: false, token: first.token });
  await deliver(context, completed, { signed: false });
  await deliver(context, completed, { token: first.token });
  const left = await everything();
  expect(left).not.toContain(unique.toLowerCase());
  expect(left).not.toContain(email);
  expect(await getTask(context, again.taskId)).toMatchObject({ errorCode: "erased", lead: {} });
  // What is about others stays.
  expect(left).toContain("somebody else");
  const [kept] = await context.db.select().from(submissions).where(eq(submissions.id, draft.submissionId));
  expect(kept).toMatchObject({ name: "", leadCount: 1 });
});

test("what is about others stays, though it holds the same company or a longer name", async () => {
  const { context } = bench;
  const task = await submit("Anna Lee");
  const draft = await createDraft(context, { kind: "find_email", options: {}, name: "", columns: ["Name"] });
  const rows = ["Joanna Lee", "Bo Berg"].map((name) => ({
    fields: { name, company: "Analytical Engines" },
    cells: [name],
  }));
  await addLeads(context, { submissionId: draft.submissionId, fromRow: 0, leads: rows });
  const unmatched = {
    task_id: "another",
    status: "completed",
    result: { name: "Joanna Lee", company: "Analytical Engines" },
  };
  await deliver(context, unmatched);

  await eraseTask(context, task.id);
  expect(await context.db.$count(leads, eq(leads.submissionId, draft.submissionId))).toBe(2);
  expect(await everything()).toContain('"task_id":"another","status":"completed","result":{"name":"joanna lee"');
});

test("an open task that is erased has ended, and its result is not taken when it comes", async () => {
  const task = await submit("Open");
  await eraseTask(bench.context, task.id);
  const event = { task_id: task.jobId, status: "completed", result: { secret: "unmistakable" } };
  expect(await deliver(bench.context, event, { token: task.token })).toEqual({ status: 200, outcome: "erased" });
  expect(await getTask(bench.context, task.id)).toMatchObject({ status: "cancelled", result: null, nextPollAt: null });
  expect(await everything()).not.toContain("unmistakable");
});

test("erasing waits for whoever has the submission without holding its task, so that no two wait for each other", async () => {
  const { db } = bench.context;
  const task = await submit("Locked Lead");
  const [row] = await db.select({ id: tasks.submissionId }).from(tasks).where(eq(tasks.id, task.id));
  let erasing: Promise<unknown> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx
      .select()
      .from(submissions)
      .where(eq(submissions.id, row?.id ?? ""))
      .for("update");
    erasing = eraseTask(bench.context, task.id);
    await expect.poll(() => countWaiting()).toBe(1);
    await tx.select().from(tasks).where(eq(tasks.id, task.id)).for("update");
  });
  await erasing;
  expect(await getTask(bench.context, task.id)).toMatchObject({ errorCode: "erased" });
});

async function countWaiting(): Promise<number> {
  const [row] = await bench.context.db.execute<{ n: number }>(sql`
    select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);
  return row?.n ?? 0;
}

test("a task that doesn't exist is not found", async () => {
  await expect(eraseTask(bench.context, randomUUID())).rejects.toMatchObject({ code: "not_found" });
});
