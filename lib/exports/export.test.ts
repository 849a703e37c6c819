import { randomUUID } from "node:crypto";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { eq, sql } from "drizzle-orm";
import Papa from "papaparse";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { submissions, tasks } from "@/db/schema";
import { type Download, LEADS_PER_PAGE } from "@/lib/exports/download";
import { exportSubmission } from "@/lib/exports/export-submission";
import { exportTasks } from "@/lib/exports/export-tasks";
import { addLeads } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { retryFailed } from "@/lib/pipeline/retry";
import { submitLead } from "@/lib/pipeline/submit";
import { createDraft } from "@/lib/submissions/create-draft";
import { eraseTask } from "@/lib/tasks/erase";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

/** A confirmed and sent list with the columns Name and Note. */
async function sendList(names: string[], { reuse = false, name = "People.csv" } = {}): Promise<string> {
  const { context } = bench;
  const draft = { kind: "find_email" as const, options: {}, name, columns: ["Name", "Note"] };
  const { submissionId } = await createDraft(context, draft);
  const given = names.map((lead) => ({ fields: { name: lead }, cells: [lead, `note on ${lead}`] }));
  await addLeads(context, { submissionId, fromRow: 0, leads: given });
  await confirmDraft(context, { submissionId, reuse });
  await dispatch(context, { forMs: 15_000 });
  return submissionId;
}

/** Ends the job that the sandbox has accepted last. */
async function complete(result: unknown) {
  const job = (await bench.sandbox.jobs()).at(-1);
  const event = { task_id: job?.taskId, status: "completed", result };
  await deliver(bench.context, event, { token: tokenOf(job) });
}

async function textOf({ chunks }: Download): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += chunk;
  return text;
}

const linesOf = async (download: Promise<Download>) =>
  Papa.parse<string[]>((await textOf(await download)).replace("\ufeff", ""), { newline: "\r\n" }).data.slice(0, -1);

const objectsOf = async (download: Promise<Download>): Promise<Record<string, unknown>[]> =>
  (await textOf(await download))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

const submissionAs = (format: string, submissionId: string) =>
  exportSubmission(bench.context, { submissionId, format });

describe("a submission", () => {
  test("downloads as CSV with its own columns first, and as JSON Lines with its results as they came", async () => {
    const submissionId = await sendList(["Ada", "Bea"]);
    const results = [
      { name: "Ada", email: [["ada@a.example", "OK", "COMPANY"]], cost_cents: 5 },
      { name: "Bea", email: [], cost_cents: 0 },
    ];
    await complete(results);
    const csv = await linesOf(submissionAs("csv", submissionId));
    expect(csv).toEqual([
      [
        ...["Name", "Note", "status", "found", "error", "warning", "delivered_at", "delivered_via"],
        ...["email", "email_status", "email_type", "name_result", "cost_cents"],
      ],
      [
        "Ada",
        "note on Ada",
        "completed",
        "yes",
        "",
        "",
        expect.any(String),
        "webhook",
        "ada@a.example",
        "OK",
        "COMPANY",
        "Ada",
        "5",
      ],
      ["Bea", "note on Bea", "completed", "no", "", "", expect.any(String), "webhook", "", "", "", "Bea", "0"],
    ]);
    const [task] = await bench.context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId));
    const about = {
      status: "completed",
      error: null,
      mismatch: null,
      otherName: null,
      deliveredVia: "webhook",
      taskId: task?.id,
    };
    expect(await objectsOf(submissionAs("jsonl", submissionId))).toEqual(
      results.map((result, row) => ({
        ...about,
        isFound: row === 0,
        row,
        lead: { name: result.name },
        cells: [result.name, `note on ${result.name}`],
        deliveredAt: task?.deliveredAt?.toISOString(),
        result,
      })),
    );
    expect(csv[1]?.[6]).toBe(task?.deliveredAt?.toISOString());
  });

  test("says of results that can't be told apart that they can't, and gives them to nobody", async () => {
    const submissionId = await sendList(["Cy", "Di"]);
    await complete([{ name: "Cy", email: [["cy@c.example", "OK"]] }]);
    const [header, ...lines] = await linesOf(submissionAs("csv", submissionId));
    expect(header).toEqual(["Name", "Note", "status", "found", "error", "warning", "delivered_at", "delivered_via"]);
    expect(lines.map((line) => line[4])).toEqual(Array(2).fill(expect.stringContaining("more or fewer results")));
    const objects = await objectsOf(submissionAs("jsonl", submissionId));
    expect(objects).toMatchObject(Array(2).fill({ result: null, mismatch: "count" }));
  });

  test("has reused results in their leads' lines, and nothing anywhere of what was erased", async () => {
    const earlierId = await sendList(["Known Eve", "Known Fay"]);
    await complete([
      { name: "Known Eve", secret: "eve's" },
      { name: "Known Fay", secret: "fay's" },
    ]);
    const submissionId = await sendList(["known fay"], { reuse: true });
    expect(await objectsOf(submissionAs("jsonl", submissionId))).toMatchObject([
      {
        lead: { name: "known fay" },
        status: "reused",
        taskId: null,
        result: { secret: "fay's" },
        deliveredVia: "webhook",
      },
    ]);

    const [task] = await bench.context.db.select().from(tasks).where(eq(tasks.submissionId, earlierId));
    await eraseTask(bench.context, task?.id ?? "");
    for (const format of ["csv", "jsonl"]) {
      for (const id of [earlierId, submissionId]) {
        const text = await textOf(await submissionAs(format, id));
        expect(text).not.toMatch(/eve|fay|secret/i);
        expect(text).toContain("This lead was erased");
      }
      expect(await textOf(await exportTasks(bench.context, { format }))).not.toMatch(/\b(eve|fay)\b|secret/i);
    }
  });

  test("that is a draft downloads as it is", async () => {
    const { context } = bench;
    const { submissionId } = await createDraft(context, { kind: "find_email", options: {}, name: "", columns: ["N"] });
    const none = await submissionAs("csv", submissionId);
    expect(none.fileName).toMatch(/^submission-\d{4}-\d\d-\d\d\.csv$/);
    expect(await textOf(none)).toBe("\ufeffN,status,found,error,warning,delivered_at,delivered_via\r\n");
    expect(await textOf(await submissionAs("jsonl", submissionId))).toBe("");
    await addLeads(context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Gil" }, cells: ["Gil"] }] });
    expect(await objectsOf(submissionAs("jsonl", submissionId))).toMatchObject([
      { status: "preparing", cells: ["Gil"] },
    ]);
  });

  test("is named after its list, for any system", async () => {
    const submissionId = await sendList(["Hal"], { name: "../Leads\r\n für Köln.XLSX" });
    expect(await submissionAs("csv", submissionId)).toMatchObject({
      fileName: "Leads für Köln-results.csv",
      mediaType: expect.stringContaining("text/csv; charset=utf-8"),
    });
    expect(await submissionAs("jsonl", submissionId)).toMatchObject({ fileName: "Leads für Köln-results.jsonl" });
  });

  test.each(["nonsense", randomUUID()])("%s is not found", async (submissionId) => {
    await expect(submissionAs("csv", submissionId)).rejects.toMatchObject({ code: "not_found" });
  });

  test.each(["", "xlsx", "CSV", "toString"])("is not to be had as %j", async (format) => {
    await expect(submissionAs(format, randomUUID())).rejects.toMatchObject({ code: "invalid_input" });
    await expect(exportTasks(bench.context, { format })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("all tasks", () => {
  test("download newest first, one line a lead, with the leads' fields, and without what came after", async () => {
    await submitLead(bench.context, { input: findEmailInput("Older"), formKey: randomUUID() });
    await complete({ name: "Older", email: [["o@o.example", "OK"]] });
    await sendList(["Jo", "Kay"]);
    const download = await exportTasks(bench.context, { format: "jsonl" });
    await submitLead(bench.context, { input: findEmailInput("Latecomer"), formKey: randomUUID() });
    const objects = (await textOf(download)).split("\n", 3).map((line) => JSON.parse(line));
    expect(objects).toMatchObject([
      { row: 0, lead: { name: "Jo" }, status: "running", result: null },
      { row: 1, lead: { name: "Kay" }, status: "running", result: null },
      { row: 0, lead: { name: "Older" }, status: "completed", result: { email: [["o@o.example", "OK"]] } },
    ]);

    const [header = [], ...lines] = await linesOf(exportTasks(bench.context, { format: "csv" }));
    expect(header.slice(0, 3)).toEqual(["name", "company", "status"]);
    const older = lines.find(([name]) => name === "Older") ?? [];
    expect(older[header.indexOf("email")]).toBe("o@o.example");
    expect(lines[0]?.[0]).toBe("Latecomer");
  });

  test("have a lead that was submitted again once, with its new task", async () => {
    const submissionId = await sendList(["Lou"]);
    const job = (await bench.sandbox.jobs()).at(-1);
    await deliver(bench.context, { task_id: job?.taskId, status: "failed", error: "No" }, { token: tokenOf(job) });
    await retryFailed(bench.context, { submissionId });
    const objects = await objectsOf(exportTasks(bench.context, { format: "jsonl" }));
    const ofLou = objects.filter(({ lead }) => (lead as { name?: string }).name === "Lou");
    expect(ofLou).toMatchObject([{ status: "queued", error: null }]);
  });

  test("have all leads of a task with more of them than a page", async () => {
    const { db } = bench.context;
    const count = 2 * LEADS_PER_PAGE + 1;
    const { submissionId, taskId } = await seedTask("file", count);
    await seedLeads(submissionId, sql`${taskId}::uuid`, sql`n`, count);
    await submitLead(bench.context, { input: findEmailInput("After the file"), formKey: randomUUID() });
    const objects = await objectsOf(exportTasks(bench.context, { format: "jsonl" }));
    const rows = objects.filter((entry) => entry.taskId === taskId).map(({ row }) => row);
    expect(rows).toEqual(Array.from({ length: count }, (_, row) => row));
    await db.execute(sql`delete from leads where submission_id = ${submissionId}`);
  });
});

/** A completed task without leads, in a submission of its own. */
async function seedTask(shape: "bulk" | "file", leadCount: number) {
  const { db } = bench.context;
  const values = {
    kind: "find_email",
    requestKey: randomUUID(),
    confirmedAt: new Date(),
    shape,
    leadCount,
    columns: ["N"],
  };
  const [submission] = await db.insert(submissions).values(values).returning({ id: submissions.id });
  const submissionId = submission?.id ?? "";
  const end = { status: "completed" as const, endedAt: new Date() };
  const task = { submissionId, kind: "find_email", shape, leadCount, request: {}, ...end };
  const [made] = await db.insert(tasks).values(task).returning({ id: tasks.id });
  return { submissionId, taskId: made?.id ?? "" };
}

const SEED_STEP = 5_000;

/** Leads by the thousand; `taskId` and `position` are expressions of `n`, the row. */
async function seedLeads(
  submissionId: string,
  taskId: ReturnType<typeof sql>,
  position: ReturnType<typeof sql>,
  count: number,
) {
  // In steps, so that none comes near the statement timeout, however busy the machine is.
  for (let from = 0; from < count; from += SEED_STEP) {
    const to = Math.min(from + SEED_STEP, count) - 1;
    await bench.context.db.execute(sql`
      insert into leads (id, submission_id, row, task_id, position, fields, cells)
      select gen_random_uuid(), ${submissionId}::uuid, n, ${taskId}, ${position},
        json_build_object('name', 'Person ' || n), json_build_array('Person ' || n)
      from generate_series(${from}::int, ${to}::int) as n`);
  }
}

/** What is in use once nothing unused is left. */
function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed;
}

describe("a hundred thousand leads", () => {
  const COUNT = 100_000;
  let submissionId = "";
  beforeAll(async () => {
    const seeded = await seedTask("bulk", 0);
    submissionId = seeded.submissionId;
    // A thousand bulk tasks, whose ids are their numbers; in steps as well, since their words are indexed.
    for (let from = 0; from < COUNT / 100; from += 100) {
      await bench.context.db.execute(sql`
        insert into tasks (id, submission_id, kind, shape, lead_count, status, request, result, ended_at)
        select lpad(t::text, 32, '0')::uuid, ${submissionId}::uuid, 'find_email', 'bulk', 100, 'completed', '{}', (
          select json_agg(json_build_object('notes', repeat('note ', 40), 'n', t * 100 + i)) from generate_series(0, 99) as i
        ), now()
        from generate_series(${from}::int, ${from + 99}::int) as t`);
    }
    await seedLeads(submissionId, sql`lpad((n / 100)::text, 32, '0')::uuid`, sql`n % 100`, COUNT);
    await bench.context.db.execute(sql`analyze`);
  }, 120_000);

  test("come in the order of the list, each with its own result, and are not held in memory", async () => {
    const { chunks } = await submissionAs("csv", submissionId);
    let lines = 0;
    let length = 0;
    let heapAtStart = 0;
    let mostGrowth = 0;
    for await (const chunk of chunks) {
      const piece = Papa.parse<string[]>(chunk, { newline: "\r\n" }).data.filter(([name]) =>
        name?.startsWith("Person "),
      );
      expect(piece.length).toBeLessThanOrEqual(LEADS_PER_PAGE);
      for (const line of piece) {
        if (line[0] !== `Person ${lines}` || line.at(-1) !== String(lines))
          throw new Error(`Line ${lines} is ${line}.`);
        lines += 1;
      }
      length += chunk.length;
      if (lines === 10_000) heapAtStart = heapInUse();
      if (lines > 10_000 && lines % 30_000 === 0) mostGrowth = Math.max(mostGrowth, heapInUse() - heapAtStart);
    }
    expect(lines).toBe(COUNT);
    expect(heapAtStart).toBeGreaterThan(0);
    expect(mostGrowth).toBeLessThan(length / 4);
  }, 120_000);
});
