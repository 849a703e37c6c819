import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDatabase } from "@/db/client";
import { deliveries, marks } from "@/db/schema";
import type { Context } from "@/lib/context";
import { recordJobRun } from "@/lib/job-runs";
import { submitLead } from "@/lib/pipeline/submit";
import { getSetup } from "@/lib/setup/get";
import { measureDay } from "@/lib/setup/measure-day";
import { readMarks } from "@/lib/setup/read-marks";
import { readSigners } from "@/lib/setup/read-signers";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
beforeAll(async () => {
  bench = await createTestBench();
});
afterAll(() => bench.close());

const SURROUNDINGS = { isServerless: false, cronSecret: undefined, sixtyfour: { isSandbox: true } };

const statesOf = async (context: Context, options = {}) => {
  const { points } = await getSetup(context, SURROUNDINGS, options);
  return Object.fromEntries(points.map(({ id, state }) => [id, state]));
};

describe("getSetup", () => {
  test("finds a new stack in order, but for the preflight that was not run", async () => {
    const { points } = await getSetup(bench.context, SURROUNDINGS);
    expect(points.find(({ id }) => id === "clock")?.finding).toContain("Sixtyfour’s API and of the database");
    const { preflight, ...others } = Object.fromEntries(points.map(({ id, state }) => [id, state]));
    expect(preflight).toBe("unknown");
    expect(new Set(Object.values(others))).toEqual(new Set(["ok"]));
  });

  test("is answered with the database down, which makes its own points red or unknown", async () => {
    const { db, close } = openDatabase("postgres://nobody@127.0.0.1:1/nothing");
    try {
      const states = await statesOf({ ...bench.context, db });
      expect(states).toMatchObject({ key: "ok", address: "ok", database: "bad", migrations: "unknown" });
    } finally {
      await close();
    }
  });

  test("is answered with a database and an API that take connections and never say a word", async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { db, close } = openDatabase(`postgres://nobody@${address}/nothing`);
    const sixtyfour = createSixtyfourClient({ apiUrl: `http://${address}`, apiKey: "k" });
    const states = await statesOf({ ...bench.context, db, sixtyfour }, { factWithinMs: 50 });
    expect(states).toMatchObject({ key: "warn", database: "bad", migrations: "unknown", address: "ok", cron: "ok" });
    silent.close();
    for (const socket of sockets) socket.destroy();
    void close();
  });

  test("is answered with a database that was never migrated, and says that alone", async () => {
    const empty = await emptyDatabase();
    try {
      const states = await statesOf({ ...bench.context, db: empty.db });
      expect(states).toMatchObject({ database: "ok", migrations: "bad", secret: "unknown", preflight: "unknown" });
    } finally {
      await empty.close();
    }
  });
});

test("a mark is of the last time, and of its own name", async () => {
  expect((await readMarks(bench.context)).cronAt).toBeNull();
  await Promise.all([recordJobRun(bench.context, "cron"), recordJobRun(bench.context, "cron")]);
  const longAgo = new Date("2026-01-01");
  await bench.context.db.update(marks).set({ at: longAgo });
  await recordJobRun(bench.context, "cron");
  expect((await readMarks(bench.context)).cronAt?.getTime()).toBeGreaterThan(longAgo.getTime());
  expect(await bench.context.db.$count(marks)).toBe(1);
});

test("a preflight that another version has kept is none", async () => {
  await recordJobRun(bench.context, "preflight", { verdict: "fine" });
  expect((await readMarks(bench.context)).preflight).toBeNull();
});

test("the last day is measured by what stands in the log, without what is older and without preflights", async () => {
  await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: "day" });
  const [job] = await bench.sandbox.jobs();
  const sixtyfourTaskId = job?.taskId ?? "";
  const event = { task_id: sixtyfourTaskId, status: "completed", result: {} };
  await deliver(bench.context, event, { headers: { "sixtyfour-delivery-attempt": "2" } });
  await deliver(bench.context, event);
  await deliver(bench.context, { ...event, task_id: "nobody's" });
  await deliver(bench.context, event, { signed: false });
  await deliver(bench.context, event, {
    signed: false,
    headers: { "sixtyfour-signature": `t=1,v1=${"0".repeat(64)}` },
  });
  await deliver(bench.context, { event_id: "x" }, { headers: { "sixtyfour-event-type": "dashboard.preflight" } });
  expect(await measureDay(bench.context)).toMatchObject({
    deliveries: 5,
    slowestMs: expect.any(Number),
    retries: 1,
    duplicates: 1,
    unmatched: 1,
    signatures: { valid: 3, mismatch: 1, missing: 1 },
    newestMatches: false,
    via: { webhook: 1, poll: 0, reconcile: 0 },
  });
  await deliver(bench.context, event);
  expect(await measureDay(bench.context)).toMatchObject({ deliveries: 6, newestMatches: true });

  const tomorrow = new Date(Date.now() + 25 * 3_600_000);
  expect(await measureDay(bench.context, tomorrow)).toMatchObject({
    deliveries: 0,
    slowestMs: null,
    newestMatches: true,
    via: { webhook: 0 },
  });
});

test("which secret signed is read from the stored bytes, newest first, of those that are kept", async () => {
  await bench.context.db.delete(deliveries).where(sql`${deliveries.taskId} is null`);
  const secrets = ["sk_whsec_new", "sk_whsec_old"];
  const context: Context = { ...bench.context, webhook: { ...bench.context.webhook, secrets } };
  const signed = async (by: string[], headers: Record<string, string> = {}) => {
    const body = { event_id: "workflow", text: "Grüße" };
    const rawBody = new TextEncoder().encode(JSON.stringify(body));
    const signature = signatureHeader(by, Math.floor(Date.now() / 1000), rawBody);
    await deliver(context, body, { signed: false, headers: { ...headers, "sixtyfour-signature": signature } });
  };
  await signed(["sk_whsec_old"]);
  await context.db.update(deliveries).set({ body: new Uint8Array() }).where(sql`${deliveries.taskId} is null`);
  await signed(["sk_whsec_old"]);
  await signed(["sk_whsec_new", "sk_whsec_old"]);
  await signed(["sk_whsec_new"]);
  await signed(["sk_whsec_stranger"]);
  await signed(["sk_whsec_new"], { "sixtyfour-event-type": "dashboard.preflight" });
  expect((await readSigners(context)).map(({ signedBy }) => signedBy)).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ]);
  expect(await statesOf(context)).toMatchObject({ rotation: "ok" });
});

async function emptyDatabase(): Promise<{ db: Context["db"]; close(): Promise<void> }> {
  const name = `${new URL(bench.database.url).pathname.slice(1)}_empty`;
  await bench.context.db.execute(sql.raw(`create database ${name}`));
  const url = new URL(bench.database.url);
  url.pathname = `/${name}`;
  const { db, close } = openDatabase(url.href);
  return {
    db,
    async close() {
      await close();
      await bench.context.db.execute(sql.raw(`drop database ${name} with (force)`));
    },
  };
}
