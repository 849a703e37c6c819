import { expect, test } from "@/e2e/fixtures";

test("a verdict in other words is shown as it came, and notes alone are an answer", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
}) => {
  await sandbox.hold(true);
  const qualify = async (company: string, result: object) => {
    await submission.open("qa_agent");
    await submission.fill({
      Company: company,
      "Name of criterion 1": "In Europe",
      "What criterion 1 means": "It has an office there",
    });
    await submission.submitButton.click();
    await expect(dashboard.cell(company, "status")).toHaveText("Running");
    const job = (await sandbox.jobs()).at(-1);
    await sandbox.release(job?.taskId ?? "", { status: "completed", result });
  };
  await qualify(leadName, { structured_data: { suitability_score: "85/100", verdict: "MAYBE", region: "Asia" } });
  await expect(dashboard.cell(leadName, "result")).toHaveText("MAYBE · 8.5 of 10");
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section).toContainText("MAYBE");
  await expect(section.getByRole("row").filter({ hasText: "region" })).toContainText("Asia");

  const other = `${leadName} Two`;
  await qualify(other, { structured_data: {}, notes: "Its offices are in Asia." });
  await expect(dashboard.cell(other, "result")).toHaveText("Its offices are in Asia.");
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
