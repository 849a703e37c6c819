import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alarms, deliveries, marks, requestPace, sends, submissions, taskEvents, tasks } from "@/db/schema";
import { ALARM_KINDS, alarmWords } from "@/lib/alarms/alarm-words";
import { checkAlarms, checkAlarmsWhenDue } from "@/lib/alarms/check";
import { type AlarmKind, findCauses } from "@/lib/alarms/find-causes";
import type { Context } from "@/lib/context";
import { divertLog } from "@/lib/log";
import { createTestBench, type TestBench } from "@/lib/testing";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

let bench: TestBench;
let context: Context;
let receiver: Server;
/** What came, by the path that it came to. */
let received: { path: string; body: Record<string, unknown> }[] = [];
/** What a path is answered with: 200 where it is not named, and nothing at all where it is null. */
let answers: Record<string, number | null> = {};
/** Until then nothing is answered. */
let held: Promise<void> | undefined;
let lines: string[] = [];
let endDiversion: () => void;
beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { url = "" } = request;
    received.push({ path: url, body: JSON.parse(body) });
    await held;
    const answer = answers[url];
    if (answer !== null) response.writeHead(answer ?? 200).end("ok");
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  bench = await createTestBench();
  const addresses = { webhookUrl: `${url}/hook`, slackUrl: `${url}/slack`, appUrl: "https://leads.example.com" };
  const alerts = { ...addresses, allowPrivateAddresses: true };
  context = { ...bench.context, alerts };
});
afterAll(async () => {
  await bench.close();
  await new Promise((resolve) => receiver.close(resolve));
});
beforeEach(async () => {
  received = [];
  answers = {};
  held = undefined;
  lines = [];
  endDiversion = divertLog((line) => lines.push(line));
  for (const table of [alarms, marks, taskEvents, deliveries, sends, tasks, submissions])
    await context.db.delete(table);
  await context.db.update(requestPace).set({ nextSlotAt: sql`now()` });
});
afterEach(() => endDiversion());

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);

async function newSubmission(given: Partial<typeof submissions.$inferInsert> = {}): Promise<string> {
  const values = { kind: "find_email", requestKey: crypto.randomUUID(), ...given };
  const [row] = await context.db.insert(submissions).values(values).returning({ id: submissions.id });
  return row?.id ?? "";
}

async function newTasks(count: number, given: Partial<typeof tasks.$inferInsert>): Promise<string[]> {
  const submissionId = await newSubmission();
  const one = { kind: "find_email", request: {}, status: "running" as const, submissionId, ...given };
  const rows = await context.db.insert(tasks).values(Array(count).fill(one)).returning({ id: tasks.id });
  return rows.map(({ id }) => id);
}

const pause = () =>
  newSubmission({ pausedAt: new Date(), pauseReason: "no_credits", name: "secret.csv", pauseMessage: "of Ada" });

async function newRefusals(count: number, given: Partial<typeof deliveries.$inferInsert> = {}): Promise<void> {
  const one = {
    signature: "mismatch" as const,
    outcome: "refused" as const,
    token: "right" as const,
    headers: {},
    body: new Uint8Array(),
  };
  for (let made = 0; made < count; made += 1) await context.db.insert(deliveries).values({ ...one, ...given });
}

const causes = async () => {
  const found = await findCauses(context);
  return Object.fromEntries(Object.entries(found).filter(([, counts]) => counts !== null));
};

describe("there is cause for an alarm", () => {
  test("never where all goes on by itself", async () => {
    await newTasks(3, { submittedAt: new Date() });
    await newTasks(3, { status: "queued", nextSendAt: new Date() });
    await newSubmission({ pausedAt: new Date(), pauseReason: "person" });
    await newTasks(1, { status: "unconfirmed", submittedAt: ago(2) });
    expect(await causes()).toEqual({});
  });

  test("where requests with a token are refused, five within ten minutes; strangers are none", async () => {
    await newRefusals(4);
    await newRefusals(9, { token: "none" });
    // Anybody can invent a token.
    await newRefusals(9, { token: "wrong" });
    await newRefusals(9, { token: "wrong", signature: "unsigned" });
    await newRefusals(1, { id: "0192f0c0-0000-7000-8000-000000000000" });
    expect(await causes()).toEqual({});
    // Longer than is taken: malformed, to the door.
    await newRefusals(1, { outcome: "malformed", answer: 413 });
    expect(await causes()).toEqual({ deliveries_refused: { refused: 5, minutes: 10 } });
  });

  test("where a fifth of an hour's results came by poll alone, and five at least", async () => {
    const ended = { status: "completed" as const, endedAt: ago(5), deliveredAt: ago(5), webhookRequested: true };
    await newTasks(15, { ...ended, deliveredVia: "webhook" });
    const polled = await newTasks(4, { ...ended, deliveredVia: "reconcile" });
    await newTasks(9, { ...ended, deliveredVia: "reconcile", webhookRequested: false });
    await newTasks(9, { ...ended, deliveredVia: "reconcile", deliveredAt: ago(61) });
    expect(await causes()).toEqual({});
    polled.push(...(await newTasks(1, { ...ended, deliveredVia: "poll" })));
    expect(await causes()).toEqual({ results_undelivered: { lost: 5, ended: 20, late: 0 } });
    // One of the webhooks comes late.
    await newRefusals(1, { outcome: "duplicate", signature: "valid", token: "right", taskId: polled[0] ?? "" });
    expect(await causes()).toEqual({});
  });

  test("where five tasks run three times as long as they should; files take their time", async () => {
    // find_email: 30 s at the longest, and 120 s for its webhook.
    await newTasks(4, { submittedAt: ago(8) });
    await newTasks(9, { submittedAt: ago(7) });
    await newTasks(9, { submittedAt: ago(8), shape: "file" });
    expect(await causes()).toEqual({});
    await newTasks(1, { submittedAt: ago(8) });
    expect(await causes()).toEqual({ results_undelivered: { lost: 0, ended: 0, late: 5 } });
  });

  test("where Sixtyfour's answer has paused a list, until it goes on or is cancelled", async () => {
    const id = await pause();
    expect(await causes()).toEqual({ queue_paused: { no_credits: 1 } });
    await context.db.update(submissions).set({ cancelledAt: new Date() }).where(eq(submissions.id, id));
    expect(await causes()).toEqual({});
  });

  test("where a submit stays unconfirmed past the time of its webhook", async () => {
    await newTasks(2, { status: "unconfirmed", submittedAt: ago(61) });
    expect(await causes()).toEqual({ submits_unconfirmed: { unconfirmed: 2 } });
  });

  test("where tasks wait and nothing was accepted for a quarter of an hour", async () => {
    const held = { status: "queued" as const, errorCode: "unreachable", nextSendAt: ago(-2) };
    const [young = "", old = ""] = await newTasks(2, held);
    await context.db.insert(sends).values({ taskId: young, sentAt: ago(10) });
    expect(await causes()).toEqual({});
    await context.db.insert(sends).values({ taskId: old, sentAt: ago(16) });
    expect(await causes()).toEqual({ nothing_sent: { waiting: 1, minutes: 15 } });
    // What is due for so long is not sent by anybody, whatever the reason.
    await newTasks(1, { status: "queued", nextSendAt: ago(16) });
    expect(await causes()).toEqual({ nothing_sent: { waiting: 2, minutes: 15 } });
    // A long list is behind as well, and goes out.
    await context.db.insert(sends).values({ taskId: young, sixtyfourTaskId: "job" });
    expect(await causes()).toEqual({});
  });
});

describe("an alarm", () => {
  const to = (where: string) => received.filter(({ path: at }) => at === where).map(({ body }) => body);

  test("is told once to each, though two look at the same moment, and again and again", async () => {
    await pause();
    let release = () => {};
    held = new Promise((resolve) => {
      release = resolve;
    });
    const checks = [checkAlarms(context), checkAlarms(context)];
    // One of the two tells, and waits for its answers; neither the other nor a third one tells as well.
    await Promise.race(checks);
    await checkAlarms(context);
    release();
    await Promise.all(checks);
    await checkAlarms(context);
    expect(received).toHaveLength(2);
    expect(to("/hook")).toMatchObject([
      {
        alarm: "queue_paused",
        state: "raised",
        counts: { no_credits: 1 },
        dashboard: "https://leads.example.com/submissions",
        runbook: "docs/operations.md#sixtyfours-answer-has-paused-a-list",
        raisedAt: expect.stringMatching(/Z$/),
        resolvedAt: null,
      },
    ]);
    expect(to("/slack")).toEqual([{ text: to("/hook")[0]?.text }]);
    expect(JSON.stringify(received)).not.toMatch(/secret\.csv|Ada/);
    expect(lines.filter((line) => line.includes("alarm_raised"))).toHaveLength(1);
  });

  test("is told again after six hours while it lasts", async () => {
    await pause();
    await checkAlarms(context);
    await context.db.update(alarms).set({ notifiedAt: ago(361), raisedAt: ago(361) });
    await checkAlarms(context);
    await checkAlarms(context);
    expect(to("/hook").map(({ state }) => state)).toEqual(["raised", "still"]);
  });

  test("is over, and told so, once its cause was not found for ten minutes; what comes back sooner is the same one", async () => {
    const id = await pause();
    await checkAlarms(context);
    await context.db.update(submissions).set({ pausedAt: null, pauseReason: null }).where(eq(submissions.id, id));
    await checkAlarms(context);
    await pause();
    await checkAlarms(context);
    await context.db.delete(submissions);
    await context.db.update(alarms).set({ seenAt: ago(11), raisedAt: ago(20), notifiedAt: ago(20) });
    await Promise.all([checkAlarms(context), checkAlarms(context)]);
    await checkAlarms(context);
    expect(to("/hook").map(({ state }) => state)).toEqual(["raised", "over"]);
    expect(to("/slack").at(-1)).toEqual({ text: "Over: Sixtyfour's answer has paused a list." });

    await pause();
    await checkAlarms(context);
    expect(to("/hook").map(({ state }) => state)).toEqual(["raised", "over", "raised"]);
  });

  test("that one address did not take is told there at the next check, and not again to the other", async () => {
    answers = { "/slack": 500 };
    await pause();
    await checkAlarms(context);
    await checkAlarms(context);
    expect([to("/hook").length, to("/slack").length]).toEqual([1, 2]);
    const failed = lines.filter((line) => line.includes("alert_not_sent"));
    expect(failed.map((line) => JSON.parse(line))).toMatchObject(
      [1, 2].map(() => ({ level: "error", alarm: "queue_paused", channel: "slack", error: "answered 500" })),
    );
    answers = {};
    await checkAlarms(context);
    await checkAlarms(context);
    expect([to("/hook").length, to("/slack").length]).toEqual([1, 3]);
  });

  test("that could be told to nobody is told later, and the address stays out of the log", async () => {
    await pause();
    const unheard = { ...context, alerts: { webhookUrl: "http://127.0.0.1:9/hidden", allowPrivateAddresses: true } };
    await checkAlarms(unheard);
    expect(lines.join()).toContain("unreachable");
    expect(lines.join()).not.toMatch(/hidden|127\.0\.0\.1/);
    await checkAlarms(context);
    expect(to("/hook")).toMatchObject([{ state: "raised" }]);
  });

  test("is told to no address in a private network, unless that is allowed", async () => {
    await pause();
    const { allowPrivateAddresses: _, ...alerts } = context.alerts;
    await checkAlarms({ ...context, alerts });
    expect(received).toEqual([]);
    expect(lines.filter((line) => line.includes("private address: see ALLOW_PRIVATE_ADDRESSES"))).toHaveLength(2);
    await checkAlarms(context);
    expect(received).toHaveLength(2);
  });

  test("that an address says nothing to is given up, and told there at the next check", async () => {
    answers = { "/slack": null };
    await pause();
    await checkAlarms(context);
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ event: "alert_not_sent", channel: "slack", error: "timeout" }),
    );
    answers = {};
    await checkAlarms(context);
    expect([to("/hook").length, to("/slack").length]).toEqual([1, 2]);
  });

  test("of a process that ended while it told is told by another one", async () => {
    await pause();
    await checkAlarms({ ...context, alerts: {} });
    await context.db.update(alarms).set({ leasedUntil: ago(-1) });
    await checkAlarms(context);
    expect(received).toEqual([]);
    await context.db.update(alarms).set({ leasedUntil: ago(1) });
    await checkAlarms(context);
    expect(received).toHaveLength(2);
  });

  test("is looked for by one of many instances each half a minute", async () => {
    await pause();
    const unconfigured = { ...context, alerts: {} };
    await checkAlarmsWhenDue(unconfigured);
    await checkAlarmsWhenDue(context);
    expect(received).toEqual([]);
    await context.db.update(marks).set({ at: ago(1) });
    await Promise.all([checkAlarmsWhenDue(context), checkAlarmsWhenDue(context)]);
    expect(received).toHaveLength(2);
  });

  test("without a known address of the dashboard names no link; Slack's marks are escaped", async () => {
    const { text, dashboard } = alarmWords("deliveries_refused", "raised", { refused: 7, minutes: 10 }, undefined);
    expect(dashboard).toBeNull();
    expect(text).toBe(
      "Alarm: Deliveries are refused. 7 webhook requests with a token were refused within 10 minutes.\n" +
        "What to do: docs/operations.md#deliveries-are-refused",
    );
    await newRefusals(5);
    await checkAlarms(context);
    expect(to("/slack")[0]?.text).toContain("outcome=refused&amp;within=hour");
    expect(to("/hook")[0]?.text).toContain("outcome=refused&within=hour");
  });
});

test("each alarm has its part of the runbook", () => {
  const runbook = readFileSync(path.join(PROJECT_DIR, "docs/operations.md"), "utf8");
  const headings = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => heading);
  const anchors = headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
  const wanted = ALARM_KINDS.map((kind: AlarmKind) => alarmWords(kind, "raised", {}, undefined).runbook.split("#")[1]);
  expect(anchors).toEqual(expect.arrayContaining(wanted));
});
