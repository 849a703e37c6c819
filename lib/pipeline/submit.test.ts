import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { leads, requestPace, submissions, taskEvents, tasks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { sendAgain } from "@/lib/pipeline/send-again";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

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

/** 256 bits of token, and nothing else. */
const WEBHOOK_URL = /^http:\/\/127\.0\.0\.1:9\/api\/webhooks\/sixtyfour\?token=[\w-]{43}$/;

const submit = (name: string, formKey: string = randomUUID(), context: Context = bench.context) =>
  submitLead(context, { input: findEmailInput(name), formKey });

describe("submitLead", () => {
  test("stores the task and its lead, sends it with our webhook address, and keeps the task_id", async () => {
    const { taskId } = await submit("Ada Lovelace");
    const [job] = await bench.sandbox.jobs();
    const task = await getTask(bench.context, taskId);
    expect(task).toMatchObject({
      status: "running",
      taskId: job?.taskId,
      lead: { name: "Ada Lovelace", company: "Analytical Engines" },
      leadCount: 1,
      webhookRequested: true,
      error: null,
    });
    expect(task.history.map(({ type }) => type)).toEqual(["created", "submitted"]);
    expect(job?.body).toEqual({ ...task.request, webhook_url: expect.stringMatching(WEBHOOK_URL) });
    expect(JSON.stringify(task.request)).not.toContain("webhook_url");
  });

  test("sends no webhook_url where nobody could call it, and asks by itself soon", async () => {
    const target = { url: null, missing: "app_url_unset" as const };
    const context = { ...bench.context, webhook: { ...bench.context.webhook, target } };
    const { taskId } = await submitLead(context, { input: findEmailInput("Ada"), formKey: randomUUID() });
    const [job] = await bench.sandbox.jobs();
    expect(job?.body).not.toHaveProperty("webhook_url");
    const task = await getTask(bench.context, taskId);
    expect(task.webhookRequested).toBe(false);
    expect(Date.parse(task.nextPollAt ?? "") - Date.now()).toBeLessThan(10_000);
  });

  test("the same press twenty times makes one task and one job", async () => {
    const formKey = randomUUID();
    const results = await Promise.all(Array.from({ length: 20 }, () => submit("Ada", formKey)));
    expect(new Set(results.map(({ taskId }) => taskId)).size).toBe(1);
    expect(results.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await bench.sandbox.jobs()).toHaveLength(1);
  });

  test("changed content under the same key is a lead of its own", async () => {
    const formKey = randomUUID();
    const first = await submit("Ada", formKey);
    const second = await submit("Byron", formKey);
    expect(second.taskId).not.toBe(first.taskId);
    expect(await bench.sandbox.jobs()).toHaveLength(2);
  });

  test.each([
    [401, "queued", "unauthorized"],
    [402, "queued", "no_credits"],
    [429, "queued", "rate_limited"],
    [403, "failed", "not_enabled"],
    [422, "failed", "invalid_request"],
    [500, "unconfirmed", "server_fault"],
    [503, "unconfirmed", "server_fault"],
  ])("a %i leaves the task %s, saying why", async (status, expected, errorCode) => {
    await bench.sandbox.nextSubmit({ status, body: { detail: "Because" } });
    const { taskId } = await submit("Ada");
    const task = await getTask(bench.context, taskId);
    expect(task).toMatchObject({ status: expected, errorCode, error: "Because", taskId: null, deliveredAt: null });
    expect(task.history.at(-1)).toMatchObject({
      type: "submit_failed",
      detail: { reason: errorCode, message: "Because" },
    });
    expect(await bench.sandbox.jobs()).toHaveLength(0);
  });

  test("an answer that is lost leaves the task unconfirmed, and nothing sends it again", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const { taskId } = await submit("Ada");
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "unconfirmed", errorCode: "connection_lost" });
    expect(await bench.sandbox.jobs()).toHaveLength(1);
  });

  test("an answer that comes too late leaves the task unconfirmed", async () => {
    await bench.sandbox.nextSubmit({ delayMs: 2_000 });
    const { taskId } = await submit("Ada", randomUUID(), bench.waitingFor(500));
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "unconfirmed", errorCode: "timeout" });
  });

  test("an API that can't be reached leaves the task queued", async () => {
    await bench.sandbox.refuseConnections(400);
    const { taskId } = await submit("Ada");
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "queued", errorCode: "unreachable" });
    await expect.poll(() => bench.sandbox.jobs().catch(() => null)).toHaveLength(0);
  });

  test("a task_id that another task has is not taken over", async () => {
    const first = await submit("Ada");
    const { taskId: sixtyfourTaskId } = await getTask(bench.context, first.taskId);
    await bench.sandbox.nextSubmit({ status: 200, body: { task_id: sixtyfourTaskId } });
    const second = await submit("Byron");
    expect(await getTask(bench.context, second.taskId)).toMatchObject({ status: "unconfirmed", taskId: null });
  });

  test("the task is stored before Sixtyfour is asked", async () => {
    let seen: unknown;
    const context = {
      ...bench.context,
      sixtyfour: {
        ...bench.context.sixtyfour,
        async submit(path: string, body: Record<string, unknown>) {
          const rows = await bench.context.db.select().from(tasks).where(eq(tasks.status, "submitting"));
          seen = rows.map((row) => row.request);
          return bench.context.sixtyfour.submit(path, body);
        },
      },
    };
    const input = findEmailInput("Early Bird");
    await submitLead(context, { input, formKey: randomUUID() });
    expect(seen).toEqual([{ lead: input.lead, mode: "PROFESSIONAL" }]);
  });

  test("a webhook that arrives before the submit's own answer is stored ends the task all the same", async () => {
    const context = {
      ...bench.context,
      sixtyfour: {
        ...bench.context.sixtyfour,
        async submit(path: string, body: Record<string, unknown>) {
          const outcome = await bench.context.sixtyfour.submit(path, body);
          if (outcome.type !== "accepted") throw new Error("The sandbox did not accept the job.");
          const event = {
            task_id: outcome.sixtyfourTaskId,
            status: "completed",
            result: { email: [["a@b.example", "OK"]] },
          };
          const headers = { "sixtyfour-delivery-attempt": "1" };
          expect(await deliver(bench.context, event, { headers })).toMatchObject({ outcome: "unmatched" });
          return outcome;
        },
      },
    };
    const { taskId } = await submitLead(context, { input: findEmailInput("Ada"), formKey: randomUUID() });
    const task = await getTask(bench.context, taskId);
    expect(task).toMatchObject({ status: "completed", deliveredVia: "webhook", deliveredAttempt: 1 });
    expect(task.result).toEqual({ email: [["a@b.example", "OK"]] });
    expect(task.history.map(({ type }) => type)).toEqual(["created", "submitted", "delivery", "ended"]);
  });

  test("a webhook at the very moment at which the answer is stored is never lost", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 15 }, async (_, index) => {
        let delivered: Promise<unknown> = Promise.resolve();
        const context = {
          ...bench.context,
          sixtyfour: {
            ...bench.context.sixtyfour,
            async submit() {
              const sixtyfourTaskId = `race-${index}`;
              delivered = deliver(bench.context, { task_id: sixtyfourTaskId, status: "completed", result: { index } });
              return {
                type: "accepted" as const,
                sixtyfourTaskId,
                sixtyfourStatus: null,
                unrecognizedFields: [],
                investigation: null,
              };
            },
          },
        };
        const { taskId } = await submitLead(context, {
          input: findEmailInput(`Racer ${index}`),
          formKey: randomUUID(),
        });
        await delivered;
        const { status, result } = await getTask(bench.context, taskId);
        return { status, result };
      }),
    );
    expect(outcomes).toEqual(Array.from({ length: 15 }, (_, index) => ({ status: "completed", result: { index } })));
  });

  test.each(["it's a job", "job\\' or 1=1 --", "jobb€", "a job", "job.1~2"])(
    "a task_id may be anything: %s",
    async (sixtyfourTaskId) => {
      await bench.sandbox.nextSubmit({ status: 200, body: { task_id: sixtyfourTaskId, status: "it's queued" } });
      const { taskId } = await submit("Ada");
      expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", taskId: sixtyfourTaskId });
      const event = { task_id: sixtyfourTaskId, status: "completed", result: { notes: "Found" } };
      expect(await deliver(bench.context, event)).toMatchObject({ outcome: "applied" });
    },
  );

  test.each(["Ada's \\' \"lead\" --", "Ada $1 %s \\x00", "Zoë 艾达 🎉"])("a lead may be anything: %s", async (name) => {
    const { taskId } = await submit(name);
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", lead: { name } });
    expect(await bench.sandbox.jobs()).toMatchObject([{ body: { lead: { name } } }]);
  });

  test("a lead that can't be stored is not sent", async () => {
    const nowhere = openDatabase("postgres://nobody@127.0.0.1:9/none");
    const broken = { ...bench.context, db: nowhere.db };
    await expect(submitLead(broken, { input: findEmailInput("Ada"), formKey: randomUUID() })).rejects.toMatchObject({
      code: "unavailable",
    });
    await nowhere.close();
    expect(await bench.sandbox.jobs()).toHaveLength(0);
  });

  test.each([submissions, tasks, leads, taskEvents, requestPace])(
    "a lead is stored whole or not at all, and is not sent by halves (%#)",
    async (table) => {
      const { db } = bench.context;
      const before = await Promise.all([submissions, tasks, leads, taskEvents].map((one) => db.$count(one)));
      await db.execute(sql`create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`);
      await db.execute(
        sql`create trigger refuse after insert or update on ${table} for each row execute function refuse()`,
      );
      const press = { input: findEmailInput("Ada"), formKey: randomUUID() };
      await expect(submitLead(bench.context, press)).rejects.toMatchObject({ code: "unavailable" });
      await db.execute(sql`drop trigger refuse on ${table}`);
      await db.execute(sql`drop function refuse`);
      expect(await Promise.all([submissions, tasks, leads, taskEvents].map((one) => db.$count(one)))).toEqual(before);
      expect(await bench.sandbox.jobs()).toHaveLength(0);

      const again = await submitLead(bench.context, press);
      expect(again).toMatchObject({ repeated: false, outcome: { type: "accepted" } });
    },
  );
});

describe("sendAgain", () => {
  test("sends a queued task once, however many press", async () => {
    await bench.sandbox.nextSubmit({ status: 402, body: { detail: "Insufficient credits" } });
    const { taskId } = await submit("Ada");
    const presses = await Promise.allSettled(
      Array.from({ length: 10 }, () => sendAgain(bench.context, { taskId, acceptDoubleCharge: false })),
    );
    expect(presses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await bench.sandbox.jobs()).toHaveLength(1);
    expect(await getTask(bench.context, taskId)).toMatchObject({ status: "running", error: null });
  });

  test("sends an unconfirmed task only at the person's word", async () => {
    await bench.sandbox.nextSubmit({ loseAnswer: true });
    const { taskId } = await submit("Ada");
    const press = (acceptDoubleCharge: boolean) => sendAgain(bench.context, { taskId, acceptDoubleCharge });
    await expect(press(false)).rejects.toMatchObject({ code: "conflict" });
    expect(await bench.sandbox.jobs()).toHaveLength(1);
    await press(true);
    expect(await bench.sandbox.jobs()).toHaveLength(2);
  });

  test("never sends a task that runs or has ended", async () => {
    const { taskId } = await submit("Ada");
    await expect(sendAgain(bench.context, { taskId, acceptDoubleCharge: true })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await bench.sandbox.jobs()).toHaveLength(1);
  });
});

test("every task has its lead and its history", async () => {
  const { db } = bench.context;
  expect(await db.$count(leads)).toBe(await db.$count(tasks));
  expect(await db.$count(taskEvents, eq(taskEvents.type, "created"))).toBe(await db.$count(tasks));
});
