import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { submitLead } from "@/lib/pipeline/submit";
import { getTask } from "@/lib/tasks/get";
import { createTestBench, deliver, findEmailInput, type TestBench, tokenOf } from "@/lib/testing";

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
  ])("%s is stored, ends its task and stands in its history", async (_, { withToken }) => {
    const task = await submit();
    const given = { token: withToken ? task.token : null, headers: { "sixtyfour-event-id": randomUUID() } };
    const event = { task_id: task.jobId, status: "completed", task_type: "find_email", result: RESULT };
    expect(await deliver(bench.context, event, given)).toEqual({ status: 200, outcome: "applied" });
    const { status, result, deliveredVia, history } = await getTask(bench.context, task.id);
    expect({ status, result, deliveredVia }).toEqual({
      status: "completed",
      result: { ...RESULT, note: "a\ufffdb" },
      deliveredVia: "webhook",
    });
    expect(history.map(({ type }) => type)).toEqual(["created", "submitted", "delivery", "ended"]);
    expect(history.at(-1)?.delivery).toMatchObject({ eventId: given.headers["sixtyfour-event-id"] });
  });
});

describe("many deliveries at once", () => {
  const completed = ({ jobId }: { jobId: string }) => {
    return { task_id: jobId, status: "completed", task_type: "find_email", result: { ...RESULT, jobId } };
  };

  test("each bring their own task its own result", async () => {
    const submitted = await submitMany(9);
    const receipts = await Promise.all(
      submitted.map((task) => deliver(bench.context, completed(task), { token: task.token })),
    );
    expect(receipts).toEqual(submitted.map(() => ({ status: 200, outcome: "applied" })));
    for (const task of submitted) {
      const { status, result, history } = await getTask(bench.context, task.id);
      expect({ status, result }).toMatchObject({ status: "completed", result: { jobId: task.jobId } });
      expect(history.map(({ type }) => type)).toEqual(["created", "submitted", "delivery", "ended"]);
      expect(await storedAbout(task)).toMatchObject({ outcome: "applied", token: "right" });
    }
  });

  test("with another's token, of nobody, and twice the same among them each get what they would get alone", async () => {
    const [a, b, c, d] = await submitMany(4);
    if (!a || !b || !c || !d) throw new Error("Four tasks were submitted.");
    const receipts = await Promise.all([
      deliver(bench.context, completed(a), { token: a.token }),
      deliver(bench.context, completed(b), { token: b.token }),
      deliver(bench.context, completed(c), { token: d.token }),
      deliver(bench.context, completed({ jobId: randomUUID() })),
      deliver(bench.context, completed(d), { token: d.token }),
      deliver(bench.context, completed(d), { token: d.token }),
    ]);
    expect(receipts.map(({ outcome }) => outcome).sort()).toEqual(
      ["applied", "applied", "applied", "duplicate", "refused", "unmatched"].sort(),
    );
    expect(receipts[2]).toMatchObject({ status: 401 });
    const statuses = await Promise.all([a, b, c, d].map(async ({ id }) => (await getTask(bench.context, id)).status));
    expect(statuses).toEqual(["completed", "completed", "running", "completed"]);
  });

  test("with one event id and different contents: one is applied, the others are conflicts", async () => {
    const [a, b, c] = await submitMany(3);
    if (!a || !b || !c) throw new Error("Three tasks were submitted.");
    const headers = { "sixtyfour-event-id": randomUUID() };
    const receipts = await Promise.all(
      [a, b, c].map((task) => deliver(bench.context, completed(task), { token: task.token, headers })),
    );
    expect(receipts.map(({ outcome }) => outcome).sort()).toEqual(["applied", "conflict", "conflict"]);
  });

  test("about one task: one ends it, and the others see that", async () => {
    const [task] = await submitMany(1);
    if (!task) throw new Error("A task was submitted.");
    const failed = { task_id: task.jobId, status: "failed", error: "Nobody of that name" };
    const bodies = [completed(task), failed, completed(task), { task_id: task.jobId, status: "in_progress" }];
    const receipts = await Promise.all(bodies.map((body) => deliver(bench.context, body, { token: task.token })));
    const { status, history } = await getTask(bench.context, task.id);
    const others = status === "completed" ? ["conflict", "duplicate"] : ["conflict", "conflict"];
    expect(receipts.map(({ outcome }) => outcome).sort()).toEqual(["applied", ...others, "noted"]);
    expect(history.filter(({ type }) => type === "ended")).toHaveLength(1);
  });

  test("wait for none whose task is held by somebody else, who is heard first", async () => {
    const submitted = await submitMany(4);
    const [held, ...others] = submitted;
    if (!held) throw new Error("Four tasks were submitted.");
    let late: Promise<unknown> | undefined;
    await bench.context.db.transaction(async (tx) => {
      await tx.execute(`select from tasks where id = '${held.id}' for update`);
      late = deliver(bench.context, completed(held), { token: held.token });
      const receipts = await Promise.all(
        others.map((task) => deliver(bench.context, completed(task), { token: task.token })),
      );
      expect(receipts).toEqual(others.map(() => ({ status: 200, outcome: "applied" })));
      await tx.execute(`update tasks set status = 'cancelled', ended_at = now() where id = '${held.id}'`);
    });
    expect(await late).toEqual({ status: 200, outcome: "conflict" });
  });
});

/** One after the other, since each is told apart as the sandbox's latest job. */
async function submitMany(count: number) {
  const submitted: Awaited<ReturnType<typeof submit>>[] = [];
  for (let n = 0; n < count; n += 1) submitted.push(await submit());
  return submitted;
}

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
