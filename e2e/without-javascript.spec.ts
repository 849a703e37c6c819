import { expect, test } from "@/e2e/fixtures";

test.use({ javaScriptEnabled: false });

test("a lead goes in, the dashboard reads, and Poll now works", async ({
  page,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await sandbox.hold(true);
  await page.goto("/");
  await page.getByRole("link", { name: "New submission" }).first().click();
  await page.getByRole("link", { name: "Find phone" }).click();
  await submission.fill({ Name: leadName, "Company website": "not a website" });
  await submission.submitButton.click();

  await expect(submission.field("Company website")).toHaveAccessibleDescription("Enter a website such as acme.com.");
  await expect(submission.field("Name")).toHaveValue(leadName);
  await submission.fill({ "Company website": "acme.com" });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");

  const [job] = await sandbox.jobs();
  await sandbox.drop(job?.taskId ?? "");
  await sandbox.release(job?.taskId ?? "", { status: "completed", result: { phone: "+1 202 555 0143" } });
  await dashboard.pollNow(leadName).click();
  await dashboard.open();
  await expect(dashboard.cell(leadName, "result")).toHaveText("+1 202 555 0143");
  await expect(dashboard.cell(leadName, "delivered")).toContainText("by poll");
});
