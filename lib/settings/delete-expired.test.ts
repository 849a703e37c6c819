import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { firstIdAt } from "@/db/first-id-at";
import {
  auditEvents,
  deliveries,
  invitations,
  rejectedDeliveries,
  sessions,
  settings,
  signInAttempts,
  taskEvents,
  users,
  verifications,
} from "@/db/schema";
import { countAttempt, MAX_ATTEMPT_ROWS } from "@/lib/access/throttle";
import { recordRefusal } from "@/lib/audit/record";
import { runJobsOnce } from "@/lib/background/run-jobs";
import type { Context } from "@/lib/context";
import { submitLead } from "@/lib/pipeline/submit";
import { deleteExpired } from "@/lib/settings/delete-expired";
import { getRetention, setRetention } from "@/lib/settings/retention";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
let context: Context;
beforeAll(async () => {
  bench = await createTestBench();
  context = { ...bench.context, retentionInDays: 90, rejectedRetentionInDays: 7 };
});
afterAll(() => bench.close());
beforeEach(async () => {
  for (const table of [
    taskEvents,
    deliveries,
    rejectedDeliveries,
    auditEvents,
    settings,
    signInAttempts,
    verifications,
    invitations,
    users,
  ])
    await bench.context.db.delete(table);
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const plain = { signature: "valid" as const, headers: {}, body: new Uint8Array([1]) };
const newDelivery = (days: number, given: Partial<typeof deliveries.$inferInsert> = {}) =>
  context.db.insert(deliveries).values({ ...plain, outcome: "applied", receivedAt: daysAgo(days), ...given });
const daysLeft = async () => {
  const rows = await context.db.select({ at: deliveries.receivedAt }).from(deliveries);
  return rows.map(({ at }) => Math.round((Date.now() - at.getTime()) / 86_400_000)).sort((a, b) => a - b);
};

test("deliveries are deleted after 90 days and rejected ones after 7, by a background run", async () => {
  for (const days of [1, 89, 91]) await newDelivery(days);
  for (const days of [6, 8])
    await newDelivery(days, { outcome: "refused", signature: "missing", sampleOf: randomUUID() });
  // Stored one by one, before rejected requests were counted.
  await newDelivery(9, { outcome: "malformed" });
  const counts = {
    outcome: "refused",
    signature: "missing",
    token: "none",
    answer: 401,
    address: "",
    count: 9,
  } as const;
  for (const days of [6, 8]) {
    const at = daysAgo(days);
    const values = { ...counts, samples: 0, minute: at, firstAt: at, lastAt: at };
    await context.db.insert(rejectedDeliveries).values(values);
  }
  await runJobsOnce(context);
  expect(await daysLeft()).toEqual([1, 6, 89]);
  expect(await context.db.$count(rejectedDeliveries)).toBe(1);
});

test("a task keeps its result and its history when its delivery is deleted", async () => {
  const { taskId } = await submitLead(context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const { taskId: sixtyfourTaskId } = await getTask(context, taskId);
  await deliver(context, { task_id: sixtyfourTaskId, status: "completed", result: { found: "it" } });
  await context.db.update(deliveries).set({ receivedAt: daysAgo(91) });
  expect(await deleteExpired(context)).toEqual({ deleted: 1 });
  const { status, result, history } = await getTask(context, taskId);
  expect({ status, result }).toEqual({ status: "completed", result: { found: "it" } });
  expect(history.find(({ type }) => type === "delivery")).toMatchObject({
    detail: { outcome: "applied" },
    delivery: null,
  });
});

test("what an admin sets counts more than the variables, and forever keeps everything", async () => {
  const admin = { type: "nobody" as const };
  expect(await getRetention(context)).toEqual({
    deliveries: { days: 90, by: "variable" },
    rejected: { days: 7, by: "variable" },
  });
  await newDelivery(100);
  await newDelivery(100, { outcome: "refused", sampleOf: randomUUID() });
  await setRetention(context, admin, { deliveries: "forever", rejected: "forever" });
  expect(await getRetention(context)).toMatchObject({ deliveries: { days: null, by: "admin" } });
  expect(await deleteExpired(context)).toEqual({ deleted: 0 });
  await setRetention(context, admin, { deliveries: 101, rejected: null });
  expect(await deleteExpired(context)).toEqual({ deleted: 1 });
  for (const days of [0, -1, 1.5, Number.NaN, 40_000]) {
    await expect(setRetention(context, admin, { deliveries: days, rejected: null })).rejects.toMatchObject({
      code: "invalid_input",
    });
  }
  const unlimited = { ...context, retentionInDays: null, rejectedRetentionInDays: null };
  await setRetention(context, admin, { deliveries: null, rejected: null });
  expect(await deleteExpired(unlimited)).toEqual({ deleted: 0 });
});

test("more rows than one step go in several steps, and a row that somebody holds keeps nobody waiting", async () => {
  await context.db
    .insert(deliveries)
    .values(Array.from({ length: 1_201 }, () => ({ ...plain, outcome: "applied" as const, receivedAt: daysAgo(91) })));
  await context.db.transaction(async (tx) => {
    await tx.select().from(deliveries).limit(1).for("update");
    expect(await deleteExpired(context, { forMs: 60_000 })).toEqual({ deleted: 1_200 });
  });
  expect(await deleteExpired(context)).toEqual({ deleted: 1 });
});

test("expired sessions, invitations, verifications and sign-in counts are deleted, and others stay", async () => {
  const [user] = await context.db.insert(users).values({ email: "a@example.com", name: "A" }).returning();
  for (const [name, expiresAt] of [
    ["over", daysAgo(2)],
    ["open", daysAgo(-1)],
  ] as const) {
    await context.db.insert(sessions).values({ userId: user?.id ?? "", token: name, expiresAt });
    await context.db.insert(verifications).values({ identifier: name, value: "", expiresAt });
    const invitation = {
      email: name,
      role: "member" as const,
      invitedBy: "A",
      tokenHash: Buffer.from(name),
      expiresAt,
    };
    await context.db.insert(invitations).values(invitation);
  }
  await countAttempt(context, { account: "old@example.com" });
  await context.db.update(signInAttempts).set({ windowStartedAt: sql`now() - interval '16 minutes'` });
  await countAttempt(context, { account: "new@example.com" });
  expect(await deleteExpired(context)).toEqual({ deleted: 4 });
  expect(await context.db.select({ token: sessions.token }).from(sessions)).toEqual([{ token: "open" }]);
  expect(await context.db.select({ email: invitations.email }).from(invitations)).toEqual([{ email: "open" }]);
});

test("failed sign-ins leave a few lines a minute, whoever guesses and at whatever", async () => {
  await context.db.insert(users).values({ email: "ada@example.com", name: "Ada" });
  const GUESSES = 500;
  for (let guess = 0; guess < GUESSES; guess += 1) {
    await recordRefusal(context, guess % 2 ? "ada@example.com" : `guess${guess}@example.com`, "unauthorized");
  }
  const rows = await context.db.select({ detail: auditEvents.detail }).from(auditEvents);
  expect(rows.reduce((sum, { detail }) => sum + Number(detail.attempts), 0)).toBe(GUESSES);
  // Six lines for each of the two, and as many where a new minute began.
  expect(rows.length).toBeLessThanOrEqual(24);

  await context.db.insert(auditEvents).values({
    id: firstIdAt(daysAgo(91).getTime()),
    actorType: "nobody",
    actorName: "ada@example.com",
    action: "session.refused",
  });
  await context.db.insert(auditEvents).values({
    id: firstIdAt(daysAgo(92).getTime()),
    actorType: "nobody",
    actorName: "ada@example.com",
    action: "session.sign_in",
  });
  expect(await deleteExpired(context)).toEqual({ deleted: 1 });
  expect(await context.db.$count(auditEvents, eq(auditEvents.action, "session.sign_in"))).toBe(1);
});

test("an address that is over its limit adds no more accounts, and the table has a ceiling", async () => {
  for (let guess = 0; guess < 100; guess += 1) {
    await countAttempt(context, { account: `guess${guess}@example.com`, address: "192.0.2.1" }).catch(() => {});
  }
  expect(await context.db.$count(signInAttempts)).toBe(41);
  await context.db.execute(sql`insert into sign_in_attempts (key, count, window_started_at)
    select sha256(n::text::bytea), 1, now() from generate_series(1, ${MAX_ATTEMPT_ROWS + 1_000}::int) as n`);
  await deleteExpired(context, { forMs: 60_000 });
  expect(await context.db.$count(signInAttempts)).toBe(MAX_ATTEMPT_ROWS);
  // What was tried most is kept.
  await expect(countAttempt(context, { account: "one@example.com", address: "192.0.2.1" })).rejects.toMatchObject({
    code: "too_many",
  });
});
