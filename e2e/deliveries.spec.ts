import { randomUUID } from "node:crypto";
import type { APIRequestContext } from "@playwright/test";
import { failUntilPressed } from "@/e2e/fail-until-pressed";
import { test as base, expect } from "@/e2e/fixtures";
import { DeliveriesPage } from "@/e2e/pages/deliveries-page";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import type { TaskView } from "@/lib/tasks/task-view";

const test = base.extend<{ deliveries: DeliveriesPage; eventId: string }>({
  deliveries: async ({ page }, use) => use(new DeliveriesPage(page)),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  eventId: async ({}, use) => use(`evt_${randomUUID().slice(0, 8)}`),
});

async function findTask(request: APIRequestContext, leadName: string): Promise<TaskView> {
  const { tasks }: { tasks: TaskView[] } = await (await request.get("/api/tasks")).json();
  const task = tasks.find(({ lead }) => lead.name === leadName);
  if (!task) throw new Error(`No task for ${leadName}.`);
  return task;
}

/** Posts a signed delivery about a job that no task has. */
async function postUnmatched(request: APIRequestContext, secret: string, eventId: string, name = "<b>Ada</b>") {
  const body = JSON.stringify({
    task_id: randomUUID(),
    status: "completed",
    result: { email: [["a@ae.example"]], name },
  });
  const signature = signatureHeader([secret], Math.floor(Date.now() / 1000), new TextEncoder().encode(body));
  const headers = {
    "content-type": "application/json",
    "sixtyfour-signature": signature,
    "sixtyfour-event-id": eventId,
  };
  expect((await request.post("/api/webhooks/sixtyfour", { data: body, headers })).status()).toBe(200);
}

test("a forged and a stale delivery are shown as refused, and why", async ({
  sandbox,
  submission,
  leadName,
  request,
  deliveries,
  eventId,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const taskId = (await findTask(request, leadName)).taskId ?? "";
  const body = { task_id: taskId, status: "completed", result: {} };
  const stale = Math.floor(Date.now() / 1000) - 412;
  expect(await sandbox.deliver(taskId, { body, secret: "sk_whsec_not_ours", eventId })).toEqual([401]);
  expect(await sandbox.deliver(taskId, { body, timestamp: stale, eventId: `${eventId}_stale` })).toEqual([401]);

  await deliveries.open();
  await expect(deliveries.cell(eventId, "outcome")).toHaveText("Refused");
  await expect(deliveries.cell(eventId, "signature")).toHaveText("one signature, which doesn't match");
  await expect(deliveries.cell(eventId, "answer")).toHaveText("401");
  await expect(deliveries.cell(`${eventId}_stale`, "signature")).toHaveText(/^expired: 41\d s old$/);

  await deliveries.openDelivery(eventId);
  await expect(deliveries.section("Headers")).toContainText(/t=\d+,v1=[0-9a-f]{6}…/);
  await expect(deliveries.section("Headers")).not.toContainText(/[0-9a-f]{64}/);
  await expect(deliveries.replay).toHaveCount(0);
});

test("what ended a task is linked with it both ways, and a replay of it is a duplicate", async ({
  page,
  sandbox,
  submission,
  leadName,
  request,
  deliveries,
  dashboard,
  taskPage,
  eventId,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const taskId = (await findTask(request, leadName)).taskId ?? "";
  await sandbox.drop(taskId);
  await sandbox.release(taskId);
  expect(await sandbox.deliver(taskId, { eventId })).toEqual([200]);
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  const ended = await findTask(request, leadName);

  await page.getByRole("link", { name: "Deliveries" }).click();
  await expect(page.getByRole("link", { name: "Deliveries" })).toHaveAttribute("aria-current", "page");
  await expect(deliveries.cell(eventId, "outcome")).toHaveText("Applied");
  await expect(deliveries.cell(eventId, "signature")).toHaveText("valid");
  await deliveries.cell(eventId, "task").getByRole("link", { name: leadName }).click();
  await taskPage.section("History").getByRole("link", { name: "See the delivery" }).click();
  await page.waitForURL("**/deliveries/*");

  await deliveries.replay.click();
  await expect(deliveries.notification("A duplicate: the task had ended the same way already")).toBeVisible();
  await expect(deliveries.section("Delivery").getByRole("link", { name: leadName })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "It ended its task." })).toBeVisible();
  expect(await findTask(request, leadName)).toEqual(ended);
  await deliveries.section("Delivery").getByRole("link", { name: leadName }).click();
  await expect(taskPage.section("History")).toContainText("replayed by hand");
});

test("the address holds the filter, so that it survives a reload and can be shared", async ({
  page,
  request,
  stack,
  deliveries,
  eventId,
}) => {
  await postUnmatched(request, stack.webhookSecret, eventId);
  await deliveries.open();
  await expect(deliveries.row(eventId)).toBeVisible();
  await deliveries.filter({ outcome: "Refused", received: "Last hour" });
  await expect(page).toHaveURL(/\/deliveries\?outcome=refused&within=hour$/);
  await expect(deliveries.row(eventId)).toHaveCount(0);
  await deliveries.filter({ outcome: "Unmatched" });
  await expect(page).toHaveURL(/outcome=unmatched&within=hour$/);
  await expect(deliveries.row(eventId)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Outcome")).toHaveValue("unmatched");
  await expect(page.getByLabel("Received")).toHaveValue("hour");
  await expect(deliveries.row(eventId)).toBeVisible();
  await deliveries.open("?to=2020-01-01");
  await expect(page.getByRole("heading", { name: "No delivery fits" })).toBeVisible();
  await page.getByRole("link", { name: "Show all", exact: true }).click();
  await expect(deliveries.row(eventId)).toBeVisible();
});

test("a new delivery shows up by itself", async ({ request, stack, deliveries, eventId }) => {
  await deliveries.open();
  await postUnmatched(request, stack.webhookSecret, eventId);
  await expect(deliveries.row(eventId)).toBeVisible();
});

test("an unmatched delivery is attached to the task whose address is pasted", async ({
  page,
  sandbox,
  submission,
  leadName,
  request,
  stack,
  deliveries,
  eventId,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  const task = await findTask(request, leadName);
  await postUnmatched(request, stack.webhookSecret, eventId);
  await deliveries.open("?outcome=unmatched");
  await deliveries.openDelivery(eventId);
  await expect(deliveries.section("Payload")).toContainText('"name": "<b>Ada</b>"');

  await deliveries.attachTo("nonsense");
  const field = deliveries.section("Attach to a task").getByLabel("Task's id");
  await expect(field).toHaveAccessibleDescription(/Paste a task's id, or the address of its page\./);
  await expect(field).toHaveValue("nonsense");
  await deliveries.attachTo(randomUUID());
  await expect(deliveries.section("Attach to a task")).toContainText("There is no such task.");
  await deliveries.attachTo(new URL(`/tasks/${task.id}`, page.url()).href);
  await expect(deliveries.notification("Attached")).toBeVisible();
  await expect(deliveries.section("Attach to a task")).toHaveCount(0);
  await expect(deliveries.section("Delivery").getByRole("link", { name: leadName })).toBeVisible();
  expect(await findTask(request, leadName)).toMatchObject({ status: "completed", deliveredVia: "webhook" });
});

test("an error says so, keeps what is on the screen, and goes by a press", async ({
  page,
  request,
  stack,
  deliveries,
  eventId,
}) => {
  await postUnmatched(request, stack.webhookSecret, eventId);
  await deliveries.open();
  await failUntilPressed(page, "**/api/deliveries**");
  const alert = page.getByRole("alert").filter({ hasText: "The deliveries could not be loaded" });
  await expect(alert).toContainText("The database is down.");
  await expect(deliveries.row(eventId)).toBeVisible();
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(alert).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the log is read, filtered and replayed", async ({ page, request, stack, deliveries, eventId }) => {
    await postUnmatched(request, stack.webhookSecret, eventId);
    await deliveries.open();
    await deliveries.filter({ outcome: "Unmatched" });
    await expect(deliveries.row(eventId)).toBeVisible();
    await deliveries.openDelivery(eventId);
    await deliveries.replay.click();
    await expect(page.getByText("Still unmatched: no task has its task_id.")).toBeVisible();
    await deliveries.attachTo("nonsense");
    await expect(page.getByText("Paste a task's id, or the address of its page.")).toBeVisible();
  });
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test(`the log fits ${width} px in ${colorScheme}`, async ({
      page,
      sandbox,
      submission,
      leadName,
      request,
      stack,
      deliveries,
      eventId,
    }, testInfo) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await sandbox.hold(true);
      await submission.submitFindEmail({ Name: leadName });
      const taskId = (await findTask(request, leadName)).taskId ?? "";
      await sandbox.release(taskId);
      const forged = { secret: "sk_whsec_not_ours", eventId: `${eventId}_${"long".repeat(15)}` };
      await sandbox.deliver(taskId, forged);
      await postUnmatched(request, stack.webhookSecret, eventId, "long ".repeat(200));
      await deliveries.open();
      const path = await deliveries.row(eventId).getByRole("link").first().getAttribute("href");
      for (const [name, address] of Object.entries({ log: "/deliveries", delivery: path ?? "" })) {
        await page.goto(address);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
        await testInfo.attach(`${name}-${width}-${colorScheme}`, {
          body: await page.screenshot({ fullPage: true }),
          contentType: "image/png",
        });
      }
    });
  }
}
