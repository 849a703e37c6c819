import { expect, test } from "@/e2e/fixtures";

test("a job that never delivers: Poll now brings the result, and a late webhook changes nothing", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
  page,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  if (!job) throw new Error("The sandbox has no job.");
  await sandbox.drop(job.taskId);
  const result = { email: [["ada@polled.example", "OK", "COMPANY"]], cost_cents: 5 };
  await sandbox.release(job.taskId, { status: "completed", result });

  await dashboard.pollNow(leadName).click();
  await expect(dashboard.notification("Completed: the result is stored.")).toBeVisible();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await expect(dashboard.cell(leadName, "result")).toContainText("ada@polled.exampleVerified");
  await expect(dashboard.cell(leadName, "delivered")).toContainText("by poll");

  expect(await sandbox.deliver(job.taskId)).toEqual([200]);
  await dashboard.openTask(leadName);
  await expect(taskPage.section("History")).toContainText(
    "A duplicate: the task had ended already, and nothing changed.",
  );
  await expect(taskPage.section("Task")).toContainText("by poll");
  await page.goBack();
  await expect(dashboard.cell(leadName, "delivered")).toContainText("by poll");
});

test("a job that still runs says so, and a second press within 5 seconds asks nothing", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await dashboard.pollNow(leadName).click();
  await expect(dashboard.notification("Still running. Sixtyfour says “running”.")).toBeVisible();
  await dashboard.pollNow(leadName).click();
  await expect(dashboard.notification("Sixtyfour was asked a moment ago.")).toBeVisible();
  await dashboard.openTask(leadName);
  await expect(taskPage.section("History").getByText("Polled by hand")).toHaveCount(1);
});

test("a job that Sixtyfour doesn't know leaves the task as it was", async ({
  sandbox,
  submission,
  dashboard,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.row(leadName)).toHaveCount(1);
  const [job] = await sandbox.jobs();
  await sandbox.forget(job?.taskId ?? "");
  await dashboard.pollNow(leadName).click();
  await expect(dashboard.notification("Sixtyfour doesn't know this task. It stays as it was.")).toBeVisible();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
});

test("a failed job is told by poll as well", async ({ sandbox, submission, dashboard, taskPage, leadName }) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.row(leadName)).toHaveCount(1);
  const [job] = await sandbox.jobs();
  await sandbox.drop(job?.taskId ?? "");
  await sandbox.release(job?.taskId ?? "", { status: "failed", error: "Too vague." });
  await dashboard.openTask(leadName);
  await taskPage.pollNow.click();
  await expect(taskPage.problem).toContainText("“Too vague.”");
});
