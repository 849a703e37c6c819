import type { APIRequestContext } from "@playwright/test";
import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import type { TaskView } from "@/lib/tasks/task-view";

const DOOR = "/api/webhooks/sixtyfour";

async function findTask(request: APIRequestContext, leadName: string): Promise<TaskView | undefined> {
  const response = await request.get("/api/tasks");
  const { tasks }: { tasks: TaskView[] } = await response.json();
  return tasks.find((task) => task.lead.name === leadName);
}

function signed(secret: string, body: string): Record<string, string> {
  const header = signatureHeader([secret], Math.floor(Date.now() / 1000), new TextEncoder().encode(body));
  return { "content-type": "application/json", "sixtyfour-signature": header };
}

test("a forged, an unsigned and a stale delivery are refused and leave no trace", async ({
  sandbox,
  submission,
  leadName,
  request,
  dashboard,
  taskPage,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const before = await findTask(request, leadName);
  const taskId = before?.taskId ?? "";
  const body = { task_id: taskId, status: "completed", result: { email: [["forged@evil.example", "OK"]] } };
  const stale = Math.floor(Date.now() / 1000) - 301;
  expect(await sandbox.deliver(taskId, { body, secret: "sk_whsec_not_ours" })).toEqual([401]);
  expect(await sandbox.deliver(taskId, { body, secret: null })).toEqual([401]);
  expect(await sandbox.deliver(taskId, { body, timestamp: stale })).toEqual([401]);
  expect(await findTask(request, leadName)).toEqual(before);

  await dashboard.openTask(leadName);
  await expect(taskPage.section("History")).toContainText("Submitted");
  await expect(taskPage.section("History")).not.toContainText("Webhook");
});

test("the same delivery three times at once: one applies, and all are answered 200", async ({
  sandbox,
  submission,
  leadName,
  request,
  dashboard,
  taskPage,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const taskId = (await findTask(request, leadName))?.taskId ?? "";
  await sandbox.drop(taskId);
  await sandbox.release(taskId, { status: "completed", result: { email: [["once@ae.example", "OK"]] } });
  expect(await sandbox.deliver(taskId, { times: 3, eventId: "the-same" })).toEqual([200, 200, 200]);
  await expect(dashboard.cell(leadName, "result")).toContainText("once@ae.example");
  const ended = await findTask(request, leadName);
  expect(await sandbox.deliver(taskId, { attempt: 4, eventId: "another" })).toEqual([200]);
  expect(await findTask(request, leadName)).toEqual(ended);
  await dashboard.openTask(leadName);
  await expect(taskPage.section("History").getByText("It brought the result.")).toHaveCount(1);
  await expect(taskPage.section("History").getByText(/^A duplicate:/)).toHaveCount(3);
});

test("an unknown task_id is answered 200, so that no attempt is wasted", async ({ request, stack }) => {
  const body = '{"task_id":"nobody-knows","status":"completed","result":{}}';
  const response = await request.post(DOOR, { data: body, headers: signed(stack.webhookSecret, body) });
  expect(response.status()).toBe(200);
  expect(await response.json()).toEqual({ received: true, outcome: "unmatched" });
});

for (const body of ["", "{", "[]", "null", '"text"', "{}", '{"task_id":[7],"status":"completed"}', '{"task_id":"x"}']) {
  test(`a signed body that is no delivery is answered 400: ${body || "nothing"}`, async ({ request, stack }) => {
    const response = await request.post(DOOR, { data: Buffer.from(body), headers: signed(stack.webhookSecret, body) });
    expect(response.status()).toBe(400);
    expect(await response.json()).toMatchObject({ status: 400, code: "malformed" });
  });
}

test("a database that hangs is answered 503 in time, and the next attempt is taken", async ({ request, stack }) => {
  const body = '{"task_id":"while-it-hangs","status":"completed","result":{}}';
  const sql = postgres(stack.databaseUrl, { max: 1 });
  try {
    await sql.begin(async (transaction) => {
      await transaction`lock table deliveries in access exclusive mode`;
      // Sixtyfour hangs up after 10 seconds, and so does this request.
      const given = { data: body, headers: signed(stack.webhookSecret, body), timeout: 10_000 };
      expect((await request.post(DOOR, given)).status()).toBe(503);
    });
    const again = await request.post(DOOR, { data: body, headers: signed(stack.webhookSecret, body) });
    expect(again.status()).toBe(200);
  } finally {
    await sql.end();
  }
});

test("a body over the limit, and a compressed one, are refused", async ({ request, stack }) => {
  const long = JSON.stringify({ task_id: "long", status: "completed", result: "x".repeat(10_000_000) });
  expect((await request.post(DOOR, { data: long, headers: signed(stack.webhookSecret, long) })).status()).toBe(413);
  const headers = { ...signed(stack.webhookSecret, "{}"), "content-encoding": "gzip" };
  expect((await request.post(DOOR, { data: "{}", headers })).status()).toBe(415);
});

test("only POST is taken", async ({ request }) => {
  for (const method of ["GET", "PUT", "DELETE"]) {
    expect((await request.fetch(DOOR, { method })).status()).toBe(405);
  }
});

test("the list says what scripts rely on, and answers 304 where nothing has changed", async ({
  sandbox,
  submission,
  leadName,
  request,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const first = await request.get("/api/tasks?limit=1");
  const { nextCursor, ...page } = await first.json();
  expect([page.tasks[0].id, null]).toContain(nextCursor);
  expect(page).toEqual({
    tasks: [
      expect.objectContaining({
        id: expect.any(String),
        taskId: expect.any(String),
        kind: "find_email",
        status: "running",
        lead: { name: leadName },
        submittedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        deliveredAt: null,
        deliveredVia: null,
        summary: null,
        error: null,
      }),
    ],
  });
  // Results may be megabytes each: they are with the task, and a line of them is here.
  expect(page.tasks[0]).not.toHaveProperty("result");
  const again = await request.get("/api/tasks?limit=1", { headers: { "if-none-match": first.headers().etag ?? "" } });
  expect(again.status()).toBe(304);
  expect((await request.get("/api/tasks?limit=0")).status()).toBe(400);
  expect((await request.get("/api/tasks/nonsense")).status()).toBe(404);
});
