import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sends, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { dispatch } from "@/lib/pipeline/dispatch";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { prepareNextLeads } from "@/lib/pipeline/prepare";
import { reconcile } from "@/lib/pipeline/reconcile";
import { resumeSubmission } from "@/lib/pipeline/resume";
import { sendAgain } from "@/lib/pipeline/send-again";
import { submitLead } from "@/lib/pipeline/submit";
import type { SubmitOutcome } from "@/lib/sixtyfour/client";
import { MAX_REPEATED_SENDS } from "@/lib/tasks/dispatch-id";
import { getTask } from "@/lib/tasks/get";
import { confirmList, createTestBench, deliver, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.context.db.execute(sql`truncate submissions cascade`);
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const ROUND = { forMs: 10_000 };
const LOST = { type: "unconfirmed", reason: "connection_lost", message: null } as const;

async function submit(context: Context = bench.context) {
  const input = {
    kind: "people_intelligence" as const,
    lead: { name: "Ada Lovelace" },
    options: { tier: "low" as const },
  };
  return (await submitLead(context, { input, formKey: randomUUID() })).taskId;
}

/** A context whose submits answer in turn as told, and then as the sandbox does; with the bodies that went out. */
function answering(...outcomes: SubmitOutcome[]) {
  const bodies: string[] = [];
  const submitted = async (path: string, body: Record<string, unknown>) => {
    bodies.push(JSON.stringify(body));
    return outcomes.shift() ?? bench.context.sixtyfour.submit(path, body);
  };
  return { bodies, context: { ...bench.context, sixtyfour: { ...bench.context.sixtyfour, submit: submitted } } };
}

const makeDue = (id: string) => bench.context.db.update(tasks).set({ nextSendAt: sql`now()` }).where(eq(tasks.id, id));
const read = (id: string) => getTask(bench.context, id);

describe("a people submit whose answer was lost", () => {
  test("goes again automatically with the same bytes, and finds the job that it had started", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const { context, bodies } = answering();
    const id = await submit(context);
    expect(await read(id)).toMatchObject({ status: "unconfirmed", isRepeatable: true, nextSendAt: expect.any(String) });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });

    await makeDue(id);
    expect(await dispatch(context, ROUND)).toEqual({ sent: 1 });
    const [job, ...others] = await bench.sandbox.jobs();
    expect(others).toEqual([]);
    expect(await read(id)).toMatchObject({ status: "running", taskId: job?.taskId, error: null, nextSendAt: null });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toBe(bodies[0]);
    expect(job?.body.dispatch_id).toMatch(new RegExp(`^${id}-[0-9a-f]{16}$`));
    const { history } = await read(id);
    expect(history.map(({ type, detail }) => [type, detail.isRepeated ?? null])).toEqual([
      ["created", null],
      ["submit_failed", true],
      ["submitted", null],
    ]);
  });

  test("takes the webhook of its job by either send", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const id = await submit();
    await makeDue(id);
    await dispatch(bench.context, ROUND);
    const [job] = await bench.sandbox.jobs();
    const event = { task_id: job?.taskId, status: "completed", result: { structured_data: { city: "London" } } };
    expect(await deliver(bench.context, event, { token: tokenOf(job) })).toMatchObject({ outcome: "applied" });
    expect(await read(id)).toMatchObject({ status: "completed" });
  });

  test("is left to its webhook and to a person after a bounded number of sends", async () => {
    const { context, bodies } = answering(...Array.from({ length: 20 }, () => LOST));
    const id = await submit(context);
    for (let n = 1; n < MAX_REPEATED_SENDS; n += 1) {
      await makeDue(id);
      expect(await dispatch(context, ROUND)).toEqual({ sent: 1 });
    }
    expect(new Set(bodies).size).toBe(1);
    expect(bodies).toHaveLength(MAX_REPEATED_SENDS);
    expect(await read(id)).toMatchObject({ status: "unconfirmed", nextSendAt: null, isRepeatable: false });
    await makeDue(id);
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
  });

  test("is not sent again once an hour has passed, but at a person's word", async () => {
    const { context } = answering(LOST);
    const id = await submit(context);
    await bench.context.db
      .update(sends)
      .set({ sentAt: sql`now() - interval '61 minutes'` })
      .where(eq(sends.taskId, id));
    await makeDue(id);
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    await expect(sendAgain(context, { taskId: id, acceptDoubleCharge: false })).rejects.toThrow("not waiting");
    expect(await sendAgain(context, { taskId: id, acceptDoubleCharge: true })).toMatchObject({ type: "accepted" });
  });

  test("is not sent again where the request would differ, unless a person accepts a second charge", async () => {
    const { context, bodies } = answering(LOST);
    const id = await submit(context);
    await makeDue(id);
    const target = { url: "http://127.0.0.1:9/moved/api/webhooks/sixtyfour" };
    const moved = { ...context, webhook: { ...context.webhook, target } };
    expect(await dispatch(moved, ROUND)).toEqual({ sent: 1 });
    expect(bodies).toHaveLength(1);
    const left = { status: "unconfirmed", errorCode: "changed_request", nextSendAt: null };
    expect(await read(id)).toMatchObject(left);

    expect(await sendAgain(moved, { taskId: id, acceptDoubleCharge: false })).toMatchObject({
      reason: "changed_request",
    });
    expect(await sendAgain(moved, { taskId: id, acceptDoubleCharge: true })).toMatchObject({ type: "accepted" });
    const [first, second] = bodies.map((body) => JSON.parse(body).dispatch_id);
    expect(second).not.toBe(first);
  });

  test("is not sent again where Sixtyfour has told that it ignores the key", async () => {
    await bench.sandbox.setDispatchIds(false);
    const told = await submit();
    expect(await read(told)).toMatchObject({ status: "running", unrecognizedFields: ["dispatch_id"] });
    const { context, bodies } = answering(LOST);
    const id = await submit(context);
    const left = await read(id);
    expect(left).toMatchObject({ status: "unconfirmed", isRepeatable: false, nextSendAt: null });
    expect(left.history.at(-1)?.detail).toEqual({ outcome: "unconfirmed", reason: "connection_lost", message: null });
    await makeDue(id);
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    expect(bodies).toHaveLength(1);
  });

  test("is repeated however long, and however often, it was held back before", async () => {
    const held: SubmitOutcome = { type: "held", reason: "rate_limited", message: null, retryAfterSeconds: null };
    const { context } = answering(...Array.from({ length: MAX_REPEATED_SENDS }, () => held), LOST);
    const id = await submit(context);
    for (let n = 1; n <= MAX_REPEATED_SENDS; n += 1) {
      await bench.context.db.update(sends).set({ sentAt: sql`now() - interval '61 minutes'` });
      await sendAgain(context, { taskId: id, acceptDoubleCharge: false });
    }
    expect(await read(id)).toMatchObject({ status: "unconfirmed", isRepeatable: true, nextSendAt: expect.any(String) });
  });

  test("is repeated with the request of its last send, though one before differed and did nothing", async () => {
    const held: SubmitOutcome = { type: "held", reason: "rate_limited", message: null, retryAfterSeconds: null };
    const { context, bodies } = answering(held, LOST);
    const id = await submit(context);
    const target = { url: "http://127.0.0.1:9/moved/api/webhooks/sixtyfour" };
    const moved = { ...context, webhook: { ...context.webhook, target } };
    for (const type of ["unconfirmed", "accepted"]) {
      expect(await sendAgain(moved, { taskId: id, acceptDoubleCharge: false })).toMatchObject({ type });
    }
    expect(bodies[2]).toBe(bodies[1]);
    expect(await read(id)).toMatchObject({ status: "running" });
  });

  test("stays unconfirmed where the repeated one is refused, held back, or paused with its list", async () => {
    const answers: SubmitOutcome[] = [
      { type: "refused", reason: "invalid_request", message: "No.", fields: [] },
      { type: "held", reason: "rate_limited", message: null, retryAfterSeconds: 7 },
    ];
    for (const answer of answers) {
      const { context } = answering(LOST, answer);
      const id = await submit(context);
      await makeDue(id);
      await dispatch(context, ROUND);
      const { status, errorCode, endedAt, nextSendAt } = await read(id);
      expect({ status, errorCode, endedAt }).toEqual({
        status: "unconfirmed",
        errorCode: "connection_lost",
        endedAt: null,
      });
      expect(nextSendAt === null).toBe(answer.type === "refused");
    }
  });

  test("waits while its list is paused, and goes on with it", async () => {
    const { context } = answering(LOST);
    const submissionId = await confirmList(bench.context, { kind: "people_intelligence", count: 1, prefix: "Person" });
    while (await prepareNextLeads(bench.context)) {}
    await dispatch(context, ROUND);
    await pauseSubmission(bench.context, { submissionId });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
    await resumeSubmission(bench.context, { submissionId });
    expect(await dispatch(context, ROUND)).toEqual({ sent: 1 });
    expect(await bench.sandbox.stats()).toMatchObject({ accepted: 1 });
  });

  test("is sent again where the app stopped while it was submitting", async () => {
    const id = await submit(answering(LOST).context);
    const cutOff = { status: "submitting" as const, submittedAt: sql`now() - interval '2 minutes'`, nextSendAt: null };
    await bench.context.db.update(tasks).set(cutOff).where(eq(tasks.id, id));
    await reconcile(bench.context);
    expect(await read(id)).toMatchObject({
      status: "unconfirmed",
      errorCode: "cut_off",
      nextSendAt: expect.any(String),
    });
    expect(await dispatch(bench.context, ROUND)).toEqual({ sent: 1 });
    expect(await read(id)).toMatchObject({ status: "running" });
  });
});

test("of any other kind, a submit that a person repeats stays unconfirmed and unscheduled where it is held back", async () => {
  const held: SubmitOutcome = { type: "held", reason: "rate_limited", message: null, retryAfterSeconds: 7 };
  const { context } = answering(LOST, held);
  const input = { kind: "company_intelligence" as const, lead: { website: "acme.com" }, options: {} };
  const { taskId } = await submitLead(context, { input, formKey: randomUUID() });
  await sendAgain(context, { taskId, acceptDoubleCharge: true });
  expect(await read(taskId)).toMatchObject({ status: "unconfirmed", errorCode: "connection_lost", nextSendAt: null });
});

test("a submit of any other kind bears no key, and is never repeated automatically", async () => {
  const { context, bodies } = answering(LOST);
  const input = { kind: "company_intelligence" as const, lead: { website: "acme.com" }, options: {} };
  const { taskId: id } = await submitLead(context, { input, formKey: randomUUID() });
  await makeDue(id);
  expect(await dispatch(context, ROUND)).toEqual({ sent: 0 });
  expect(bodies.map((body) => JSON.parse(body).dispatch_id)).toEqual([undefined]);
  expect(await read(id)).toMatchObject({ status: "unconfirmed", isRepeatable: false });
});
