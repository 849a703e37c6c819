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

test("a lead is qualified, and a threshold that is wrong is told beside it", async ({
  submission,
  dashboard,
  taskPage,
  sandbox,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.open("qa_agent");
  await submission.fill({
    Company: leadName,
    // The first row stays blank, and blank rows don't count.
    "Name of criterion 2": "In Europe",
    "What criterion 2 means": "It has an office there",
    "Threshold of criterion 2, 0 to 1": "7",
    "Address of page 1": "acme.com/pricing",
    "What page 1 is": "Our prices",
  });
  await submission.submitButton.click();
  // Rows that hold something come first in the form that comes back.
  await expect(submission.field("Threshold of criterion 1, 0 to 1")).toHaveAccessibleDescription(
    "The threshold is a number from 0 to 1, such as 0.7.",
  );
  await expect(submission.field("Name of criterion 1")).toHaveValue("In Europe");
  await expect(submission.field("What page 1 is")).toHaveValue("Our prices");
  expect(await sandbox.jobs()).toHaveLength(0);

  await submission.fill({ "Threshold of criterion 1, 0 to 1": "0.7" });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  expect(job?.body).toMatchObject({
    data: { company: leadName },
    qualification_criteria: [{ criteria_name: "In Europe", weight: 1, threshold: 0.7 }],
    references: [{ url: "https://acme.com/pricing", description: "Our prices" }],
  });
  await sandbox.drop(job?.taskId ?? "");
  await sandbox.release(job?.taskId ?? "", {
    status: "completed",
    result: { structured_data: { verdict: "NO", suitability_score: "2" } },
  });
  await dashboard.pollNow(leadName).click();
  await dashboard.open();
  await expect(dashboard.cell(leadName, "result")).toHaveText("Not qualified · 2 of 10");
  await dashboard.openTask(leadName);
  await expect(taskPage.section("Result")).toContainText("Not qualified");
  await expect(taskPage.section("Result")).not.toContainText("Nothing found");
});
