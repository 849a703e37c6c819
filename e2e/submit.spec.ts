import type { Page } from "@playwright/test";
import { expect, test } from "@/e2e/fixtures";

const FIELDS = [
  { name: "industry", description: "What it does" },
  { name: "employees", description: "How many work there", type: "int" },
];

test.describe("a lead goes in by the form, and its result comes by webhook", () => {
  test.beforeEach(({ sandbox }) => sandbox.hold(true));

  test("find email", async ({ sandbox, submission, dashboard, leadName, request, stack }) => {
    await submission.open("find_email");
    await submission.fill({ Name: leadName, Company: "Analytical Engines" });
    await submission.submitButton.click();

    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
    await expect(dashboard.cell(leadName, "delivered")).toHaveText("Not yet");
    const [job] = await sandbox.jobs();
    if (!job) throw new Error("The sandbox has no job.");
    expect(job.body).toMatchObject({ lead: { name: leadName, company: "Analytical Engines" }, mode: "PROFESSIONAL" });

    await sandbox.release(job.taskId);
    await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
    await expect(dashboard.cell(leadName, "delivered")).toContainText("by webhook, attempt 1");
    const answer = await request.get(`${stack.sandboxUrl}/job-status/${job.taskId}`, { headers: { "x-api-key": "k" } });
    const { result } = await answer.json();
    const [address] = result.email[0] ?? ["Nothing found"];
    await expect(dashboard.cell(leadName, "result")).toContainText(address);
    await expect(dashboard.pollNow(leadName)).toHaveCount(0);
  });

  test("find email, personal", async ({ sandbox, submission, dashboard, leadName }) => {
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    await submission.page.getByRole("radio", { name: "Personal email" }).check();
    await submission.submitButton.click();
    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
    const [job] = await sandbox.jobs();
    expect(job?.body).toMatchObject({ mode: "PERSONAL" });
    const result = { name: leadName, personal_email: [["ada@home.example", "UNKNOWN", "PERSONAL"]] };
    await sandbox.release(job?.taskId ?? "", { status: "completed", result });
    await expect(dashboard.cell(leadName, "result")).toHaveText("ada@home.exampleCatch-all");
  });

  test("find phone", async ({ sandbox, submission, dashboard, leadName }) => {
    await submission.open("find_phone");
    await submission.fill({
      Name: leadName,
      Email: "ada@example.com",
      "Company website": "https://www.acme.com/about",
    });
    await submission.submitButton.click();
    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
    const [job] = await sandbox.jobs();
    expect(job?.body).toMatchObject({ lead: { email: "ada@example.com", company_domain: "acme.com" } });
    const result = { name: leadName, phone: "+1 202 555 0143", cost_cents: 30 };
    await sandbox.release(job?.taskId ?? "", { status: "completed", result });
    await expect(dashboard.cell(leadName, "result")).toHaveText("+1 202 555 0143");
    await expect(dashboard.cell(leadName, "delivered")).toContainText("by webhook");
  });

  test("people intelligence", async ({ sandbox, submission, dashboard, taskPage, leadName }) => {
    await submission.open("people_intelligence");
    await submission.fill({ Name: leadName, "LinkedIn URL": "linkedin.com/in/ada", "Research plan": "Look twice." });
    await submission.askFor(1, { name: "school", description: "Where she studied" });
    await submission.field("Tier").selectOption("medium");
    await submission.submitButton.click();
    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");

    const [job] = await sandbox.jobs();
    expect(job?.body).toMatchObject({
      lead_info: { name: leadName, linkedin: "https://linkedin.com/in/ada" },
      struct: { school: { description: "Where she studied", type: "str" } },
      tier: "medium",
      research_plan: "Look twice.",
    });
    const result = { structured_data: { school: "Cambridge" }, confidence_score: 9 };
    await sandbox.release(job?.taskId ?? "", { status: "completed", result });
    await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
    await expect(dashboard.cell(leadName, "result")).toHaveText("Cambridge");
    await dashboard.openTask(leadName);
    await expect(taskPage.section("Result").getByRole("rowheader", { name: "school" })).toBeVisible();
  });

  test("company intelligence", async ({ sandbox, submission, dashboard, taskPage, leadName }) => {
    await submission.open("company_intelligence");
    await submission.fill({ Company: leadName });
    for (const [index, field] of FIELDS.entries()) await submission.askFor(index + 1, field);
    await submission.page.getByRole("button", { name: "Add a field" }).click();
    await submission.askFor(3, { name: "is_public", description: "Whether it is listed", type: "bool" });
    await submission.submitButton.click();
    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");

    const [job] = await sandbox.jobs();
    expect(Object.keys(job?.body.struct ?? {})).toEqual(["industry", "employees", "is_public"]);
    const result = {
      structured_data: { industry: "Computing", employees: 1234, is_public: false },
      field_confidence: { industry: 0.92 },
      confidence_score: 8.5,
      references: { "https://news.example/a": "An article", "javascript:alert(1)": "A trap" },
      notes: "Seen twice.",
      findings: ["It grows."],
    };
    await sandbox.release(job?.taskId ?? "", { status: "completed", result });
    await expect(dashboard.cell(leadName, "result")).toHaveText("Computing · employees: 1234 · is public: no");

    await dashboard.openTask(leadName);
    const section = taskPage.section("Result");
    await expect(section.getByRole("row").filter({ hasText: "industry" })).toContainText("Computing92%");
    await expect(section.getByRole("row").filter({ hasText: "employees" })).toContainText("1,234");
    await expect(section.getByRole("row").filter({ hasText: "is_public" })).toContainText("No");
    await expect(section).toContainText("Seen twice.");
    await expect(section.getByRole("link", { name: "news.example/a" })).toHaveAttribute(
      "href",
      "https://news.example/a",
    );
    await expect(section.getByText("javascript:alert(1)", { exact: true })).toBeVisible();
    await expect(section.locator('a[href^="javascript"]')).toHaveCount(0);
    const titles = taskPage.section("History").getByText(/^(Created|Submitted|Webhook received, attempt 1|Completed)$/);
    await expect(titles).toHaveText(["Created", "Submitted", "Webhook received, attempt 1", "Completed"]);
  });

  test("a job that fails", async ({ sandbox, submission, dashboard, taskPage, leadName }) => {
    await submission.submitFindEmail({ Name: leadName });
    const [job] = await sandbox.jobs();
    await sandbox.release(job?.taskId ?? "", { status: "failed", error: "No source could be reached." });
    await expect(dashboard.cell(leadName, "status")).toHaveText("Failed");
    await expect(dashboard.cell(leadName, "result")).toHaveText("No source could be reached.");
    await dashboard.openTask(leadName);
    await expect(taskPage.problem).toContainText("Sixtyfour could not finish this job");
    await expect(taskPage.problem).toContainText("“No source could be reached.”");
  });
});

test.describe("the form", () => {
  test("says what is wrong beside each field, keeps what was typed, and sends nothing", async ({
    submission,
    sandbox,
    page,
  }) => {
    await submission.open("people_intelligence");
    await submission.fill({ Name: "Kept Name", Email: "nonsense", "LinkedIn URL": "example.com/in/x" });
    await submission.askFor(1, { name: "two words", description: "Anything", type: "int" });
    await submission.field("Tier").selectOption("medium");
    await submission.submitButton.click();

    await expect(submission.field("Email")).toBeFocused();
    await expect(submission.field("Email")).toHaveAccessibleDescription(
      "Enter an email address such as ada@example.com.",
    );
    await expect(submission.field("LinkedIn URL")).toHaveAccessibleDescription(/Enter a LinkedIn address/);
    await expect(submission.field("Name of field 1")).toHaveAccessibleDescription(
      /Use letters, digits and underscores/,
    );
    await expect(submission.field("Name")).toHaveValue("Kept Name");
    await expect(submission.field("Email")).toHaveValue("nonsense");
    await expect(submission.field("Type of field 1")).toHaveValue("int");
    await expect(submission.field("Tier")).toHaveValue("medium");
    expect(await sandbox.jobs()).toHaveLength(0);

    await submission.fill({ Email: "ada@example.com", "LinkedIn URL": "linkedin.com/in/x" });
    await submission.field("Name of field 1").fill("two_words");
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("needs at least one identifier", async ({ submission, sandbox }) => {
    await submission.open("find_email");
    await submission.fill({ "Job title": "CEO" });
    await submission.submitButton.click();
    await expect(submission.field("Name")).toBeFocused();
    await expect(submission.field("Name")).toHaveAccessibleDescription(
      "Fill in at least one of Name, Company, Company website or LinkedIn URL.",
    );
    await expect(submission.field("Job title")).toHaveValue("CEO");
    expect(await sandbox.jobs()).toHaveLength(0);
  });

  test("a double click makes one task", async ({ submission, sandbox, dashboard, leadName }) => {
    await sandbox.hold(true);
    await sandbox.nextSubmit({ delayMs: 300 });
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    await submission.submitButton.dblclick();
    await expect(dashboard.row(leadName)).toHaveCount(1);
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("going back and submitting the same again makes no second task; a changed lead does", async ({
    submission,
    sandbox,
    dashboard,
    leadName,
    page,
  }) => {
    await sandbox.hold(true);
    await submission.submitFindEmail({ Name: leadName });
    await expect(dashboard.row(leadName)).toHaveCount(1);
    await page.goBack();
    await submission.fill({ Name: `${leadName} the second` });
    await submission.submitButton.click();
    await expect(dashboard.row(`${leadName} the second`)).toHaveCount(1);
    expect(await sandbox.jobs()).toHaveLength(2);
  });

  /** Opens the form of a kind, whose JavaScript loads once the returned function is called. */
  async function openWithoutJavaScript(page: Page, kind: string): Promise<() => void> {
    let letThrough = () => {};
    const loaded = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/_next/static/**/*.js", async (route) => {
      await loaded;
      await route.continue();
    });
    await page.goto(`/submissions/new?kind=${kind}`, { waitUntil: "commit" });
    return letThrough;
  }

  test("keeps what was typed before JavaScript had loaded", async ({ submission, page, sandbox, leadName }) => {
    const letThrough = await openWithoutJavaScript(page, "find_email");
    await submission.fill({ Name: leadName, Company: "Early Typing Ltd" });
    letThrough();
    await expect(page.getByRole("button", { name: "Colours" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await expect(submission.field("Name")).toHaveValue(leadName);
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    expect((await sandbox.jobs())[0]?.body).toMatchObject({ lead: { name: leadName, company: "Early Typing Ltd" } });
  });

  test("keeps a row that was typed before JavaScript had loaded when a preset is added", async ({
    submission,
    page,
  }) => {
    const letThrough = await openWithoutJavaScript(page, "people_intelligence");
    await submission.askFor(2, { name: "hobby", description: "What they do at weekends" });
    letThrough();
    await expect(page.getByRole("button", { name: "Colours" })).toBeVisible();
    await page.waitForLoadState("networkidle");
    await page.getByRole("button", { name: "Profile" }).click();
    await expect(submission.field("Name of field 1")).toHaveValue("hobby");
    await expect(submission.field("Description of field 1")).toHaveValue("What they do at weekends");
    await expect(submission.field("Name of field 2")).toHaveValue("title");
  });

  test("works with the keyboard alone", async ({ page, submission, dashboard, sandbox, leadName }) => {
    await sandbox.hold(true);
    await page.goto("/");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.getByRole("link", { name: "New submission" }).first().focus();
    await page.keyboard.press("Enter");
    await submission.field("Name").focus();
    await page.keyboard.type(leadName);
    await page.keyboard.press("Tab");
    await page.keyboard.type("Analytical Engines");
    await page.keyboard.press("Enter");
    await expect(dashboard.row(leadName)).toContainText("Analytical Engines");
  });
});

test("an erased lead is gone from the list and its page, and its late result with it", async ({
  sandbox,
  submission,
  dashboard,
  page,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await dashboard.openTask(leadName);
  await page.getByText("Erase this lead").click();
  await page.getByRole("checkbox", { name: "Erase it for good" }).check();
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Erased lead" })).toBeVisible();

  const [job] = await sandbox.jobs();
  await sandbox.drop(job?.taskId ?? "");
  await sandbox.release(job?.taskId ?? "");
  expect(await sandbox.deliver(job?.taskId ?? "")).toEqual([200]);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Erased lead" })).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(leadName);
  await dashboard.open();
  await expect(page.getByRole("table")).not.toContainText(leadName);
});

test("a lead that is erased is told where it is still named, with a link to each place", async ({
  sandbox,
  submission,
  dashboard,
  page,
  leadName,
}) => {
  await sandbox.hold(true);
  const lead = { Name: leadName, Company: "Analytical Engines" };
  await submission.submitFindEmail(lead);
  await submission.submitFindEmail(lead);
  await dashboard.row(leadName).first().getByRole("link").click();
  await page.getByText("Erase this lead").click();
  await page.getByRole("checkbox", { name: "Erase it for good" }).check();
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Left as it is" })).toBeVisible();
  await page.getByRole("listitem").filter({ hasText: "has the same lead" }).getByRole("link").click();
  await expect(page.getByRole("heading", { name: leadName })).toBeVisible();
});
