import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/db/new-id";
import { leads, marks, sends, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { recordJobRun } from "@/lib/job-runs";
import { addLeads } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pollTask } from "@/lib/pipeline/poll";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";
import { createDraft } from "@/lib/submissions/create-draft";
import { quoteDraft } from "@/lib/submissions/quote-draft";
import { createTestBench, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  for (const table of [taskEvents, sends, leads, tasks, submissions, marks]) await bench.context.db.delete(table);
});

async function makeDraft(kind: TaskKindId, options: TaskOptions, count = 4): Promise<string> {
  const { submissionId } = await createDraft(bench.context, { kind, options, name: "", columns: ["Name"] });
  const field = kind === "company_intelligence" ? "company_name" : "name";
  const given = Array.from({ length: count }, (_, index) => ({
    fields: { [field]: `Quoted ${index}` },
    cells: null,
  }));
  await addLeads(bench.context, { submissionId, fromRow: 0, leads: given });
  return submissionId;
}

const quote = async (kind: TaskKindId, options: TaskOptions, context: Context = bench.context) =>
  quoteDraft(context, { submissionId: await makeDraft(kind, options) });

async function addCompleted(kind: TaskKindId, options: TaskOptions, chargedCents: number): Promise<string> {
  const { db } = bench.context;
  const [submissionId, taskId] = [newId(), newId()];
  await db.insert(submissions).values({ id: submissionId, kind, options: { ...options }, requestKey: submissionId });
  await db.insert(tasks).values({
    id: taskId,
    submissionId,
    kind,
    status: "completed",
    request: {},
    chargedCents,
    endedAt: sql`now()`,
    sixtyfourTaskId: `job-${taskId}`,
  });
  return `job-${taskId}`;
}

describe("the price of a draft", () => {
  test("is the published one where no task of the same options has a price", async () => {
    const published = { priceSource: "published" };
    expect(await quote("find_email", { mode: "PROFESSIONAL" })).toMatchObject({
      ...published,
      centsPerLead: 5,
      cents: { reusing: 20, fresh: 20 },
    });
    expect(await quote("find_email", { mode: "PERSONAL" })).toMatchObject({ ...published, centsPerLead: 20 });
    expect(await quote("people_intelligence", { tier: "low" })).toMatchObject({ ...published, centsPerLead: 10 });
  });

  test("is not known where none is published", async () => {
    const unknown = { priceSource: null, centsPerLead: null, cents: null };
    expect(await quote("company_intelligence", { tier: "low" })).toMatchObject(unknown);
    expect(await quote("people_intelligence", { tier: "medium" })).toMatchObject(unknown);
  });

  test("is that of recent tasks of the same mode and tier, and of no other", async () => {
    await addCompleted("find_email", { mode: "PERSONAL" }, 24);
    await addCompleted("find_email", { mode: "PERSONAL" }, 16.8);
    await addCompleted("people_intelligence", { tier: "medium" }, 35);
    expect(await quote("find_email", { mode: "PERSONAL" })).toMatchObject({
      priceSource: "recent",
      centsPerLead: 20.4,
      cents: { fresh: 82 },
    });
    expect(await quote("find_email", { mode: "PROFESSIONAL" })).toMatchObject({ priceSource: "published" });
    expect(await quote("people_intelligence", { tier: "medium" })).toMatchObject({ centsPerLead: 35 });
    expect(await quote("people_intelligence", { tier: "high" })).toMatchObject({ priceSource: null });
  });

  test("is multiplied by the budget, whatever the budget of the recent tasks was", async () => {
    await addCompleted("people_intelligence", { tier: "scout", budget: 4 }, 400);
    await addCompleted("people_intelligence", { tier: "scout", budget: 2 }, 200);
    expect(await quote("people_intelligence", { tier: "scout", budget: 3 })).toMatchObject({ centsPerLead: 300 });
    expect(await quote("people_intelligence", { tier: "scout" })).toMatchObject({ centsPerLead: 100 });
  });
});

test("the time of a result is that of the tier", async () => {
  expect(await quote("people_intelligence", { tier: "low" })).toMatchObject({ typicalTime: "about 4 minutes" });
  expect(await quote("people_intelligence", { tier: "scout" })).toMatchObject({ typicalTime: "15 minutes or more" });
  expect(await quote("find_email", {})).toMatchObject({ typicalTime: "2 to 10 seconds" });
});

describe("one file for all leads", () => {
  test("is offered at the tiers that files take, and otherwise the reason is told", async () => {
    const offered = { asFile: true, fileObstacle: null };
    expect(await quote("people_intelligence", { tier: "high" })).toMatchObject(offered);
    expect(await quote("company_intelligence", {})).toMatchObject(offered);
    expect(await quote("find_email", {})).toMatchObject({ asFile: false, fileObstacle: "kind" });
    for (const tier of ["xhigh", "scout"] as const) {
      expect(await quote("people_intelligence", { tier })).toMatchObject({ asFile: false, fileObstacle: "tier" });
    }
  });

  test("can't be had at another tier by asking for it", async () => {
    const submissionId = await makeDraft("people_intelligence", { tier: "scout" });
    await expect(confirmDraft(bench.context, { submissionId, reuse: false, asFile: true })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("the balance", () => {
  /** Counts the requests for a job's cost in credits. */
  function withCredits(cost: () => Promise<number | null>): { context: Context; asked: string[] } {
    const asked: string[] = [];
    const jobCostInCredits = (sixtyfourTaskId: string) => {
      asked.push(sixtyfourTaskId);
      return cost();
    };
    const { context } = bench;
    return { asked, context: { ...context, sixtyfour: { ...context.sixtyfour, jobCostInCredits } } };
  }
  const ageMark = (days: number) =>
    bench.context.db
      .update(marks)
      .set({ at: sql`now() - make_interval(days => ${days})` })
      .where(eq(marks.name, "credit_value"));

  test("is in money after a job of the real endpoint", async () => {
    const submissionId = await makeDraft("find_phone", {}, 1);
    await bench.sandbox.hold(true);
    await bench.sandbox.setDelivering(false);
    await confirmDraft(bench.context, { submissionId, reuse: false });
    await dispatch(bench.context, { forMs: 15_000 });
    const [job] = await bench.sandbox.jobs();
    const result = { name: "Quoted 0", phone: "+1 202 555 0143", cost_cents: 30 };
    await bench.sandbox.release(job?.taskId ?? "", { status: "completed", result });
    const [task] = await bench.context.db.select({ id: tasks.id }).from(tasks);
    await pollTask(bench.context, { taskId: task?.id ?? "", by: "person" });
    const { credits, balanceCents } = await quote("find_phone", {});
    expect(credits).toBeLessThan(100_000);
    // A credit of the sandbox is worth a cent.
    expect(balanceCents).toBe(credits);
  });

  test("is in credits alone where no job tells the value of one", async () => {
    const { context, asked } = withCredits(async () => 2);
    expect(await quote("find_email", {}, context)).toMatchObject({ credits: 100_000, balanceCents: null });
    await addCompleted("find_email", {}, 0);
    expect(await quote("find_email", {}, context)).toMatchObject({ balanceCents: null });
    expect(asked).toEqual([]);
  });

  test("is in money once a recent job has told the value of a credit, and asks again only after a week", async () => {
    const job = await addCompleted("find_email", {}, 5);
    const { context, asked } = withCredits(async () => 50);
    expect(await quote("find_email", {}, context)).toMatchObject({ credits: 100_000, balanceCents: 10_000 });
    await ageMark(6);
    expect(await quote("find_email", {}, context)).toMatchObject({ balanceCents: 10_000 });
    expect(asked).toEqual([job]);
    await ageMark(8);
    expect(await quote("find_email", {}, context)).toMatchObject({ balanceCents: 10_000 });
    expect(asked).toEqual([job, job]);
    expect(await quote("find_email", {}, context)).toMatchObject({ balanceCents: 10_000 });
    expect(asked).toHaveLength(2);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("Sixtyfour is down."))],
    ["names no cost", async () => null],
    ["names a cost of zero", async () => 0],
  ])("is in credits where the request %s, and the quote is there all the same", async (_, cost) => {
    await addCompleted("find_email", {}, 5);
    expect(await quote("find_email", {}, withCredits(cost).context)).toMatchObject({
      leads: 4,
      credits: 100_000,
      balanceCents: null,
    });
  });

  test("is computed from several jobs together, and not asked for again at once where none told it", async () => {
    const first = await addCompleted("find_email", {}, 5);
    const silent = withCredits(async () => null);
    expect(await quote("find_email", {}, silent.context)).toMatchObject({ balanceCents: null });
    await quote("find_email", {}, silent.context);
    expect(silent.asked).toEqual([first]);
    await addCompleted("find_email", {}, 10);
    await ageMark(1);
    const { context, asked } = withCredits(async () => 150);
    expect(await quote("find_email", {}, context)).toMatchObject({ balanceCents: 5_000 });
    expect(asked).toHaveLength(2);
  });

  test("keeps the value that is known where a new one can't be had", async () => {
    await addCompleted("find_email", {}, 5);
    await recordJobRun(bench.context, "credit_value", { centsPerCredit: 0.2 });
    await ageMark(8);
    const silent = withCredits(async () => null).context;
    expect(await quote("find_email", {}, silent)).toMatchObject({ balanceCents: 20_000 });
    const failing = withCredits(() => Promise.reject(new Error("Sixtyfour is down."))).context;
    expect(await quote("find_email", {}, failing)).toMatchObject({ balanceCents: 20_000 });
  });
});
