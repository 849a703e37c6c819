import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliveries, erasures, leads, outputTemplates, type Person, savedViews, submissions, tasks } from "@/db/schema";
import { addLeads } from "@/lib/pipeline/add-leads";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { eraseSelected } from "@/lib/pipeline/selected-tasks";
import { submitLead } from "@/lib/pipeline/submit";
import { saveView } from "@/lib/saved-views/save";
import { createDraft } from "@/lib/submissions/create-draft";
import { eraseTask } from "@/lib/tasks/erase";
import { searchTraces } from "@/lib/tasks/erase-traces";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const submit = async (lead: Record<string, string>, options = {}) => {
  const input = { kind: "people_intelligence" as const, lead, options };
  return (await submitLead(bench.context, { input, formKey: randomUUID() })).taskId;
};

/** A draft of people intelligence, with instructions of its own. */
async function newDraft(given: {
  rows: Record<string, string>[];
  /** A cell of each row that is no field of its lead. */
  notes?: string;
  name?: string;
  options?: object;
  columns?: string[];
}) {
  const { rows, notes = "", name = "people.csv", options = {}, columns = ["Name"] } = given;
  const draft = await createDraft(bench.context, { kind: "people_intelligence", options, name, columns });
  const added = rows.map((fields) => ({ fields, cells: [...Object.values(fields), notes] }));
  await addLeads(bench.context, { submissionId: draft.submissionId, fromRow: 0, leads: added });
  return draft.submissionId;
}

const submissionOf = async (id: string) => {
  const [row] = await bench.context.db.select().from(submissions).where(eq(submissions.id, id));
  return row;
};

const fieldsOf = async (submissionId: string) => {
  const rows = await bench.context.db
    .select({ fields: leads.fields })
    .from(leads)
    .where(eq(leads.submissionId, submissionId))
    .orderBy(leads.row);
  return rows.map(({ fields }) => fields);
};

/** A name that nobody else has, with all that tells who is meant. */
function somebody() {
  const id = randomUUID().slice(0, 8);
  return {
    name: `Zaphira Q${id}`,
    company: `Engines ${id}`,
    email: `z${id}@forget.example`,
    linkedin: `https://www.linkedin.com/in/zaphira-${id}`,
  };
}

describe("what belongs to others", () => {
  const options = {
    research_plan: "Summarize the news of the week about Company Name; call 00000. Ask Joanna Lee.",
    struct: [{ name: "summary", description: "Summary of the page", type: "str" as const }],
  };

  test.each([
    ["a name of common words", { name: "of the", company: "Acme" }],
    ["a heading as a name", { name: "Company Name", company: "Company Name" }],
    ["a number of zeros", { name: "Zed", phone: "00000" }],
    ["a name within a longer one", { name: "Anna Lee", company: "Acme" }],
  ])("stays as it is when %s is erased, and goes out as it was written", async (_, lead) => {
    const { context, sandbox } = bench;
    const rows = [{ name: "Joanna Lee", company: "Analytical Engines" }];
    const columns = ["Company Name", "Phone"];
    const draft = await newDraft({ rows, notes: "00000", name: "Leads of the week", options, columns });
    const view = { name: `Views of the week ${randomUUID()}`, query: "q=company+name" };
    await saveView(context, view);
    const id = await submit(lead);
    await eraseTask(context, id);

    expect(await submissionOf(draft)).toMatchObject({
      name: "Leads of the week",
      options,
      columns,
    });
    expect(await fieldsOf(draft)).toEqual(rows);
    expect(await context.db.$count(savedViews, eq(savedViews.name, view.name))).toBe(1);
    await confirmDraft(context, { submissionId: draft, reuse: false });
    await dispatch(context, { forMs: 5_000 });
    const job = (await sandbox.jobs()).at(-1);
    expect(job?.body).toMatchObject({ research_plan: options.research_plan });
  });

  test("keeps its instructions where they name the lead and something is still to be sent: the page says so instead", async () => {
    const { context } = bench;
    const lead = somebody();
    const plan = { research_plan: `Compare with ${lead.name} of ${lead.company}, ${lead.email}.` };
    const rows = [{ name: "Bo Berg", company: "Berg AB" }];
    const draft = await newDraft({ rows, options: plan });
    const confirmed = await newDraft({ rows, options: plan, name: "confirmed" });
    await confirmDraft(context, { submissionId: confirmed, reuse: false });
    const over = await newDraft({ rows, options: plan, name: "over" });
    await cancelSubmission(context, { submissionId: over });
    const [template] = await context.db
      .insert(outputTemplates)
      .values({ name: lead.email, fields: [] })
      .returning({ id: outputTemplates.id });

    const taskId = await submit(lead);
    const { isSearching, stillNamed } = await eraseTask(context, taskId);
    expect(isSearching).toBe(false);
    expect((await submissionOf(draft))?.options).toEqual(plan);
    expect((await submissionOf(confirmed))?.options).toEqual(plan);
    expect((await submissionOf(over))?.options).toEqual({ research_plan: "" });
    expect(stillNamed.map(({ type, id, place }) => [type, id, place])).toEqual([
      ["submission", draft, "options"],
      ["submission", confirmed, "options"],
      ["template", template?.id, "fields"],
    ]);
    expect((await getTask(context, taskId)).erasure).toEqual({ isSearching, stillNamed });
  });

  test("is kept where only the name is the same, and told", async () => {
    const { context } = bench;
    const lead = somebody();
    const draft = await newDraft({ rows: [{ name: lead.name, company: "Elsewhere" }], name: `${lead.name}.csv` });
    const { id: viewId } = await saveView(context, { name: "Somebody", query: `q=${encodeURIComponent(lead.name)}` });
    const about = { task_id: randomUUID(), status: "completed", result: { name: lead.name, company: "Elsewhere" } };
    await deliver(context, about);

    const { stillNamed } = await eraseTask(context, await submit(lead));
    expect(await fieldsOf(draft)).toHaveLength(1);
    expect((await submissionOf(draft))?.name).toBe(`${lead.name}.csv`);
    expect(stillNamed.map(({ id, place, title, query }) => ({ id, place, title, query }))).toEqual([
      { id: draft, place: "name", title: `${lead.name}.csv`, query: null },
      { id: draft, place: "leads", title: `${lead.name}.csv`, query: null },
      { id: viewId, place: "filter", title: "Somebody", query: expect.stringContaining("q=") },
    ]);
    const [kept] = await context.db.select().from(deliveries).where(eq(deliveries.sixtyfourTaskId, about.task_id));
    expect(Buffer.from(kept?.body ?? []).toString()).toBe(JSON.stringify(about));
  });

  test("a lead of a draft stays whose notes name the erased one, or who shares the mailbox", async () => {
    const lead = somebody();
    const rows = [
      { name: "Bo Berg", company: "Berg AB", email: "bo@berg.example" },
      { name: "Cy Cole", company: "Else", email: lead.email },
    ];
    const draft = await newDraft({ rows, notes: `Knows ${lead.name} of ${lead.company}` });
    const { stillNamed } = await eraseTask(bench.context, await submit(lead));
    expect(await fieldsOf(draft)).toEqual(rows);
    expect(stillNamed).toMatchObject([{ type: "submission", id: draft, place: "leads" }]);
  });

  test("results of others that came in one webhook with the lead's stay in their places", async () => {
    const { context } = bench;
    const lead = somebody();
    const other = { name: "Bo Berg", company: lead.company };
    const event = { task_id: randomUUID(), status: "completed", result: [other, { ...lead, title: "CEO" }, other] };
    await deliver(context, event);
    await eraseTask(context, await submit(lead));
    const [kept] = await context.db.select().from(deliveries).where(eq(deliveries.sixtyfourTaskId, event.task_id));
    expect(JSON.parse(Buffer.from(kept?.body ?? []).toString())).toEqual({ ...event, result: [other, null, other] });
  });
});

describe("other tasks of the same lead", () => {
  test("are told, with the lists that will still send it, and gone from the report once they are erased", async () => {
    const { context } = bench;
    const lead = somebody();
    const { name, company, linkedin } = lead;
    const phone = await submitLead(context, {
      input: { kind: "find_phone", lead: { name, company, linkedin }, options: {} },
      formKey: randomUUID(),
    });
    const unsent = await newDraft({ rows: [{ name, company }] });
    await context.db.update(submissions).set({ confirmedAt: new Date() }).where(eq(submissions.id, unsent));
    const taskId = await submit(lead);
    const { stillNamed } = await eraseTask(context, taskId);
    expect(new Set(stillNamed.map(({ type, id }) => `${type} ${id}`))).toEqual(
      new Set([`task ${phone.taskId}`, `submission ${unsent}`]),
    );
    expect(await fieldsOf(unsent)).toEqual([{ name, company }]);
    await context.db.update(submissions).set({ cancelledAt: new Date() }).where(eq(submissions.id, unsent));

    await eraseTask(context, phone.taskId);
    expect((await getTask(context, taskId)).erasure?.stillNamed).toMatchObject([{ id: unsent }]);
    expect(await fieldsOf(unsent)).toEqual([{}]);
  });

  test("that hold it beside others are told", async () => {
    const { context } = bench;
    const { name, company } = somebody();
    const columns = ["Name"];
    const { submissionId } = await createDraft(context, { kind: "find_email", options: {}, name: "", columns });
    const people = [name, "Someone One", "Someone Two"];
    const rows = people.map((one) => ({ fields: { name: one, company }, cells: [one] }));
    await addLeads(context, { submissionId, fromRow: 0, leads: rows });
    await confirmDraft(context, { submissionId, reuse: false });
    const [bulk] = await context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId));
    const [first] = await context.db
      .select()
      .from(leads)
      .where(eq(leads.submissionId, submissionId))
      .orderBy(leads.row);
    const input = { kind: "find_email" as const, lead: { name: "Z", company, title: "CEO" }, options: {} };
    const again = await submitLead(context, { input, formKey: randomUUID(), basedOnLeadId: first?.id });
    const { stillNamed } = await eraseTask(context, again.taskId);
    expect(bulk?.leadCount).toBe(3);
    expect(stillNamed).toMatchObject([{ type: "task", id: bulk?.id, place: "leads" }]);
    expect(await fieldsOf(submissionId)).toHaveLength(3);
  });
});

describe("a large list", () => {
  const person = (n: number) => ({ name: `Person Number${n}`, company: "Acme", email: `p${n}@many.example` });

  /** A file of `count` leads that has ended. */
  async function newFile(count: number): Promise<string> {
    const { db } = bench.context;
    const values = {
      kind: "people_intelligence",
      requestKey: randomUUID(),
      confirmedAt: new Date(),
      preparedAt: new Date(),
    };
    const [list] = await db
      .insert(submissions)
      .values({ ...values, shape: "file", leadCount: count })
      .returning({ id: submissions.id });
    const [task] = await db
      .insert(tasks)
      .values({
        submissionId: list?.id ?? "",
        kind: "people_intelligence",
        shape: "file",
        leadCount: count,
        status: "completed",
        endedAt: new Date(),
        request: {},
      })
      .returning({ id: tasks.id });
    await fill(list?.id ?? "", count, task?.id ?? null);
    return task?.id ?? "";
  }

  async function fill(submissionId: string, count: number, taskId: string | null): Promise<void> {
    for (let from = 0; from < count; from += 2_000) {
      const rows = Array.from({ length: Math.min(2_000, count - from) }, (_, n) => {
        const fields = person(from + n);
        const place = taskId ? { taskId, position: from + n } : {};
        return { submissionId, row: from + n, fields, cells: Object.values(fields), ...place };
      });
      await bench.context.db.insert(leads).values(rows);
    }
  }

  test("of 20,000 leads is erased beside a draft of 4,000, whose rows of the same people go", {
    timeout: 120_000,
  }, async () => {
    const { context } = bench;
    const taskId = await newFile(20_000);
    const draft = await newDraft({ rows: [{ name: "Bo Berg", company: "Berg AB" }] });
    await context.db.update(leads).set({ row: 30_000 }).where(eq(leads.submissionId, draft));
    await fill(draft, 4_000, null);
    let report = await eraseTask(context, taskId);
    expect(await context.db.$count(leads, sql`task_id = ${taskId} and fields::text <> '{}'`)).toBe(0);
    while (report.isSearching) {
      await searchTraces(context, { forMs: 10_000 });
      report = (await getTask(context, taskId)).erasure ?? report;
    }
    expect(await fieldsOf(draft)).toEqual([{ name: "Bo Berg", company: "Berg AB" }]);
    expect(await submissionOf(draft)).toMatchObject({ leadCount: 1 });
    expect(await context.db.$count(erasures)).toBe(0);
  });

  test("keeps the locks of its task for no longer than its own rows take, so its webhooks don't wait for the search", async () => {
    const { context } = bench;
    const taskId = await newFile(100);
    const draft = await newDraft({ rows: [] });
    await fill(draft, 2_000, null);
    // The search comes to this draft and can't go on.
    let held = () => {};
    const holding = context.db.transaction(async (tx) => {
      await tx.select().from(submissions).where(eq(submissions.id, draft)).for("update");
      await new Promise<void>((resolve) => {
        held = resolve;
      });
    });
    const erasing = eraseTask(context, taskId);
    await expect.poll(async () => (await getTask(context, taskId)).erasedAt, { timeout: 15_000 }).not.toBeNull();
    await context.db.transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '1s'`);
      await tx.select().from(tasks).where(eq(tasks.id, taskId)).for("update");
    });
    held();
    await holding;
    await erasing;
    await searchTraces(context, { forMs: 20_000 });
    expect(await context.db.$count(leads, eq(leads.submissionId, draft))).toBe(1_900);
  });

  test("is searched for to the end by another process, where the first one dies", async () => {
    const { context } = bench;
    const lead = somebody();
    const draft = await newDraft({ rows: [lead, { name: "Bo Berg", company: "Berg AB" }] });
    const taskId = await submit(lead);
    // As it stands when the process dies right after the first transaction.
    const dying = new Proxy(context.db, {
      get(db, name) {
        if (name === "with" || name === "$with") throw new Error("The process died.");
        return Reflect.get(db, name, db);
      },
    });
    await eraseTask({ ...context, db: dying }, taskId);
    expect((await getTask(context, taskId)).erasure).toMatchObject({ isSearching: true });
    expect(await fieldsOf(draft)).toHaveLength(2);
    const [left] = await context.db.select().from(erasures);
    expect(left?.people).toMatchObject([{ names: [lead.name.toLowerCase()] }] satisfies Partial<Person>[]);

    // A step at a time, each by a search of its own.
    for (let step = 0; step < 200 && (await context.db.$count(erasures)) > 0; step += 1) {
      await searchTraces(context, { forMs: 1 });
    }
    expect(await fieldsOf(draft)).toEqual([{ name: "Bo Berg", company: "Berg AB" }]);
    expect((await getTask(context, taskId)).erasure).toEqual({ isSearching: false, stillNamed: [] });
  });

  test("two searches at once find and tell the same as one", async () => {
    const { context } = bench;
    const lead = somebody();
    const plan = { research_plan: `About ${lead.email}` };
    const drafts = [];
    for (let n = 0; n < 5; n += 1) drafts.push(await newDraft({ rows: [lead], options: plan }));
    const taskId = await submit(lead);
    await Promise.all([
      eraseTask(context, taskId),
      ...Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 20; n += 1) await searchTraces(context, { forMs: 50 });
      }),
    ]);
    await searchTraces(context, { forMs: 5_000 });
    const { stillNamed } = (await getTask(context, taskId)).erasure ?? { stillNamed: [] };
    expect(stillNamed.map(({ id }) => id).sort()).toEqual(drafts.sort());
    for (const draft of drafts) expect(await fieldsOf(draft)).toEqual([]);
  });

  test("of selected tasks is searched for together", async () => {
    const { context } = bench;
    const people = Array.from({ length: 30 }, somebody);
    const ids = [];
    for (const lead of people) ids.push(await submit(lead));
    const draft = await newDraft({ rows: people, options: { research_plan: `Not ${people[3]?.email}` } });
    expect(await eraseSelected(context, { ids })).toEqual({ done: 30, more: false, stillNamed: 1 });
    expect(await fieldsOf(draft)).toEqual([]);
    expect((await getTask(context, ids[3] ?? "")).erasure?.stillNamed).toMatchObject([{ id: draft, place: "options" }]);
    expect((await getTask(context, ids[4] ?? "")).erasure?.stillNamed).toEqual([]);
  });
});
