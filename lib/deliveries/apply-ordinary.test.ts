import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as schema from "@/db/schema";
import type { Context } from "@/lib/context";
import { getTask } from "@/lib/tasks/get";
import { submitLead } from "@/lib/tasks/submit";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

let bench: TestBench;
/** What goes over the wire to Postgres, one entry a statement. */
let statements: string[] = [];
let watched: Context;
let client: postgres.Sql;
beforeAll(async () => {
  bench = await createTestBench();
  const options = { max: 1, debug: (_connection: number, statement: string) => statements.push(statement) };
  client = postgres(bench.database.url, options);
  watched = { ...bench.context, db: drizzle(client, { schema, casing: "snake_case" }) };
});
afterAll(async () => {
  await client.end();
  await bench.close();
});
beforeEach(async () => {
  await bench.sandbox.reset();
  await bench.sandbox.hold(true);
  await bench.sandbox.setDelivering(false);
});

const RESULT = { email: [["ada@ae.example", "OK", "COMPANY"]], note: "a\u0000b" };

async function submit() {
  const { taskId } = await submitLead(bench.context, { input: findEmailInput("Ada"), formKey: randomUUID() });
  const job = (await bench.sandbox.jobs()).at(-1);
  return { id: taskId, jobId: job?.taskId ?? "", token: tokenOf(job) };
}

describe("an ordinary delivery", () => {
  test.each([
    ["by its token and a signature", { withToken: true }],
    ["by a signature alone", { withToken: false }],
  ])("%s costs one statement", async (_, { withToken }) => {
    const task = await submit();
    const given = { token: withToken ? task.token : null, headers: { "sixtyfour-event-id": randomUUID() } };
    const event = { task_id: task.jobId, status: "completed", task_type: "find_email", result: RESULT };
    await watched.db.execute("select 1"); // Connected, so that only the delivery is counted.
    statements = [];
    expect(await deliver(watched, event, given)).toEqual({ status: 200, outcome: "applied" });
    expect(statements).toHaveLength(1);
    const { status, result, deliveredVia, history } = await getTask(bench.context, task.id);
    expect({ status, result, deliveredVia }).toEqual({
      status: "completed",
      result: { ...RESULT, note: "a\ufffdb" },
      deliveredVia: "webhook",
    });
    expect(history.map(({ type }) => type)).toEqual(["created", "submitted", "delivery", "ended"]);
    expect(history.at(-1)?.delivery).toMatchObject({ eventId: given.headers["sixtyfour-event-id"] });
  });

  test("is described in the log as one that took the longer way", async () => {
    const columns = async () => {
      const task = await submit();
      const event = { task_id: task.jobId, status: "failed", error: "Nobody of that name" };
      const headers = { "sixtyfour-delivery-attempt": "3", "content-type": "application/json" };
      return { task, deliver: () => deliver(bench.context, event, { token: task.token, headers }) };
    };
    const quick = await columns();
    await quick.deliver();
    const slow = await columns();
    // While the task is not known to run, the transaction takes it.
    await bench.context.db.execute(`update tasks set status = 'submitting' where id = '${slow.task.id}'`);
    await slow.deliver();
    const [one, other] = await Promise.all([quick, slow].map(({ task }) => storedAbout(task)));
    expect(one).toEqual(other);
    expect(one).toMatchObject({ outcome: "applied", token: "right", attempt: 3, status: "failed", answer: 200 });
  });
});

/** A task's only delivery, without what differs from one to the next by nature. */
async function storedAbout({ jobId }: { jobId: string }) {
  const rows = await bench.context.db.query.deliveries.findMany({
    where: (row, { eq }) => eq(row.sixtyfourTaskId, jobId),
  });
  expect(rows).toHaveLength(1);
  const { id, taskId, sixtyfourTaskId, receivedAt, handledMs, body, bodySha256, headers, ...rest } = rows[0] ?? never();
  return { ...rest, headers: Object.keys(headers), sha: bodySha256?.byteLength, bytes: body.byteLength };
}

function never(): never {
  throw new Error("There is no such row.");
}
