import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Database, openDatabase } from "@/db/client";
import { tasks } from "@/db/schema";
import { dispatch } from "@/lib/pipeline/dispatch";
import { reconcile } from "@/lib/pipeline/reconcile";
import { submitLead } from "@/lib/pipeline/submit";
import { confirmList, createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
/** As behind a transaction pooler: no second connection, and nothing prepared. */
let pooled: { db: Database; close(): Promise<void> };
beforeAll(async () => {
  bench = await createTestBench();
  pooled = openDatabase(bench.database.url, { isPooled: true });
});
afterAll(async () => {
  await pooled.close();
  await bench.close();
});

test("one connection is enough for all that goes on at once: nothing that holds it waits for another", async () => {
  const context = { ...bench.context, db: pooled.db };
  const [{ count: connections } = { count: 0 }] = await bench.context.db.execute<{ count: number }>(
    sql`select count(*)::int as count from pg_stat_activity where datname = current_database()`,
  );
  await confirmList(context, { kind: "people_intelligence", count: 30 });
  const names = ["Ada", "Byron", "Zoë"];
  await Promise.all([
    dispatch(context, { forMs: 10_000 }),
    dispatch(context, { forMs: 10_000 }),
    ...names.map((name) => submitLead(context, { input: findEmailInput(name), formKey: randomUUID() })),
    reconcile(context),
    reconcile(context),
  ]);
  const jobs = await bench.sandbox.jobs();
  expect(jobs).toHaveLength(33);
  const receipts = await Promise.all(
    jobs.map((job) =>
      deliver(context, { task_id: job.taskId, status: "completed", result: {} }, { token: tokenOf(job) }),
    ),
  );
  expect(new Set(receipts.map(({ outcome }) => outcome))).toEqual(new Set(["applied"]));
  expect(await context.db.$count(tasks, sql`${tasks.status} = 'completed'`)).toBe(33);
  const [{ count: connectionsNow } = { count: 0 }] = await bench.context.db.execute<{ count: number }>(
    sql`select count(*)::int as count from pg_stat_activity where datname = current_database()`,
  );
  expect(connectionsNow).toBe(connections + 1);
});
