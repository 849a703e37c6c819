import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliveries, taskEvents, tasks } from "@/db/schema";
import { recordAudit } from "@/lib/audit/record";
import { readNews } from "@/lib/news/read-news";
import { pauseSubmission } from "@/lib/pipeline/pause";
import { submitLead } from "@/lib/pipeline/submit";
import { createTestBench, deliver, findEmailInput, type TestBench } from "@/lib/testing";

let bench: TestBench;
let taskId: string;
beforeAll(async () => {
  bench = await createTestBench();
  ({ taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() }));
});
afterAll(() => bench.close());

const read = (after: string | null) => readNews(bench.context, after);
const nothing = { all: false, taskIds: [], submissionIds: [], deliveries: false, deeds: false };

test("what came after a cursor is told once, and what came before it never", async () => {
  const { cursor } = await read(null);
  expect(await read(cursor)).toMatchObject(nothing);
  const [task] = await bench.context.db.select().from(tasks);
  await deliver(bench.context, { task_id: task?.sixtyfourTaskId, status: "completed", result: {} });
  const news = await read(cursor);
  expect(news).toMatchObject({ ...nothing, taskIds: [taskId], submissionIds: [task?.submissionId], deliveries: true });
  expect(await read(news.cursor)).toMatchObject(nothing);
});

test("a row with an older id that is committed later is not missed", async () => {
  const lateId = uuidv7();
  let commit: () => void = () => {};
  const committing = new Promise<void>((resolve) => {
    commit = resolve;
  });
  let isWritten: () => void = () => {};
  const written = new Promise<void>((resolve) => {
    isWritten = resolve;
  });
  const late = bench.context.db.transaction(async (tx) => {
    await tx.insert(taskEvents).values({ id: lateId, taskId, type: "polled" });
    isWritten();
    await committing;
  });
  await written;
  const { cursor: before } = await read(null);
  await bench.context.db.insert(taskEvents).values({ taskId, type: "polled" });
  const told = await read(before);
  expect(told.taskIds).toEqual([taskId]);
  commit();
  await late;
  const toldLate = await read(told.cursor);
  expect(toldLate.taskIds).toEqual([taskId]);
  expect((await read(toldLate.cursor)).taskIds).toEqual([]);
});

test("a row whose id is of a clock that is slow by some seconds is not missed", async () => {
  const { cursor } = await read(null);
  await bench.context.db.insert(deliveries).values({
    id: uuidv7({ msecs: Date.now() - 10_000 }),
    outcome: "refused",
    signature: "missing",
    headers: {},
    body: new Uint8Array(),
  });
  expect(await read(cursor)).toMatchObject({ ...nothing, deliveries: true });
});

test("that a task is being sent is told before anything comes of it", async () => {
  const { cursor } = await read(null);
  const submitting = { status: "submitting", endedAt: null, deliveredAt: null, deliveredVia: null } as const;
  await bench.context.db.update(tasks).set(submitting);
  const news = await read(cursor);
  expect(news.taskIds).toEqual([taskId]);
  expect((await read(news.cursor)).taskIds).toEqual([]);
});

test("what a person does is told, with the submission it was done to; that somebody signed in is not", async () => {
  const [task] = await bench.context.db.select().from(tasks);
  const submissionId = task?.submissionId ?? "";
  await bench.context.db.execute(sql`update submissions set confirmed_at = now()`);
  const { cursor } = await read(null);
  await recordAudit(bench.context, { actor: { type: "nobody" }, action: "session.sign_in" });
  expect(await read(cursor)).toMatchObject(nothing);
  await pauseSubmission(bench.context, { submissionId });
  const subject = { type: "submission", id: submissionId } as const;
  await recordAudit(bench.context, { actor: { type: "nobody" }, action: "submission.pause", subject });
  expect(await read(cursor)).toMatchObject({ ...nothing, deeds: true, submissionIds: [submissionId] });
});

test("after a moment, what happened since is told; after one long ago, that all is to be asked for", async () => {
  await bench.context.db.insert(taskEvents).values({ taskId, type: "polled" });
  expect((await read(String(Date.now()))).taskIds).toEqual([taskId]);
  expect(await read(String(Date.now() - 600_000))).toMatchObject({ ...nothing, all: true });
  const { cursor } = await read(null);
  expect(await read(cursor.replace(/^\d+/, String(Date.now() - 600_000)))).toMatchObject({ ...nothing, all: true });
});

test("what is no cursor is refused", async () => {
  for (const cursor of ["", "yesterday", "1_2", "1_1:2:' or true", `1_1:2:${"9,".repeat(9_000)}`]) {
    await expect(read(cursor)).rejects.toMatchObject({ code: "invalid_input" });
  }
});

test("the low half of a transaction's number tells it apart across a wrap", async () => {
  // The database of this test is young: a snapshot of the next round would be the one before a wrap.
  const { cursor } = await read(null);
  const [, xmin = "", xmax = ""] = /_(\d+):(\d+):/.exec(cursor) ?? [];
  const round = 2n ** 32n;
  const inNextRound = cursor.replace(/_.*/, `_${BigInt(xmin) + round}:${BigInt(xmax) + round}:`);
  expect((await read(inNextRound)).taskIds).toEqual([]);
  await bench.context.db.insert(taskEvents).values({ taskId, type: "polled" });
  expect((await read(inNextRound)).taskIds).toEqual([taskId]);
});
