import { randomBytes, randomUUID } from "node:crypto";
import { and, eq, isNotNull, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliveries, rejectedDeliveries, taskEvents } from "@/db/schema";
import { findCauses } from "@/lib/alarms/find-causes";
import type { Context } from "@/lib/context";
import { listDeliveries } from "@/lib/deliveries/list";
import { getMetrics } from "@/lib/metrics/get";
import { submitLead } from "@/lib/pipeline/submit";
import { deleteExpired } from "@/lib/settings/delete-expired";
import { measureDay } from "@/lib/setup/measure-day";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

const FLOOD = 5_000;
const AT_ONCE = 500;

let bench: TestBench;
let context: Context;
beforeAll(async () => {
  bench = await createTestBench();
  context = { ...bench.context, retentionInDays: 90, rejectedRetentionInDays: 7 };
});
afterAll(() => bench.close());
beforeEach(async () => {
  for (const table of [taskEvents, deliveries, rejectedDeliveries]) await bench.context.db.delete(table);
});

const unsigned = () => ({ ...context, webhook: { ...context.webhook, secrets: [] } });
const longHeaders = { "user-agent": "x".repeat(8_000), "content-type": "y".repeat(8_000) };

async function flood(to: Context, addresses: number, given: Parameters<typeof deliver>[2] = {}): Promise<number[]> {
  // Random, because Postgres would compress anything else.
  const body = { task_id: "nobody's", status: "completed", result: { name: randomBytes(10_000).toString("hex") } };
  const answers: number[] = [];
  for (let sent = 0; sent < FLOOD; sent += AT_ONCE) {
    const receipts = Array.from({ length: AT_ONCE }, (_, index) => {
      const number = (sent + index) % addresses;
      const address = `10.${addresses === 1 ? 1 : 2}.${Math.floor(number / 250)}.${number % 250}`;
      return deliver(to, body, { signed: false, headers: longHeaders, address, ...given });
    });
    answers.push(...(await Promise.all(receipts)).map(({ status }) => status));
  }
  return answers;
}

async function stored() {
  const { db } = context;
  const bytes = sql<number>`(pg_total_relation_size('deliveries') + pg_total_relation_size('rejected_deliveries'))::int`;
  const [size] = await db.select({ bytes }).from(sql`(select 1) as one`);
  const [samples] = await db
    .select({
      bytes: sql<number>`coalesce(sum(pg_column_size(deliveries.*)), 0)::int`,
      rows: sql<number>`count(*)::int`,
    })
    .from(deliveries);
  const [counted] = await db
    .select({ requests: sql<number>`coalesce(sum(${rejectedDeliveries.count}), 0)::int` })
    .from(rejectedDeliveries);
  return {
    rows: (samples?.rows ?? 0) + (await db.$count(rejectedDeliveries)),
    sampleBytes: samples?.bytes ?? 0,
    bytesOnDisk: size?.bytes ?? 0,
    requests: counted?.requests ?? 0,
  };
}

describe.each([
  { addresses: 1, answers: [401, 429] },
  { addresses: 1_000, answers: [401] },
])("20,000 rejected requests from $addresses addresses", ({ addresses, answers }) => {
  test("leave a bounded number of rows and bytes, and are counted to the last one", async () => {
    expect(new Set(await flood(context, addresses))).toEqual(new Set(answers));
    const left = await stored();
    console.info(`${addresses} addresses: ${JSON.stringify(left)}`);
    expect(left.requests).toBe(FLOOD);
    // The flood takes a few minutes at the most, and each leaves some rows.
    expect(left.rows).toBeLessThan(300);
    expect(left.sampleBytes).toBeLessThan(2_000_000);
    expect(left.bytesOnDisk).toBeLessThan(10_000_000);

    const refused = (await getMetrics(context)).find(({ name }) => name === "sixtyfour_deliveries_last_hour");
    expect(refused?.values).toEqual([{ labels: { outcome: "refused", signature: "missing" }, value: FLOOD }]);
    expect(await measureDay(context)).toMatchObject({ deliveries: FLOOD, signatures: { missing: FLOOD } });
    const shown = await listDeliveries(context, { outcome: "refused", limit: 200 });
    const notKept = shown.deliveries.reduce((sum, delivery) => sum + delivery.notKept, 0);
    expect(notKept + shown.deliveries.length).toBe(FLOOD);
  }, 240_000);
});

test("without a secret, a flood of unknown tasks is answered 200, counted and bounded as well", async () => {
  expect(new Set(await flood(unsigned(), 1_000))).toEqual(new Set([200]));
  const left = await stored();
  expect(left.requests).toBe(FLOOD);
  expect(left.rows).toBeLessThan(300);
  expect(left.sampleBytes).toBeLessThan(10_000_000);
  expect(await context.db.$count(deliveries, eq(deliveries.outcome, "unmatched"))).toBeGreaterThan(0);
}, 240_000);

test("the alarm counts what bears a token, also where no sample of it is kept", async () => {
  await submitLead(context, { input: findEmailInput("Alan"), formKey: randomUUID() });
  const token = tokenOf((await bench.sandbox.jobs()).at(-1));
  for (let sent = 0; sent < 12; sent += 1) {
    await deliver(context, "{}", { signed: false, token });
    await deliver(context, "{}", { signed: false, token: "A".repeat(43) });
  }
  expect((await findCauses(context)).deliveries_refused).toEqual({ refused: 12, minutes: 10 });
});

test("a rejected delivery that names a task of ours is found by its task_id in the midst of a flood", async () => {
  const { taskId } = await submitLead(context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  const strangers = () =>
    deliver(context, { task_id: "nobody's", status: "completed" }, { signed: false, address: "192.0.2.1" });
  for (let sent = 0; sent < 100; sent += 1) await strangers();
  const named = { task_id: job?.taskId, status: "completed" };
  await deliver(context, named, { signed: false, address: "192.0.2.1" });
  await deliver(context, "{", { signed: false, address: "192.0.2.1", token: tokenOf(job) });
  const found = await context.db
    .select({ outcome: deliveries.outcome, token: deliveries.token, answer: deliveries.answer })
    .from(deliveries)
    .where(and(eq(deliveries.sixtyfourTaskId, job?.taskId ?? ""), isNotNull(deliveries.sampleOf)))
    .orderBy(deliveries.id);
  expect(found).toEqual([
    { outcome: "refused", token: "none", answer: 429 },
    { outcome: "refused", token: "right", answer: 401 },
  ]);
  expect(await getTask(context, taskId)).toMatchObject({ status: "running" });
});

test("a client that is limited is answered 429 with Retry-After; a valid signature and a token of ours always pass", async () => {
  await submitLead(context, { input: findEmailInput("Grace"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  const from = { address: "203.0.113.9" };
  const event = { task_id: job?.taskId, status: "completed", result: {} };
  for (let sent = 0; sent < 60; sent += 1) {
    expect(await deliver(context, event, { ...from, signed: false })).toMatchObject({ status: 401 });
  }
  expect(await deliver(context, event, { ...from, signed: false })).toMatchObject({
    status: 429,
    retryAfterSeconds: expect.any(Number),
  });
  expect(await deliver(context, event, { address: "203.0.113.10", signed: false })).toMatchObject({ status: 401 });
  expect(await deliver(context, event, { ...from, signed: false, token: tokenOf(job) })).toMatchObject({ status: 401 });
  expect(await deliver(context, event, { ...from, token: tokenOf(job) })).toMatchObject({
    status: 200,
    outcome: "applied",
  });
});

test("samples that are too many are deleted, the oldest first", async () => {
  const one = { outcome: "refused" as const, signature: "missing" as const, headers: {}, body: new Uint8Array([1]) };
  const values = Array.from({ length: 620 }, () => ({ ...one, sampleOf: randomUUID() }));
  await context.db.insert(deliveries).values(values);
  const [first] = await context.db.select({ id: deliveries.id }).from(deliveries).orderBy(deliveries.id).limit(1);
  expect(await deleteExpired(context)).toEqual({ deleted: 120 });
  expect(await context.db.$count(deliveries)).toBe(500);
  expect(await context.db.$count(deliveries, eq(deliveries.id, first?.id ?? ""))).toBe(0);
});
