import { randomUUID } from "node:crypto";
import { desc, eq, inArray, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { addLeads } from "@/lib/pipeline/add-leads";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pollTask } from "@/lib/pipeline/poll";
import { submitLead } from "@/lib/pipeline/submit";
import { submitLeads } from "@/lib/pipeline/submit-leads";
import { saveView } from "@/lib/saved-views/save";
import { createDraft } from "@/lib/submissions/create-draft";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
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
  const slug = unique.replace(" ", ".").toLowerCase();
  const email = `${slug}@forget.example`;
  const company = "Analytical Engines";
  const input = findEmailInput(unique);
  // Submitted, delivered, submitted again with changes.
  const first = await submit(unique);
  const [lead] = await context.db.select({ id: leads.id }).from(leads).where(eq(leads.taskId, first.id));
  const options = { ...input.options, research_plan: `Look for ${unique}.` };
  const again = await submitLead(context, {
    input: { ...input, lead: { ...input.lead, title: "COO" }, options },
    formKey: randomUUID(),
    basedOnLeadId: lead?.id,
  });
  const result = { name: unique, email: [[email, "OK"]] };
  const completed = { task_id: first.jobId, status: "completed", result };
  await deliver(context, completed, { token: first.token });
  // Rejected, of an unknown task, a duplicate, a workflow's envelope, and one of many results.
  await deliver(context, completed, { signed: false, token: first.token });
  await deliver(context, completed, { token: "a".repeat(43) });
  await deliver(context, completed, { token: first.token });
  await deliver(context, { task_id: "nobody", status: "completed", result });
  await deliver(context, { run_id: "r1", event_id: "e1", results: [result] });
  await deliver(context, { task_id: "many", status: "completed", result: [{ name: "Somebody Else" }, result] });
  await deliver(context, `{"result": {"name": "${unique}", "company": "${company}", "no": `, { signed: false });
  // A refused submit whose message names the lead, and its list.
  await sandbox.nextSubmit({ status: 402, body: { detail: `No credits for ${unique}.` } });
  const listed = await submitLead(context, { input, formKey: randomUUID() });
  const ofListed = context.db.select({ id: tasks.submissionId }).from(tasks).where(eq(tasks.id, listed.taskId));
  const paused = { pausedAt: new Date(), pauseReason: "no_credits" as const, pauseMessage: `For ${unique}` };
  await context.db
    .update(submissions)
    .set({ name: `${unique} and 99 more`, ...paused })
    .where(inArray(submissions.id, ofListed));
  // A list of a program, under a key that names the lead, that has more leads, and that its refusal pauses.
  const rows = [unique, "Somebody Else"].map((name) => ({ fields: { name, company } }));
  await sandbox.nextSubmit({ status: 402, body: { detail: `No credits for ${unique}.` } });
  const program = await submitLeads(context, {
    submission: { kind: "find_email", options: {}, leads: rows.slice(0, 1), name: `${unique} of ${company}` },
    requestKey: `api:null:${email}`,
  });
  await dispatch(context, { forMs: 3_000 });
  expect(await everything()).toContain(`no credits for ${unique.toLowerCase()}`);
  const [ofProgram] = await context.db.select().from(tasks).where(eq(tasks.submissionId, program.submissionId));
  // The phone number of the same lead.
  const phone = await submitLead(context, {
    input: { kind: "find_phone", lead: { name: unique, company }, options: {} },
    formKey: randomUUID(),
  });
  // A draft, a cancelled draft, a list whose first row was taken for its headers, and a saved view.
  const makeDraft = async (columns: string[]) => {
    const name = `${unique}, ${company}.csv`;
    const draft = await createDraft(context, { kind: "find_email", options: {}, name, columns });
    const given = rows.map(({ fields }) => ({ fields, cells: [fields.name.toUpperCase(), fields.company] }));
    await addLeads(context, { submissionId: draft.submissionId, fromRow: 0, leads: given });
    return draft.submissionId;
  };
  const draft = await makeDraft(["Name"]);
  const cancelled = await makeDraft(["Name"]);
  await cancelSubmission(context, { submissionId: cancelled });
  const query = new URLSearchParams({ q: `${unique.toLowerCase()} ${company}` });
  await saveView(context, { name: "About one person", query: query.toString() });
  const before = await everything();
  expect(before).toContain(unique.toLowerCase());
  expect(before).toContain(email);

  // One whose submit, and one whose poll is under way meanwhile.
  await sandbox.nextSubmit({ status: 402, body: { detail: `No credits for ${unique}.` }, delayMs: 2_000 });
  await submitLeads(context, {
    submission: { kind: "find_email", options: {}, leads: rows.slice(0, 1), name: "" },
    requestKey: `api:null:${randomUUID()}`,
  });
  const submitting = dispatch(context, { forMs: 3_000 });
  await expect.poll(() => newestTask("submitting")).toBeDefined();
  const inFlight = await newestTask("submitting");
  const [asked, answerPoll] = await startPoll(unique);
  // The first is told of the others.
  const { stillNamed } = await eraseTask(context, first.id);
  expect(stillNamed.map(({ id }) => id)).toEqual(expect.arrayContaining([listed.taskId, ofProgram?.id, phone.taskId]));
  for (const id of [listed.taskId, ofProgram?.id ?? "", phone.taskId, inFlight?.id ?? "", asked]) {
    await eraseTask(context, id);
  }
  await submitting;
  await answerPoll();
  // What comes later, rejected or not, is counted and not kept.
  await deliver(context, completed, { signed: false, token: first.token });
  await deliver(context, completed, { signed: false });
  await deliver(context, completed, { token: first.token });
  const left = await everything();
  expect(left).not.toContain(unique.toLowerCase());
  expect(left).not.toContain(slug);
  expect(await getTask(context, again.taskId)).toMatchObject({ errorCode: "erased", lead: {} });
  // What is about others stays.
  expect(left).toContain("somebody else");
  const [kept] = await context.db.select().from(submissions).where(eq(submissions.id, draft));
  expect(kept).toMatchObject({ name: "", leadCount: 1 });
  expect(await context.db.$count(leads, eq(leads.submissionId, cancelled))).toBe(2);
  const repeated = await submitLeads(context, {
    submission: { kind: "find_email", options: {}, leads: rows.slice(0, 1), name: `${unique} of ${company}` },
    requestKey: `api:null:${email}`,
  });
  expect(repeated).toEqual({ submissionId: program.submissionId, repeated: true });
});

async function newestTask(status: "submitting") {
  const { db } = bench.context;
  const [task] = await db.select().from(tasks).where(eq(tasks.status, status)).orderBy(desc(tasks.id)).limit(1);
  return task;
}

/** A task of the lead that is being asked about: its id, and what lets the answer come, which names the lead. */
async function startPoll(name: string): Promise<[string, () => Promise<unknown>]> {
  const { context } = bench;
  const task = await submit(name);
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const jobStatus = async () => {
    await answered;
    return {
      type: "unavailable" as const,
      reason: "unreachable" as const,
      message: `Busy with ${name}`,
      retryAfterSeconds: null,
    };
  };
  const polling = pollTask(
    { ...context, sixtyfour: { ...context.sixtyfour, jobStatus } as typeof context.sixtyfour },
    { taskId: task.id, by: "person" },
  );
  return [
    task.id,
    () => {
      answer();
      return polling;
    },
  ];
}

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
