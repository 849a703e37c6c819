import { and, eq, isNull, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { leads, submissions, tasks } from "@/db/schema";
import { abandonDraft } from "@/lib/pipeline/abandon-draft";
import { addLeads } from "@/lib/pipeline/add-leads";
import { cancelSubmission } from "@/lib/pipeline/cancel";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { resumeSubmission } from "@/lib/pipeline/resume";
import { retryFailed } from "@/lib/pipeline/retry";
import { createDraft } from "@/lib/submissions/create-draft";
import { deleteStaleDrafts } from "@/lib/submissions/delete-stale-drafts";
import { getSubmission } from "@/lib/submissions/get";
import { quoteDraft } from "@/lib/submissions/quote-draft";
import { eraseTask } from "@/lib/tasks/erase";
import { getTask } from "@/lib/tasks/get";
import { listRows } from "@/lib/tasks/list-rows";
import { confirmList, createTestBench, deliver, namesAsked, type TestBench, tokenOf } from "@/lib/testing";

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

/** Ends by itself where nothing is due. */
const ROUND = { forMs: 15_000 };

const people = (count: number, prefix = "Person") => Array.from({ length: count }, (_, i) => `${prefix} ${i}`).sort();

const tasksOf = (submissionId: string) =>
  bench.context.db.select().from(tasks).where(eq(tasks.submissionId, submissionId)).orderBy(tasks.id);

async function completeAll() {
  for (const job of await bench.sandbox.jobs()) {
    const { result } = await bench.sandbox.release(job.taskId);
    await deliver(bench.context, { task_id: job.taskId, status: "completed", result }, { token: tokenOf(job) });
  }
}

describe("a draft", () => {
  test("spends nothing, says what it comes to, and takes the same rows again without doubling them", async () => {
    const { context } = bench;
    const draft = { kind: "find_email" as const, options: { mode: "PROFESSIONAL" as const }, columns: ["Name"] };
    const { submissionId } = await createDraft(context, { ...draft, name: "a\0b.csv" });
    const given = people(250).map((name) => ({ fields: { name }, cells: [`${name}\0\ud800`] }));
    await addLeads(context, { submissionId, fromRow: 0, leads: given });
    await addLeads(context, { submissionId, fromRow: 0, leads: given });
    const quote = await quoteDraft({ ...context, requestsPerMinute: 450 }, { submissionId });
    expect(quote).toMatchObject({
      leads: 250,
      known: 0,
      requests: { reusing: 3, fresh: 3 },
      sendingSeconds: { fresh: 1 },
      credits: 100_000,
    });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    expect(await bench.sandbox.jobs()).toEqual([]);
    expect(await getSubmission(context, submissionId)).toMatchObject({ state: "draft", taskCount: 0 });
  });

  test("that nobody confirmed for a week is deleted with its leads; a younger one, and one that was confirmed, stay", async () => {
    const { context } = bench;
    const draft = { kind: "find_email" as const, options: {}, name: "", columns: [] };
    const make = async () => {
      const { submissionId } = await createDraft(context, draft);
      await addLeads(context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Draft" }, cells: null }] });
      return submissionId;
    };
    const [stale, young, confirmed] = [await make(), await make(), await make()];
    await confirmDraft(context, { submissionId: confirmed, reuse: false });
    await dispatch(context, ROUND);
    const age = (id: string, days: number) =>
      context.db
        .update(submissions)
        .set({ createdAt: sql`now() - make_interval(days => ${days})` })
        .where(eq(submissions.id, id));
    await Promise.all([age(stale, 8), age(young, 6), age(confirmed, 30)]);
    await deleteStaleDrafts(context);
    await deleteStaleDrafts(context);
    await expect(getSubmission(context, stale)).rejects.toMatchObject({ code: "not_found" });
    expect(await context.db.$count(leads, eq(leads.submissionId, stale))).toBe(0);
    expect(await getSubmission(context, young)).toMatchObject({ state: "draft" });
    expect(await getSubmission(context, confirmed)).toMatchObject({ leadCount: 1 });
  });

  test("without leads can't be confirmed, and an unknown one is not found", async () => {
    const { context } = bench;
    const { submissionId } = await createDraft(context, { kind: "find_email", options: {}, name: "", columns: [] });
    await expect(confirmDraft(context, { submissionId, reuse: false })).rejects.toMatchObject({ code: "conflict" });
    await expect(confirmDraft(context, { submissionId: "x", reuse: false })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("that was abandoned is never confirmed, and one that was confirmed is not abandoned", async () => {
    const { context } = bench;
    const make = async () => {
      const draft = { kind: "find_email" as const, options: {}, name: "", columns: [] };
      const { submissionId } = await createDraft(context, draft);
      await addLeads(context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Doubtful" }, cells: null }] });
      return submissionId;
    };
    const [abandoned, confirmed, raced] = [await make(), await make(), await make()];
    expect(await abandonDraft(context, { submissionId: abandoned })).toEqual({ isConfirmed: false });
    const late = confirmDraft(context, { submissionId: abandoned, reuse: false });
    await expect(late).rejects.toMatchObject({ code: "conflict" });
    expect(await tasksOf(abandoned)).toEqual([]);
    await confirmDraft(context, { submissionId: confirmed, reuse: false });
    expect(await abandonDraft(context, { submissionId: confirmed })).toEqual({ isConfirmed: true });
    expect(await tasksOf(confirmed)).toMatchObject([{ status: "queued" }]);
    const [outcome, { isConfirmed }] = await Promise.all([
      confirmDraft(context, { submissionId: raced, reuse: false }).then(
        () => true,
        () => false,
      ),
      abandonDraft(context, { submissionId: raced }),
    ]);
    expect(isConfirmed).toBe(outcome);
    // Where the other call held the submission's lock, the background job makes the tasks.
    while (await prepareNextLeads(context)) {}
    expect(await tasksOf(raced)).toHaveLength(outcome ? 1 : 0);
  });

  test("takes no more leads once it is confirmed", async () => {
    const submissionId = await confirmList(bench.context, { kind: "find_email", count: 1 });
    await dispatch(bench.context, ROUND);
    const late = { submissionId, fromRow: 1, leads: [{ fields: { name: "Late" }, cells: null }] };
    await expect(addLeads(bench.context, late)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("a confirmed list", () => {
  test("goes out as bulk tasks of a hundred, each lead once, in the order of the list", async () => {
    const submissionId = await confirmList(bench.context, { kind: "find_email", count: 2_250 });
    await dispatch(bench.context, ROUND);
    const jobs = await bench.sandbox.jobs();
    const sizes = jobs.map(({ body }) => (body.leads as unknown[]).length).sort((a, b) => b - a);
    expect(sizes).toEqual([...Array.from({ length: 22 }, () => 100), 50]);
    expect(await namesAsked(bench.sandbox)).toEqual(people(2_250));
    const [first] = await tasksOf(submissionId);
    const inTask = await bench.context.db
      .select({ name: leads.fields, position: leads.position, row: leads.row })
      .from(leads)
      .where(eq(leads.taskId, first?.id ?? ""))
      .orderBy(leads.position);
    expect(inTask.map(({ position, row }) => position === row)).not.toContain(false);
    expect(inTask.map(({ name }) => name)).toEqual((first?.request.leads as object[]) ?? []);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      state: "waiting",
      leadCount: 2_250,
      taskCount: 23,
      leads: { running: 2_250, preparing: 0 },
    });
  });

  test("goes out as single tasks where the kind has no bulk endpoint", async () => {
    await confirmList(bench.context, { kind: "people_intelligence", count: 12 });
    await dispatch(bench.context, ROUND);
    expect(await bench.sandbox.jobs()).toHaveLength(12);
    expect(await namesAsked(bench.sandbox)).toEqual(people(12));
  });

  test("is sent once by four instances at a time, confirmed by ten presses", async () => {
    const { context } = bench;
    const { submissionId } = await createDraft(context, {
      kind: "people_intelligence",
      options: {},
      name: "",
      columns: [],
    });
    const given = people(60).map((name) => ({ fields: { name }, cells: null }));
    await addLeads(context, { submissionId, fromRow: 0, leads: given });
    await Promise.all(Array.from({ length: 10 }, () => confirmDraft(context, { submissionId, reuse: false })));
    const rounds = await Promise.all(Array.from({ length: 4 }, () => dispatch(context, ROUND)));
    expect(rounds.reduce((total, { sent }) => total + sent, 0)).toBe(60);
    expect(await namesAsked(bench.sandbox)).toEqual(people(60));
  });

  test("has each result by its lead, and its cost in sum", async () => {
    const submissionId = await confirmList(bench.context, { kind: "find_email", count: 120 });
    await dispatch(bench.context, ROUND);
    await completeAll();
    const results = (await bench.sandbox.jobs()).flatMap(({ result }) => result as { cost_cents: number }[]);
    expect(results).toHaveLength(120);
    expect(await getSubmission(bench.context, submissionId)).toMatchObject({
      state: "ended",
      leads: { completed: 120 },
      chargedCents: results.reduce((total, { cost_cents }) => total + cost_cents, 0),
      secondsLeft: null,
    });
  });
});

describe("what stops a list", () => {
  test.each([
    [401, "unauthorized"],
    [402, "no_credits"],
    [403, "not_enabled"],
  ] as const)(
    "a %i half way pauses it as %s, keeps what is queued, and it goes on when resumed",
    async (status, reason) => {
      const { context } = bench;
      const submissionId = await confirmList(context, { kind: "people_intelligence", count: 8, prefix: `No${status}` });
      await bench.sandbox.nextSubmit({ status, body: { detail: "Not now" }, times: 100 });
      await dispatch(context, ROUND);
      expect(await getSubmission(context, submissionId)).toMatchObject({
        state: "paused",
        pauseReason: reason,
        pauseMessage: "Not now",
        leads: { queued: 8 },
      });
      expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
      await bench.sandbox.reset();
      await bench.sandbox.hold(true);
      await resumeSubmission(context, { submissionId });
      await resumeSubmission(context, { submissionId });
      await dispatch(context, ROUND);
      expect(await namesAsked(bench.sandbox)).toEqual(people(8, `No${status}`));
      expect(await getSubmission(context, submissionId)).toMatchObject({ state: "waiting", problems: [] });
    },
  );

  test("a 429 slows everybody down and loses nothing", async () => {
    const { context } = bench;
    const submissionId = await confirmList(context, { kind: "people_intelligence", count: 5, prefix: "Slow" });
    await bench.sandbox.nextSubmit({ status: 429, headers: { "retry-after": "1" } });
    await dispatch(context, ROUND);
    const sendAndLook = async () => {
      await dispatch(context, ROUND);
      return namesAsked(bench.sandbox);
    };
    await expect.poll(sendAndLook, { timeout: 20_000 }).toEqual(people(5, "Slow"));
    expect(await getSubmission(context, submissionId)).toMatchObject({ state: "waiting", leads: { running: 5 } });
  });

  test("a person who pauses it: nothing more goes out until it is resumed", async () => {
    const { context } = bench;
    const submissionId = await confirmList(context, { kind: "people_intelligence", count: 5, prefix: "Paused" });
    await pauseSubmission(context, { submissionId });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    expect(await getSubmission(context, submissionId)).toMatchObject({ state: "paused", pauseReason: "person" });
    await resumeSubmission(context, { submissionId });
    await dispatch(context, ROUND);
    expect(await namesAsked(bench.sandbox)).toEqual(people(5, "Paused"));
  });

  test("a person who cancels it: what was sent is taken, the rest never goes out", async () => {
    const { context } = bench;
    const submissionId = await confirmList(context, { kind: "people_intelligence", count: 5, prefix: "Gone" });
    const [first] = await tasksOf(submissionId);
    await context.db.update(tasks).set({ nextSendAt: null }).where(eq(tasks.submissionId, submissionId));
    await context.db
      .update(tasks)
      .set({ nextSendAt: new Date() })
      .where(eq(tasks.id, first?.id ?? ""));
    await dispatch(context, ROUND);
    await cancelSubmission(context, { submissionId });
    await cancelSubmission(context, { submissionId });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    expect(await getSubmission(context, submissionId)).toMatchObject({
      state: "waiting",
      leads: { running: 1, cancelled: 4 },
    });
    await completeAll();
    expect(await getSubmission(context, submissionId)).toMatchObject({
      state: "cancelled",
      leads: { completed: 1, cancelled: 4 },
    });
    await expect(resumeSubmission(context, { submissionId })).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("what is known already", () => {
  test("is counted, reused at a person's word, and not sent again", async () => {
    const { context } = bench;
    await confirmList(context, { kind: "find_email", count: 3, prefix: "Known" });
    await dispatch(context, ROUND);
    await completeAll();
    await bench.sandbox.reset();
    const { submissionId } = await createDraft(context, { kind: "find_email", options: {}, name: "", columns: ["N"] });
    const names = ["known 0", " KNOWN  2", "New 1"];
    const given = names.map((name) => ({ fields: { name }, cells: [name] }));
    await addLeads(context, { submissionId, fromRow: 0, leads: given });
    expect(await quoteDraft(context, { submissionId })).toMatchObject({ leads: 3, known: 2, requests: { reusing: 1 } });
    await confirmDraft(context, { submissionId, reuse: true });
    await dispatch(context, ROUND);
    expect(await namesAsked(bench.sandbox)).toEqual(["New 1"]);
    expect(await getSubmission(context, submissionId)).toMatchObject({ leads: { reused: 2, running: 1 } });
  });

  test("is not reused for another kind or other options", async () => {
    const { context } = bench;
    for (const draft of [
      { kind: "find_phone" as const, options: {} },
      { kind: "find_email" as const, options: { mode: "PERSONAL" as const } },
    ]) {
      const { submissionId } = await createDraft(context, { ...draft, name: "", columns: [] });
      await addLeads(context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Known 0" }, cells: null }] });
      expect(await quoteDraft(context, { submissionId })).toMatchObject({ leads: 1, known: 0 });
    }
  });
});

describe("leads whose task failed", () => {
  test("are submitted again by one successor each, however often it is pressed, and the failed task stays", async () => {
    const { context } = bench;
    const submissionId = await confirmList(context, { kind: "people_intelligence", count: 3, prefix: "Retry" });
    await dispatch(context, ROUND);
    const [failing, ...others] = await bench.sandbox.jobs();
    if (!failing) throw new Error("The sandbox has no job.");
    await deliver(
      context,
      { task_id: failing.taskId, status: "failed", error: "Bad luck" },
      { token: tokenOf(failing) },
    );
    for (const job of others) {
      await deliver(context, { task_id: job.taskId, status: "completed", result: {} }, { token: tokenOf(job) });
    }
    expect(await getSubmission(context, submissionId)).toMatchObject({
      state: "ended",
      problems: [{ code: "job_failed", message: "Bad luck", leads: 1 }],
    });
    const presses = await Promise.all(Array.from({ length: 5 }, () => retryFailed(context, { submissionId })));
    expect(presses.reduce((total, { retried }) => total + retried, 0)).toBe(1);
    await dispatch(context, ROUND);
    expect(await bench.sandbox.jobs()).toHaveLength(4);
    expect(await getSubmission(context, submissionId)).toMatchObject({
      state: "waiting",
      leadCount: 3,
      leads: { completed: 2, running: 1, failed: 0 },
      problems: [],
    });
    const old = (await tasksOf(submissionId)).find(({ retriedAsId }) => retriedAsId !== null);
    const view = await getTask(context, old?.id ?? "");
    expect(view).toMatchObject({ status: "failed", lead: { name: expect.stringMatching(/^Retry/) } });
    const [moved] = await context.db
      .select()
      .from(leads)
      .where(and(eq(leads.submissionId, submissionId), eq(leads.taskId, old?.retriedAsId ?? "")));
    expect(moved?.fields).toEqual(view.lead);
  });
});

describe("leads that were refused together", () => {
  test("are submitted again one by one, so that only the wrong one is refused, and each can be erased by itself", async () => {
    const { context } = bench;
    const submissionId = await confirmList(context, { kind: "find_email", count: 3, prefix: "Together" });
    await bench.sandbox.nextSubmit({ status: 422, body: { detail: "One of them is wrong" } });
    await dispatch(context, ROUND);
    expect(await getSubmission(context, submissionId)).toMatchObject({ leads: { failed: 3 }, taskCount: 1 });
    expect(await retryFailed(context, { submissionId })).toEqual({ retried: 1 });
    await bench.sandbox.nextSubmit({ status: 422, body: { detail: "This one" } });
    await dispatch(context, ROUND);
    expect(await namesAsked(bench.sandbox)).toHaveLength(2);
    expect((await bench.sandbox.jobs()).map(({ path }) => path)).toEqual(["/find-email-async", "/find-email-async"]);
    expect(await getSubmission(context, submissionId)).toMatchObject({
      leadCount: 3,
      leads: { running: 2, failed: 1 },
      problems: [{ code: "invalid_request", leads: 1, message: "This one" }],
    });
    const [old, ...singles] = await tasksOf(submissionId);
    expect(JSON.stringify(old)).not.toContain("Together");
    expect(old?.retriedAsId).toBe(singles[0]?.id);
    expect(singles.map(({ shape, leadCount, request }) => [shape, leadCount, request])).toEqual(
      people(3, "Together").map((name) => ["single", 1, { lead: { name } }]),
    );
    const { rows } = await listRows(context, { submissionId });
    expect(rows.map(({ lead, taskId }) => [lead.name, taskId])).toEqual(
      singles.map(({ id }, index) => [`Together ${index}`, id]),
    );
    // The one that is still wrong is retried as it is.
    expect(await retryFailed(context, { submissionId })).toEqual({ retried: 1 });
    await dispatch(context, ROUND);
    expect(await namesAsked(bench.sandbox)).toEqual(people(3, "Together"));
    // Three go out side by side, so that any of them may have been refused, and have moved on to another task.
    const running = (await tasksOf(submissionId)).find(({ status }) => status === "running");
    await eraseTask(context, running?.id ?? "");
    expect(await getSubmission(context, submissionId)).toMatchObject({ leads: { running: 2, cancelled: 1 } });
  });
});

test("leads that had no task when their submission was cancelled are cancelled, wherever one looks", async () => {
  const { context } = bench;
  const { submissionId } = await createDraft(context, { kind: "find_email", options: {}, name: "", columns: [] });
  await addLeads(context, { submissionId, fromRow: 0, leads: [{ fields: { name: "Early" }, cells: null }] });
  await context.db
    .update(submissions)
    .set({ confirmedAt: new Date(), leadCount: 1 })
    .where(eq(submissions.id, submissionId));
  await cancelSubmission(context, { submissionId });
  expect(await getSubmission(context, submissionId)).toMatchObject({ leads: { cancelled: 1, preparing: 0 } });
  for (const status of [undefined, "cancelled"]) {
    const { rows } = await listRows(context, { submissionId, status });
    expect(rows).toMatchObject([{ status: "cancelled" }]);
  }
  expect((await listRows(context, { submissionId, status: "preparing" })).rows).toEqual([]);
});

test("no lead of a confirmed list is ever without a task or an earlier result", async () => {
  const { db } = bench.context;
  for (let busy = true; busy; ) busy = (await dispatch(bench.context, ROUND)).sent > 0;
  const orphans = await db.query.leads.findMany({
    where: and(isNull(leads.taskId), isNull(leads.reusedLeadId)),
    with: {},
  });
  const views = await Promise.all(orphans.map(({ submissionId }) => getSubmission(bench.context, submissionId)));
  expect(new Set(views.map(({ state }) => state))).toEqual(new Set(["draft", "cancelled"]));
});
