import { randomUUID } from "node:crypto";
import { desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { deliveries, sends, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { divertLog } from "@/lib/log";
import { pollTask } from "@/lib/pipeline/poll";
import { sendAgain } from "@/lib/pipeline/send-again";
import { submitLead } from "@/lib/pipeline/submit";
import { asCurl } from "@/lib/sixtyfour/as-curl";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
/** The same app without a signing secret: the token is what protects. */
let unsigned: Context;
beforeAll(async () => {
  bench = await createTestBench();
  unsigned = { ...bench.context, webhook: { ...bench.context.webhook, secrets: [] } };
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const RESULT = { email: [["ada@ae.example", "OK", "COMPANY"]] };
const completed = (taskId: string, result: object = RESULT) => ({ task_id: taskId, status: "completed", result });

async function submit() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  if (!job) throw new Error("The sandbox has no job.");
  return { id: taskId, jobId: job.taskId, token: tokenOf(job) };
}

async function submitLosingTheAnswer() {
  await bench.sandbox.nextSubmit({ loseAnswer: true });
  const task = await submit();
  expect(await getTask(bench.context, task.id)).toMatchObject({ status: "unconfirmed", taskId: null });
  return task;
}

const lastLogged = async () =>
  (await bench.context.db.select().from(deliveries).orderBy(desc(deliveries.id)).limit(1))[0];

describe("a delivery with the right token", () => {
  test("reattaches a submit whose answer was lost, and says so", async () => {
    const task = await submitLosingTheAnswer();
    expect(await deliver(bench.context, completed(task.jobId), { token: task.token })).toMatchObject({
      status: 200,
      outcome: "applied",
    });
    const view = await getTask(bench.context, task.id);
    expect(view).toMatchObject({ status: "completed", taskId: task.jobId, result: RESULT, error: null });
    expect(view.history.map(({ type }) => type)).toEqual([
      "created",
      "submit_failed",
      "recovered",
      "delivery",
      "ended",
    ]);
  });

  test("that names no end recovers the task all the same, and a poll brings the rest", async () => {
    const task = await submitLosingTheAnswer();
    await deliver(bench.context, { task_id: task.jobId, status: "started" }, { token: task.token });
    expect(await getTask(bench.context, task.id)).toMatchObject({
      status: "running",
      taskId: task.jobId,
      nextPollAt: expect.any(String),
    });
    await bench.sandbox.release(task.jobId, { status: "completed", result: RESULT });
    await pollTask(bench.context, { taskId: task.id, by: "person" });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "completed", result: RESULT });
  });

  test("is enough without a signature where no secret is configured", async () => {
    const task = await submit();
    const given = { token: task.token, signed: false };
    expect(await deliver(unsigned, completed(task.jobId), given)).toMatchObject({ outcome: "applied" });
  });

  test("is not enough without a signature where a secret is configured", async () => {
    const task = await submit();
    const given = { token: task.token, signed: false };
    expect(await deliver(bench.context, completed(task.jobId), given)).toMatchObject({
      status: 401,
      outcome: "refused",
    });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running" });
  });

  test("finds its task before our own answer is stored", async () => {
    const { sixtyfour } = bench.context;
    const context: Context = {
      ...bench.context,
      sixtyfour: {
        ...sixtyfour,
        async submit(path, body) {
          const outcome = await sixtyfour.submit(path, body);
          if (outcome.type !== "accepted") throw new Error("The sandbox did not accept the job.");
          const given = { token: tokenOf({ body }) };
          expect(await deliver(bench.context, completed(outcome.sixtyfourTaskId), given)).toMatchObject({
            outcome: "applied",
          });
          return outcome;
        },
      },
    };
    const { taskId } = await submitLead(context, { input: findEmailInput("Quick"), formKey: randomUUID() });
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "completed", result: RESULT });
  });

  test("about another job than the one it was made for changes nothing, and is flagged", async () => {
    const task = await submit();
    expect(await deliver(bench.context, completed("some-other-job"), { token: task.token })).toMatchObject({
      status: 200,
      outcome: "conflict",
    });
    expect(await lastLogged()).toMatchObject({ flags: ["other_task_id"], taskId: task.id });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running", taskId: task.jobId });
  });

  test("a task that was submitted twice takes the first result of either job, once", async () => {
    const first = await submitLosingTheAnswer();
    await sendAgain(bench.context, { taskId: first.id, acceptDoubleCharge: true });
    const second = (await bench.sandbox.jobs()).at(-1);
    expect(second?.taskId).not.toBe(first.jobId);
    await deliver(bench.context, completed(first.jobId), { token: first.token });
    expect(await getTask(bench.context, first.id)).toMatchObject({ status: "completed", result: RESULT });
    expect(
      await deliver(bench.context, completed(second?.taskId ?? "", { email: [] }), { token: tokenOf(second) }),
    ).toMatchObject({ outcome: "duplicate" });
    expect(await getTask(bench.context, first.id)).toMatchObject({ result: RESULT });
  });
});

test("a token of one send with the job of the task's other send is the task's all the same", async () => {
  const first = await submitLosingTheAnswer();
  await sendAgain(bench.context, { taskId: first.id, acceptDoubleCharge: true });
  const second = (await bench.sandbox.jobs()).at(-1)?.taskId ?? "";
  expect(await deliver(bench.context, completed(second), { token: first.token })).toMatchObject({ outcome: "applied" });
});

describe("a delivery for a known task is refused, logged and applied to nothing", () => {
  test.each([
    ["with a wrong token, though signed", { token: "x".repeat(43) }, "bench"],
    ["with a wrong token", { token: "x".repeat(43), signed: false }, "unsigned"],
    ["without a token where nothing is signed", { signed: false }, "unsigned"],
  ])("%s", async (_, given, app) => {
    const task = await submit();
    const context = app === "bench" ? bench.context : unsigned;
    const forged = completed(task.jobId, { email: [["forged@evil.example", "OK"]] });
    expect(await deliver(context, forged, given)).toMatchObject({ status: 401, outcome: "refused" });
    expect(await lastLogged()).toMatchObject({ outcome: "refused", answer: 401, taskId: null });
    const { status, result, history } = await getTask(bench.context, task.id);
    expect({ status, result, history: history.length }).toEqual({ status: "running", result: null, history: 2 });
  });

  test("with the token of another task", async () => {
    const [ada, byron] = [await submit(), await submit()];
    expect(await deliver(bench.context, completed(ada.jobId), { token: byron.token })).toMatchObject({ status: 401 });
    expect(await getTask(bench.context, ada.id)).toMatchObject({ status: "running" });
    expect(await getTask(bench.context, byron.id)).toMatchObject({ status: "running", taskId: byron.jobId });
  });
});

test("an unsigned delivery for an unknown task_id is never taken on trust when that becomes known", async () => {
  const { sixtyfour } = bench.context;
  const context: Context = {
    ...unsigned,
    sixtyfour: {
      ...sixtyfour,
      async submit() {
        const forged = completed("guessed-id", { email: [["forged@evil.example", "OK"]] });
        expect(await deliver(unsigned, forged, { signed: false })).toMatchObject({ status: 200, outcome: "unmatched" });
        return {
          type: "accepted",
          sixtyfourTaskId: "guessed-id",
          sixtyfourStatus: null,
          unrecognizedFields: [],
          investigation: null,
        };
      },
    },
  };
  const { taskId } = await submitLead(context, { input: findEmailInput("Guess"), formKey: randomUUID() });
  expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", result: null });
});

test("a token is kept as its hash alone, and stands nowhere that is shown or logged", async () => {
  const task = await submit();
  await deliver(bench.context, completed(task.jobId), { token: task.token });
  const { db } = bench.context;
  const [send] = await db.select().from(sends).where(eq(sends.taskId, task.id));
  expect(send?.tokenHash).toHaveLength(32);
  const logged = await db.select().from(deliveries).where(eq(deliveries.taskId, task.id));
  const events = await db.select().from(taskEvents).where(eq(taskEvents.taskId, task.id));
  const shown = JSON.stringify([await getTask(bench.context, task.id), logged, events, send]);
  expect(shown).toContain(task.jobId);
  expect(shown).not.toContain(task.token);
});

test("the secret that passes Vercel's protection goes out in the webhook's address, and stands nowhere else", async () => {
  const written: unknown[] = [];
  for (const method of ["info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...words) => written.push(...words));
  }
  const endDiversion = divertLog((line) => written.push(line));
  const url = "https://preview.example.com/api/webhooks/sixtyfour";
  const webhook = { ...bench.context.webhook, target: { url, protectionBypass: "let-me-in" } };
  const context = { ...bench.context, webhook };
  await bench.sandbox.nextSubmit({ status: 503 });
  await submitLead(context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const { taskId } = await submitLead(context, { input: findEmailInput("Byron"), formKey: randomUUID() });
  vi.restoreAllMocks();
  endDiversion();

  const job = (await bench.sandbox.jobs()).at(-1);
  expect(new URL(String(job?.body.webhook_url)).searchParams.get("x-vercel-protection-bypass")).toBe("let-me-in");
  const task = await getTask(context, taskId);
  const { db } = context;
  const stored = [await db.select().from(tasks), await db.select().from(sends), await db.select().from(taskEvents)];
  const command = asCurl({ path: "/find-email-async", shape: "single", body: task.request });
  expect(JSON.stringify([task, stored, command, written])).not.toContain("let-me-in");
});

describe("event ids", () => {
  test("the same body under a new event id is a duplicate", async () => {
    const task = await submit();
    const under = (eventId: string) => ({ token: task.token, headers: { "sixtyfour-event-id": eventId } });
    await deliver(bench.context, completed(task.jobId), under("one"));
    expect(await deliver(bench.context, completed(task.jobId), under("two"))).toMatchObject({ outcome: "duplicate" });
  });

  test("the same event id with another body is kept, flagged and applied to nothing", async () => {
    const task = await submit();
    const given = { token: task.token, headers: { "sixtyfour-event-id": randomUUID() } };
    await deliver(bench.context, { task_id: task.jobId, status: "started" }, given);
    expect(await deliver(bench.context, completed(task.jobId), given)).toMatchObject({
      status: 200,
      outcome: "conflict",
    });
    expect(await lastLogged()).toMatchObject({ flags: ["event_id_reused"] });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "running" });
    expect(await deliver(bench.context, completed(task.jobId), { token: task.token })).toMatchObject({
      outcome: "applied",
    });
  });
});

test("an event id that was reused is flagged also where our own answer comes after both of its deliveries", async () => {
  const { sixtyfour } = bench.context;
  const context: Context = {
    ...bench.context,
    sixtyfour: {
      ...sixtyfour,
      async submit(path, body) {
        const outcome = await sixtyfour.submit(path, body);
        if (outcome.type !== "accepted") throw new Error("The sandbox did not accept the job.");
        const given = { headers: { "sixtyfour-event-id": randomUUID() } };
        for (const result of [RESULT, { email: [] }]) {
          const receipt = await deliver(bench.context, completed(outcome.sixtyfourTaskId, result), given);
          expect(receipt).toMatchObject({ outcome: "unmatched" });
        }
        return outcome;
      },
    },
  };
  const { taskId } = await submitLead(context, { input: findEmailInput("Early"), formKey: randomUUID() });
  expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", result: null });
  const logged = await bench.context.db.select().from(deliveries).where(eq(deliveries.taskId, taskId));
  expect(logged.map(({ outcome, flags }) => ({ outcome, flags }))).toEqual([
    { outcome: "conflict", flags: ["event_id_reused"] },
    { outcome: "conflict", flags: ["event_id_reused"] },
  ]);
});

describe("odd bodies are kept, and never break anything", () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

  test("a result of 10,000 levels", async () => {
    const task = await submit();
    const body = `{"task_id":"${task.jobId}","status":"completed","result":${deep(10_000)}}`;
    expect(await deliver(bench.context, body, { token: task.token })).toMatchObject({ outcome: "applied" });
    expect((await getTask(bench.context, task.id)).result).toMatch(/^Nested too deeply/);
    expect(await lastLogged()).toMatchObject({ flags: ["too_deep"], bodyBytes: body.length });
  });

  test("an error of 10,000 levels", async () => {
    const task = await submit();
    const body = `{"task_id":"${task.jobId}","status":"failed","error":${deep(10_000)}}`;
    expect(await deliver(bench.context, body, { token: task.token })).toMatchObject({ outcome: "applied" });
    expect(await getTask(bench.context, task.id)).toMatchObject({ status: "failed" });
  });

  test("keys that name JavaScript's own, twice the same key, and numbers beyond precision", async () => {
    const task = await submit();
    const result = '{"__proto__":{"x":1},"constructor":2,"n":123456789012345678901234567890,"a":1,"a":2}';
    const body = `{"__proto__":{"status":"failed"},"task_id":"${task.jobId}","status":"completed","result":${result}}`;
    expect(await deliver(bench.context, body, { token: task.token })).toMatchObject({ outcome: "applied" });
    expect(Object.keys((await getTask(bench.context, task.id)).result as object)).toEqual([
      "__proto__",
      "constructor",
      "n",
      "a",
    ]);
    expect(Buffer.from((await lastLogged())?.body ?? []).toString()).toBe(body);
  });

  test("another task_type, and completed without a result, are flagged and applied", async () => {
    const task = await submit();
    const event = { task_id: task.jobId, status: "completed", task_type: "find_phone" };
    expect(await deliver(bench.context, event, { token: task.token })).toMatchObject({ outcome: "applied" });
    expect(await lastLogged()).toMatchObject({ flags: ["other_task_type", "no_result"] });
  });

  test.each([
    ["not JSON", "{"],
    ["an array", "[]"],
    ["null", "null"],
    ["nothing", ""],
    ["a task_id that is no text", '{"task_id":{},"status":"completed"}'],
  ])("%s is answered 400, and logged", async (_, body) => {
    expect(await deliver(bench.context, body)).toMatchObject({ status: 400, outcome: "malformed" });
    expect(await lastLogged()).toMatchObject({ outcome: "malformed", answer: 400, bodyBytes: body.length });
  });

  test("a compressed body is answered 415", async () => {
    expect(await deliver(bench.context, "{}", { headers: { "content-encoding": "gzip" } })).toMatchObject({
      status: 415,
    });
  });

  test("ids of any length are answered, and break no index", async () => {
    const task = await submit();
    const long = Array.from({ length: 200 }, () => randomUUID()).join("");
    const headers = { "sixtyfour-event-id": long, "sixtyfour-event-type": long };
    expect(await deliver(bench.context, completed(long))).toMatchObject({ status: 400, outcome: "malformed" });
    expect(await deliver(bench.context, completed(task.jobId), { token: task.token, headers })).toMatchObject({
      outcome: "applied",
    });
  });

  test("of a refused body only the beginning is kept", async () => {
    const body = "x".repeat(50_000);
    expect(await deliver(bench.context, body, { signed: false })).toMatchObject({ status: 401 });
    const logged = await lastLogged();
    expect([logged?.body.byteLength, logged?.bodyBytes]).toEqual([4_096, 50_000]);
  });
});

test("a rejected request is marked by its token: one of ours, an invented one, or none", async () => {
  const task = await submit();
  for (const [token, mark] of [
    [task.token, "right"],
    ["invented".padEnd(43, "x"), "wrong"],
    [null, "none"],
  ] as const) {
    expect(await deliver(bench.context, completed(task.jobId), { token, signed: false })).toMatchObject({
      status: 401,
    });
    expect(await lastLogged()).toMatchObject({ outcome: "refused", token: mark });
  }
});
