import type { Page } from "@playwright/test";
import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";
import type { SubmissionPage } from "@/e2e/pages/submission-page";
import type { SandboxControl } from "@/sandbox/control-client";

test.describe("what Sixtyfour doesn't take certainly had no effect: the task waits, and can be sent again", () => {
  for (const { status, words } of [
    { status: 401, words: "Sixtyfour doesn't accept our API key" },
    { status: 402, words: "Not enough credits at Sixtyfour" },
  ]) {
    test(`${status}`, async ({ sandbox, submission, taskPage, dashboard, page, leadName }) => {
      await sandbox.hold(true);
      await sandbox.nextSubmit({ status, body: { detail: "In Sixtyfour's words." } });
      await submission.open("find_email");
      await submission.fill({ Name: leadName });
      await submission.submitButton.click();
      await page.waitForURL("**/tasks/*");
      await expect(taskPage.problem).toContainText(words);
      await expect(taskPage.problem).toContainText("“In Sixtyfour's words.”");
      expect(await sandbox.jobs()).toHaveLength(0);

      await page.getByRole("button", { name: "Send now" }).click();
      await expect(taskPage.section("Result")).toContainText("Sixtyfour is working on it.");
      expect(await sandbox.jobs()).toHaveLength(1);
      await dashboard.open();
      await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
    });
  }
});

test("a 429 is sent again by itself, and says when", async ({ sandbox, submission, taskPage, page, leadName }) => {
  await sandbox.hold(true);
  await sandbox.nextSubmit({ status: 429, body: { detail: "Slow down." } });
  await submission.open("find_email");
  await submission.fill({ Name: leadName });
  await submission.submitButton.click();
  await page.waitForURL("**/tasks/*");
  // Read at once: it goes away by itself.
  await expect(taskPage.problem).toContainText(
    /Too many requests at once.*It is sent again automatically (in \d+ s|now)\./,
  );
  await expect(taskPage.section("Result")).toContainText("Sixtyfour is working on it.", { timeout: 20_000 });
  await expect(taskPage.problem).toHaveCount(0);
  expect(await sandbox.jobs()).toHaveLength(1);
});

test.describe("what Sixtyfour refuses for good stands in the form, and is not sent again", () => {
  test("422 beside the field", async ({ sandbox, submission, dashboard, leadName }) => {
    const detail = [{ loc: ["body", "lead", "company"], msg: "Unknown company", type: "value_error" }];
    await sandbox.nextSubmit({ status: 422, body: { detail } });
    await submission.open("find_email");
    await submission.fill({ Name: leadName, Company: "Nowhere" });
    await submission.submitButton.click();
    await expect(submission.field("Company")).toHaveAccessibleDescription("Unknown company");
    await expect(submission.field("Name")).toHaveValue(leadName);
    await expect(submission.page.getByRole("alert").filter({ hasText: "refused this request" })).toBeVisible();

    await submission.fill({ Company: "Somewhere" });
    await submission.submitButton.click();
    await expect(dashboard.row(leadName)).toHaveCount(2);
    await expect(dashboard.row(leadName).filter({ hasText: "Failed" })).toContainText("Nowhere");
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("403 above the form", async ({ submission, page, leadName }) => {
    await submission.open("people_intelligence");
    await submission.fill({ Name: leadName });
    await submission.field("Tier").selectOption("scout");
    await submission.submitButton.click();
    const problem = page.getByRole("alert").filter({ hasText: "Sixtyfour has not enabled this for your account" });
    await expect(problem).toBeVisible();
    await expect(problem).toBeFocused();
    await expect(submission.field("Tier")).toHaveValue("scout");
  });
});

test("a submit whose answer was lost finds its own way back by the webhook", async ({
  sandbox,
  submission,
  taskPage,
  page,
  leadName,
}) => {
  await submitLosingTheAnswer({ sandbox, submission, page, leadName });
  await expect(taskPage.problem).toContainText("the webhook completes this task");
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "", { status: "completed", result: { email: [["found@ae.example", "OK"]] } });
  await expect(taskPage.section("Result")).toContainText("found@ae.example");
  await expect(taskPage.section("History")).toContainText("Recovered");
  await expect(taskPage.section("Task")).toContainText(job?.taskId ?? "no job");
  expect(await sandbox.jobs()).toHaveLength(1);
});

/** Submits a lead whose job goes on until it is released, and whose answer never comes; ends on the task's page. */
async function submitLosingTheAnswer({
  sandbox,
  submission,
  page,
  leadName,
}: {
  sandbox: SandboxControl;
  submission: SubmissionPage;
  page: Page;
  leadName: string;
}) {
  await sandbox.hold(true);
  await sandbox.nextSubmit({ loseAnswer: true });
  await submission.open("find_email");
  await submission.fill({ Name: leadName });
  await submission.submitButton.click();
  await page.waitForURL("**/tasks/*");
}

/** As if the submit of a task had been so long ago. */
async function backdateSubmit(databaseUrl: string, taskId: string, by: string) {
  const sql = postgres(databaseUrl, { max: 1 });
  await sql`update tasks set submitted_at = submitted_at - ${by}::interval where id = ${taskId}`;
  await sql.end();
}

test.describe("what may have been accepted is never sent again without a person's word", () => {
  test("an answer that is lost", async ({ sandbox, submission, taskPage, page, leadName }) => {
    await submitLosingTheAnswer({ sandbox, submission, page, leadName });
    await expect(taskPage.problem).toContainText("The connection broke before Sixtyfour answered");
    await expect(page.getByText("Unconfirmed", { exact: true })).toBeVisible();

    await expect(page.getByRole("button", { name: "Submit again" })).toBeHidden();
    await page.getByText("Submit it now").click();
    await page.getByRole("button", { name: "Submit again" }).click();
    await expect(page.getByRole("button", { name: "Submit again" })).toBeVisible();
    expect(await sandbox.jobs()).toHaveLength(1);

    await page.getByRole("checkbox", { name: /it may be charged twice/ }).check();
    await page.getByRole("button", { name: "Submit again" }).click();
    await expect(taskPage.section("Result")).toContainText("Sixtyfour is working on it.");
    expect(await sandbox.jobs()).toHaveLength(2);
  });

  test("after a while without a webhook the person is asked", async ({
    sandbox,
    stack,
    submission,
    taskPage,
    page,
    leadName,
  }) => {
    await submitLosingTheAnswer({ sandbox, submission, page, leadName });
    await expect(taskPage.problem).toContainText("you can submit it again");
    await backdateSubmit(stack.databaseUrl, page.url().split("/").at(-1) ?? "", "11 minutes");
    // Nothing tells the page that the past has changed.
    await page.reload();
    await expect(taskPage.problem).toContainText("If you submit it again, it may be charged twice.");
    await page.getByRole("checkbox", { name: /it may be charged twice/ }).check();
    await page.getByRole("button", { name: "Submit again" }).click();
    await expect(taskPage.section("Result")).toContainText("Sixtyfour is working on it.");
    expect(await sandbox.jobs()).toHaveLength(2);
  });

  test("a fault of the server, with HTML for an answer", async ({ sandbox, submission, taskPage, page, leadName }) => {
    await sandbox.nextSubmit({ status: 503, body: "<html>Bad gateway</html>" });
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    await submission.submitButton.click();
    await page.waitForURL("**/tasks/*");
    await expect(taskPage.problem).toContainText("Sixtyfour answered with a fault of its own");
    await expect(taskPage.problem).not.toContainText("html");
  });

  test("Sixtyfour out of reach", async ({ sandbox, submission, taskPage, page, leadName }) => {
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    await sandbox.refuseConnections(1_500);
    await submission.submitButton.click();
    await page.waitForURL("**/tasks/*");
    await expect(taskPage.problem).toContainText("Sixtyfour can't be reached");
    await expect(page.getByText("Queued", { exact: true })).toBeVisible();
    await expect(page.getByText("Completed", { exact: true }).first()).toBeVisible({ timeout: 20_000 });
    expect(await sandbox.jobs()).toHaveLength(1);
  });
});
