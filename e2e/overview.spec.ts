import { expect, test } from "@/e2e/fixtures";

const NUMBER = /[\d,]+/;

test("the overview counts what was submitted, and each figure leads to its tasks", async ({
  page,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await submission.submitFindEmail({ Name: `${leadName} Found`, Company: "Analytical Engines" });
  await expect(dashboard.cell(`${leadName} Found`, "status")).toHaveText("Completed");
  await submission.submitFindEmail({ Name: `${leadName} None`, Company: "Nothing Found AG" });
  await expect(dashboard.cell(`${leadName} None`, "status")).toHaveText("Completed");
  await submission.submitFindEmail({ Name: `${leadName} Fails`, Company: "Fails Inc" });
  await expect(dashboard.cell(`${leadName} Fails`, "status")).toHaveText("Failed");
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: `${leadName} Runs`, Company: "Analytical Engines" });

  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Overview" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page.getByRole("link", { name: "Last 24 hours" }).click();
  await page.waitForURL("**/overview?since=24h");

  // Of one row: its number is that of the list it leads to.
  const failed = page.getByRole("table", { name: "Tasks by state" }).getByRole("row", { name: /Failed/ });
  const count = Number(NUMBER.exec((await failed.getByRole("cell").textContent()) ?? "")?.[0]);
  await failed.getByRole("link").click();
  await expect(page.getByRole("link", { name: /^Failed/ })).toContainText(String(count));
  await expect(dashboard.row(`${leadName} Fails`)).toBeVisible();
  await expect(dashboard.row(`${leadName} Found`)).toHaveCount(0);

  await page.goBack();
  const reasons = page.getByRole("table", { name: "Failures by reason" });
  await reasons.getByRole("link", { name: /no source could be reached/ }).click();
  await expect(dashboard.row(`${leadName} Fails`)).toBeVisible();

  await page.goBack();
  await page.getByRole("link", { name: /^Found/ }).click();
  await expect(dashboard.row(`${leadName} Found`)).toBeVisible();
  await expect(dashboard.row(`${leadName} None`)).toHaveCount(0);
});

test("a chart has its bars, a name, and a table whose figures are links; so has a bar", async ({
  page,
  submission,
  dashboard,
  leadName,
}) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await page.goto("/overview?since=24h");
  const section = page.getByRole("region", { name: "How results came", exact: true });
  await expect(section.getByText(/[1-9][\d,]* by webhook/)).toBeVisible();
  await section.getByText("As a table").click();
  await section.getByRole("row").last().getByRole("link").first().click();
  await expect(dashboard.row(leadName)).toContainText("by webhook");
  expect(new URL(page.url()).searchParams.get("via")).toBe("webhook");

  await page.goBack();
  await section.locator('svg a[href*="via=webhook"]').last().click();
  await expect(dashboard.row(leadName)).toContainText("by webhook");
  expect(new URL(page.url()).searchParams.get("from")).toMatch(/T\d\d:00Z$/);
});

test("days of one's own make a span, and one without tasks says so", async ({ page }) => {
  await page.goto("/overview");
  await page.getByText("Other days", { exact: true }).click();
  await page.getByLabel("From (UTC)").fill("2020-01-01");
  await page.getByLabel("To (UTC)").fill("2020-01-31");
  await page.getByRole("button", { name: "Show" }).click();
  await page.waitForURL("**/overview?from=2020-01-01&to=2020-01-31");
  await expect(page.getByText("Nothing was submitted then")).toBeVisible();
});

test("a forged delivery counts as refused, and leads to the log", async ({ page, request, stack }) => {
  const forged = await request.post(`${stack.app.url}/api/webhooks/sixtyfour`, {
    data: { task_id: "nobody", status: "completed", task_type: "find_email", result: {} },
  });
  expect(forged.status()).toBe(401);
  await page.goto("/overview?since=24h");
  await page
    .getByRole("table", { name: "Deliveries out of the ordinary" })
    .getByRole("link", { name: /^Refused/ })
    .click();
  await expect(page.getByRole("heading", { level: 1, name: "Deliveries" })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "Refused" }).first()).toBeVisible();
});
