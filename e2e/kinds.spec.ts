import { expect, test } from "@/e2e/fixtures";

test.beforeEach(({ sandbox }) => sandbox.hold(true));

test("reverse email says who stands behind an address", async ({ sandbox, submission, taskPage, page, leadName }) => {
  const email = `${leadName.replace(" ", ".").toLowerCase()}@ae.example`;
  await submission.open("reverse_email");
  await submission.submitButton.click();
  await expect(page.getByText("Enter an email address.")).toBeVisible();
  await submission.fill({ Email: email });
  await submission.submitButton.click();
  await page.waitForURL("**/?submitted=*");
  const [job] = await sandbox.jobs();
  expect(job).toMatchObject({ path: "/reverse-email-async", body: { lead: { email } } });
  const result = { email, name: "Ada Lovelace", title: "Countess", company: "Analytical Engines", linkedin: null };
  await sandbox.release(job?.taskId ?? "", { status: "completed", result });
  const row = page.getByRole("row", { name: new RegExp(email) });
  await expect(row).toContainText("Completed");
  await page.getByRole("link", { name: email }).click();
  await expect(taskPage.section("Result").getByRole("article", { name: "Ada Lovelace" })).toContainText(
    "Countess, Analytical Engines",
  );
});

test("reverse phone takes a number, and says whose it is", async ({ sandbox, submission, taskPage, page }) => {
  await submission.open("reverse_phone");
  await submission.fill({ Phone: "call me" });
  await submission.submitButton.click();
  await expect(page.getByText("Enter a phone number")).toBeVisible();
  await submission.fill({ Phone: "+1 202 555 0143" });
  await submission.submitButton.click();
  await page.waitForURL("**/?submitted=*");
  const [job] = await sandbox.jobs();
  expect(job).toMatchObject({ path: "/reverse-phone-async", body: { lead: { phone: "+1 202 555 0143" } } });
  const result = { phone: "+1 202 555 0143", name: "Charles Babbage", company: "Analytical Engines" };
  await sandbox.release(job?.taskId ?? "", { status: "completed", result });
  await expect(page.getByRole("row", { name: /\+1 202 555 0143/ }).first()).toContainText("Charles Babbage");
  await page.getByRole("link", { name: "+1 202 555 0143" }).first().click();
  await expect(taskPage.section("Result").getByRole("article", { name: "Charles Babbage" })).toContainText(
    "Analytical Engines",
  );
});

test("a lead is qualified: the form asks for a verdict, a score and reasons, and the answer is read back as these", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  page,
  leadName,
}) => {
  await submission.open("qa_agent");
  await expect(submission.field("Name of field 1")).toHaveValue("suitability_score");
  await expect(submission.field("Name of field 2")).toHaveValue("verdict");
  await submission.fill({
    Company: leadName,
    "Name of criterion 1": "Sells to businesses",
    "What criterion 1 means": "Its customers are companies",
    "Weight of criterion 1": "2",
    "Threshold of criterion 1, 0 to 1": "7",
    "Name of criterion 2": "In Europe",
    "What criterion 2 means": "It has an office there",
    "Address of page 1": "acme.com/pricing",
    "What page 1 is": "Our prices",
  });
  await page.getByLabel("Score each criterion").check();
  await submission.submitButton.click();
  await expect(page.getByText("The threshold is a number from 0 to 1, such as 0.7.")).toBeVisible();
  await expect(submission.field("Threshold of criterion 1, 0 to 1")).toBeFocused();
  await submission.fill({ "Threshold of criterion 1, 0 to 1": "0.7" });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");

  const [job] = await sandbox.jobs();
  expect(job?.body).toMatchObject({
    data: { company: leadName },
    qualification_criteria: [
      { criteria_name: "Sells to businesses", weight: 2, threshold: 0.7 },
      { criteria_name: "In Europe", weight: 1, threshold: null },
    ],
    references: [{ url: "https://acme.com/pricing", description: "Our prices" }],
  });
  const asked = ["suitability_score", "verdict", "reason", "recommendation"];
  expect(Object.keys(job?.body.struct as object)).toEqual([...asked, "score_sells_to_businesses", "score_in_europe"]);
  const { result } = await sandbox.release(job?.taskId ?? "");
  const { structured_data } = result as { structured_data: Record<string, string> };
  const verdict = structured_data.verdict === "YES" ? "Qualified" : "Not qualified";
  const words = `${verdict} · ${structured_data.suitability_score} of 10`;
  await expect(dashboard.cell(leadName, "result")).toContainText(words);

  await page.goto(`/?found=${structured_data.verdict === "YES" ? "qualified" : "disqualified"}&q=${leadName}`);
  await expect(dashboard.cell(leadName, "result")).toContainText(words);
  await page.goto(`/?found=${structured_data.verdict === "YES" ? "disqualified" : "qualified"}&q=${leadName}`);
  await expect(page.getByText("No task fits")).toBeVisible();

  await page.goto(`/?q=${leadName}`);
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section).toContainText(verdict);
  await expect(section).toContainText(`${structured_data.suitability_score} of 10`);
  if (structured_data.reason) await expect(section).toContainText(structured_data.reason);
  const criteria = section.getByRole("table", { name: "Criteria" });
  await expect(criteria.getByRole("row")).toHaveText([
    `Sells to businesses${structured_data.score_sells_to_businesses} of 10 Threshold 0.7`,
    `In Europe${structured_data.score_in_europe} of 10`,
  ]);
});

test("a company comes with its people, and presets fill in what to ask for", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  page,
  leadName,
}) => {
  await submission.open("company_intelligence");
  await submission.fill({ Company: leadName });
  await page.getByRole("button", { name: "Basics" }).click();
  await expect(submission.field("People to focus on")).toBeHidden();
  await expect(submission.field("Name of person field 1")).toBeHidden();
  await page.getByLabel("Find people who work there").check();
  await submission.fill({ "People to focus on": "Engineers" });
  await submission.fill({ "Name of person field 1": "email", "Description of person field 1": "Work email" });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  expect(job?.body).toMatchObject({
    find_people: true,
    full_org_chart: false,
    field_confidence: true,
    people_focus_prompt: "Engineers",
    lead_struct: { email: { description: "Work email", type: "str" } },
  });
  expect(Object.keys(job?.body.struct as object)).toEqual(["industry", "employees", "headquarters", "founded"]);
  const { result } = await sandbox.release(job?.taskId ?? "");
  const { structured_data, people: beside } = result as {
    structured_data: { leads?: Record<string, string>[] };
    people?: Record<string, string>[];
  };
  const people = structured_data.leads ?? beside ?? [];
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section).toContainText(`People (${people.length})`);
  for (const [index, { email = "", score }] of people.entries()) {
    const card = section.getByRole("article").nth(index);
    await expect(card).toContainText(email);
    if (score) await expect(card).toContainText(`Fit ${Number(score)} of 10`);
  }
});

test("fields to return are saved as a template and used again, for a list as well", async ({
  submission,
  page,
  leadName,
}) => {
  await submission.open("people_intelligence");
  await submission.askFor(1, { name: "pet", description: "Name of their pet" });
  await page.getByRole("button", { name: "Templates" }).click();
  await page.getByLabel("Save these fields as").fill(leadName);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("button", { name: leadName, exact: true })).toBeVisible();
  await page.getByLabel("Save these fields as").fill(leadName);
  await page.getByLabel("Save these fields as").press("Enter");
  await expect(page.getByText(`There is a template called “${leadName}” already.`)).toBeVisible();

  await page.goto("/submissions/list?kind=company_intelligence");
  await page.locator("input[type=file]").setInputFiles({
    name: "a.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("Company\nAE\n"),
  });
  await page.getByRole("button", { name: "Templates" }).first().click();
  await page.getByRole("button", { name: leadName, exact: true }).click();
  await expect(submission.field("Name of field 1")).toHaveValue("pet");
  await expect(submission.field("Description of field 1")).toHaveValue("Name of their pet");
  await page.getByRole("button", { name: "Templates" }).first().click();
  await page.getByRole("button", { name: `Delete ${leadName}` }).click();
  await expect(page.getByRole("button", { name: leadName, exact: true })).toBeHidden();
});

test("the research agent looks into what little is known, and tells what it found", async ({
  sandbox,
  submission,
  dashboard,
  taskPage,
  leadName,
}) => {
  await submission.open("research_agent");
  await submission.fill({
    Name: leadName,
    "What else is known": "Met in Berlin",
    "Research plan": "Look at the fair.",
  });
  await submission.askFor(1, { name: "booth", description: "Where their booth was" });
  await submission.submitButton.click();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  expect(job).toMatchObject({
    path: "/research-agent-async",
    body: {
      input_data: { name: leadName, known: "Met in Berlin" },
      research_plan: "Look at the fair.",
      struct: { booth: { description: "Where their booth was", type: "str" } },
    },
  });
  const result = {
    structured_data: {
      booth: "Hall 3",
      dates: '{"from": "2026-03-01", "days": 4}',
      visitors: [{ name: "Charles Babbage", role: "Inventor" }, { name: "Mary Somerville" }],
    },
    findings: ["It showed an engine.", "It gave a talk."],
    notes: "Seen on the fair's own site.",
    references: { "https://fair.example/halls": "The plan of the halls" },
    confidence_score: 8,
  };
  await sandbox.release(job?.taskId ?? "", { status: "completed", result });
  await expect(dashboard.cell(leadName, "result")).toHaveText("Hall 3");
  await dashboard.openTask(leadName);
  const section = taskPage.section("Result");
  await expect(section.getByRole("table", { name: "Fields" })).toContainText("Hall 3");
  await expect(section.getByRole("term")).toHaveText(["from", "days", "name", "role", "name"]);
  await expect(section.getByRole("definition")).toHaveText([
    "2026-03-01",
    "4",
    "Charles Babbage",
    "Inventor",
    "Mary Somerville",
  ]);
  await expect(section).toContainText("Confidence in the whole result 80%");
  await expect(section).toContainText("It gave a talk.");
  await expect(section.getByRole("link", { name: "fair.example/halls" })).toBeVisible();
});

test("a list sends the agent a column that no field is for, under its own header", async ({
  sandbox,
  submission,
  page,
  leadName,
}) => {
  await page.goto("/submissions/list?kind=research_agent");
  await page.locator("input[type=file]").setInputFiles({
    name: "fair.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`Name,Trade fair,Internal\n${leadName},Berlin,secret\n`),
  });
  await expect(submission.field("What Trade fair is")).toHaveValue("");
  await submission.field("What Trade fair is").selectOption("Sent as “Trade fair”");
  await page.getByRole("button", { name: "Review cost" }).click();
  await page.getByRole("button", { name: "Submit 1 lead" }).click();
  await expect
    .poll(async () => (await sandbox.jobs())[0]?.body.input_data)
    .toEqual({
      name: leadName,
      "Trade fair": "Berlin",
    });
});

test("what is wrong stands at its row, also where an earlier one was removed", async ({ submission, page }) => {
  await page.goto("/submissions/list?kind=qa_agent");
  await page.locator("input[type=file]").setInputFiles({
    name: "a.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("Company\nAE\n"),
  });
  await submission.fill({
    "Name of criterion 2": "In Europe",
    "What criterion 2 means": "It has an office there",
    "Threshold of criterion 2, 0 to 1": "7",
  });
  await page.getByRole("button", { name: "Remove criterion 1" }).click();
  await page.getByRole("button", { name: "Review cost" }).click();
  await expect(submission.field("Threshold of criterion 1, 0 to 1")).toHaveAccessibleDescription(
    "The threshold is a number from 0 to 1, such as 0.7.",
  );
  await expect(submission.field("Name of criterion 1")).toHaveValue("In Europe");
});

for (const kind of ["qa_agent", "company_intelligence"]) {
  test(`the form of ${kind} fits 390 px`, async ({ submission, page }, testInfo) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await submission.open(kind);
    await testInfo.attach(kind, { body: await page.screenshot({ fullPage: true }), contentType: "image/png" });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  });
}
