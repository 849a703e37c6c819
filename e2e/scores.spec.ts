import { expect, test } from "@/e2e/fixtures";

test("scores on a scale that nobody has promised are shown as they came", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.open("qa_agent");
  await submission.fill({
    Company: leadName,
    "Name of criterion 1": "In Europe",
    "What criterion 1 means": "It has an office there",
  });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  const criteria = [{ criteria_name: "In Europe", score: 85, evidence: [] }];
  await sandbox.release(job?.taskId ?? "", { status: "completed", result: { total_score: 85, criteria } });
  await expect(dashboard.cell(leadName, "result")).toHaveText("2 fields");
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section.getByRole("row").filter({ hasText: "total_score" })).toContainText("85");
  const criterion = section.getByRole("definition");
  await expect(criterion).toHaveText(["In Europe", "85", "None"]);
  await expect(section).not.toContainText("of 100");
});

test("Sixtyfour's complaint about a criterion stands beside the row that was sent", async ({
  sandbox,
  submission,
  leadName,
}) => {
  await submission.open("qa_agent");
  await submission.fill({
    Company: leadName,
    "Name of criterion 2": "In Europe",
    "What criterion 2 means": "It has an office there",
  });
  await sandbox.nextSubmit({
    status: 422,
    body: {
      detail: [{ loc: ["body", "qualification_criteria", 0, "description"], msg: "Too vague", type: "value_error" }],
    },
  });
  await submission.submitButton.click();
  await expect(submission.field("What criterion 1 means")).toHaveAccessibleDescription("Too vague");
  await expect(submission.field("Name of criterion 1")).toHaveValue("In Europe");
});
