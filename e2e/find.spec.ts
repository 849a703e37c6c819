import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "@/e2e/fixtures";

const rows = (page: Page) =>
  page
    .getByRole("table", { name: /^Tasks/ })
    .locator("tbody")
    .getByRole("row");
const selected = (page: Page) => page.getByRole("region", { name: "Selected tasks" });
const inAddress = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

test.describe("finding tasks", () => {
  test.beforeEach(async ({ submission, dashboard, sandbox, leadName }) => {
    // Three of a name that nobody else has: one found, one that fails, one that runs.
    for (const [suffix, company] of [
      ["Found", "Analytical Engines"],
      ["Failed", "Fails Inc"],
    ] as const) {
      await submission.submitFindEmail({ Name: `${leadName} ${suffix}`, Company: company });
      await expect(dashboard.cell(`${leadName} ${suffix}`, "status")).toHaveText(/Completed|Failed/);
    }
    await sandbox.hold(true);
    await submission.open("find_phone");
    await submission.fill({ Name: `${leadName} Runs`, Company: "Analytical Engines" });
    await submission.submitButton.click();
    await expect(dashboard.cell(`${leadName} Runs`, "status")).toHaveText("Running");
  });

  test("a search and the filters narrow the list, the address says how, and the back button takes it back", async ({
    page,
    browser,
    stack,
    dashboard,
    leadName,
  }) => {
    await dashboard.open();
    await page.getByRole("searchbox", { name: "Search" }).fill(leadName.toLowerCase());
    await expect(rows(page)).toHaveCount(3);
    await expect.poll(() => inAddress(page)).toEqual({ q: leadName.toLowerCase() });
    await expect(page.getByRole("navigation", { name: "Tasks by status" })).toContainText("All 3");

    await page.getByRole("link", { name: "Failed 1" }).click();
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText(`${leadName} Failed`);
    await page.getByLabel("Kind").selectOption("Find phone");
    await expect(page.getByText("No task fits")).toBeVisible();
    await page.goBack();
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole("button", { name: "Remove Failed" }).click();
    await expect(rows(page)).toHaveCount(3);
    await page.getByLabel("Delivered", { exact: true }).selectOption("Not delivered");
    await expect(rows(page)).toHaveCount(1);
    await expect(rows(page)).toContainText(`${leadName} Runs`);
    await page.getByLabel("Delivered", { exact: true }).selectOption("Any way");
    await page.getByLabel("Order").selectOption("Oldest first");
    await expect(rows(page).first()).toContainText(`${leadName} Found`);

    await page.getByLabel("Submitted").selectOption("Other days");
    await page.getByLabel("From (UTC)").fill("2020-01-01");
    await expect(page.getByText("From 2020-01-01")).toBeVisible();
    await page.getByLabel("To (UTC)").fill("2020-01-31");
    await expect(page.getByText("No task fits")).toBeVisible();
    await page.reload();
    await expect(page.getByLabel("To (UTC)")).toHaveValue("2020-01-31");
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue(leadName.toLowerCase());
    await page.getByRole("button", { name: `Remove “${leadName.toLowerCase()}”` }).click();
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("");
    await page.goBack();
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue(leadName.toLowerCase());
    await page.getByRole("link", { name: "Show all", exact: true }).click();
    await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue("");
    expect(inAddress(page)).toEqual({ sort: "oldest" });

    // And where JavaScript has not loaded.
    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: stack.app.url });
    const plain = await context.newPage();
    await plain.goto("/");
    await plain.getByRole("searchbox", { name: "Search" }).fill(leadName);
    await plain.getByLabel("Kind").selectOption("Find email");
    await plain.getByRole("button", { name: "Find" }).click();
    await expect(rows(plain)).toHaveCount(2);
    await plain.getByRole("link", { name: "Failed 1" }).click();
    await expect(rows(plain)).toHaveCount(1);
    await context.close();
  });

  test("a result and a task_id are found too; a view is saved, shared by its name, and deleted", async ({
    page,
    dashboard,
    sandbox,
    leadName,
  }) => {
    const [found] = await sandbox.jobs();
    const { email } = (found?.result ?? { email: [] }) as { email: string[][] };
    await dashboard.open();
    for (const q of [email[0]?.[0] ?? "none", found?.taskId ?? "none"]) {
      await page.getByRole("searchbox", { name: "Search" }).fill(q);
      await expect(rows(page).filter({ hasText: `${leadName} Runs` })).toHaveCount(0);
      await expect(rows(page).filter({ hasText: `${leadName} Found` })).toHaveCount(1);
    }
    await page.getByRole("searchbox", { name: "Search" }).fill(leadName);
    await expect.poll(() => inAddress(page)).toEqual({ q: leadName });
    await page.getByRole("link", { name: "Running 1" }).click();
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByLabel("Save this view as").fill(leadName);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByRole("button", { name: leadName, exact: true })).toBeVisible();

    await dashboard.open();
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: leadName, exact: true }).click();
    await expect(rows(page)).toHaveCount(1);
    expect(inAddress(page)).toEqual({ q: leadName, status: "running" });
    await page.getByRole("button", { name: "Views" }).click();
    await page.getByRole("button", { name: `Delete ${leadName}` }).click();
    await expect(page.getByRole("button", { name: leadName, exact: true })).toBeHidden();
  });

  test("what is selected is polled, submitted again, downloaded and erased", async ({
    page,
    dashboard,
    sandbox,
    leadName,
  }) => {
    await page.goto(`/?q=${encodeURIComponent(leadName)}`);
    await page.getByLabel(`Select ${leadName} Failed`).check();
    await expect(selected(page)).toContainText("1 selected");
    await page.getByRole("button", { name: "Select all 3 that match" }).click();
    await expect(selected(page)).toContainText("3 selected");

    const downloading = page.waitForEvent("download");
    await selected(page).getByRole("button", { name: "Download" }).click();
    await page.getByRole("link", { name: /JSON Lines/ }).click();
    const lines = (await readFile(await (await downloading).path(), "utf8")).trim().split("\n");
    expect(lines).toHaveLength(3);

    await selected(page).getByRole("button", { name: "Clear" }).click();
    await page.getByLabel(`Select ${leadName} Runs`).check();
    const chosen = page.waitForEvent("download");
    await selected(page).getByRole("button", { name: "Download" }).click();
    await page.getByRole("button", { name: /CSV/ }).click();
    expect(await readFile(await (await chosen).path(), "utf8")).toContain(`${leadName} Runs`);

    const running = (await sandbox.jobs()).at(-1);
    await sandbox.drop(running?.taskId ?? "");
    await sandbox.release(running?.taskId ?? "");
    await selected(page).getByRole("button", { name: "Poll now" }).click();
    await expect(page.getByText("Sixtyfour is asked about 1 running task")).toBeVisible();
    await expect(dashboard.cell(`${leadName} Runs`, "status")).toHaveText("Completed");

    await page.getByLabel("Select all that are shown").check();
    await selected(page).getByRole("button", { name: "Submit again" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("Submit again what failed among 3 tasks?");
    await sandbox.hold(false);
    await dialog.getByRole("button", { name: "Submit again" }).click();
    await expect(page.getByText("1 task submitted again.")).toBeVisible();
    // The failed one stays without its lead, so it is found by its id alone; the new one fails as well.
    await expect.poll(async () => (await sandbox.jobs()).length).toBe(4);
    await expect(page.getByRole("link", { name: "Failed 1" })).toBeVisible();
    await expect(dashboard.cell(`${leadName} Failed`, "status")).toHaveText("Failed");

    await page.getByLabel(`Select ${leadName} Found`).check();
    await page.getByRole("button", { name: "Select all 3 that match" }).click();
    await selected(page).getByRole("button", { name: "Erase" }).click();
    await expect(dialog.getByRole("button", { name: "Erase" })).toBeDisabled();
    await dialog.getByLabel("I mean it").check();
    await dialog.getByRole("button", { name: "Erase" }).click();
    await expect(page.getByText("The leads of 3 tasks were erased.")).toBeVisible();
    await expect(page.getByText("No task fits")).toBeVisible();
  });
});

test("a filter that is not right is told to a program, and left out on the page", async ({ page, request }) => {
  const answer = await request.get("/api/tasks?status=lost");
  expect(answer.status()).toBe(400);
  expect((await answer.json()).detail).toContain("The status must be one of queued");
  await page.goto("/?status=lost&via=webhook");
  await expect(page.getByLabel("Delivered", { exact: true })).toHaveValue("webhook");
});

for (const width of [1440, 390]) {
  test(`the filters fit ${width} px`, async ({ page, submission, leadName }) => {
    await page.setViewportSize({ width, height: 900 });
    await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
    await page.goto(`/?q=${encodeURIComponent(leadName)}&from=2026-01-01&via=webhook`);
    await page.getByLabel(`Select ${leadName}`).check();
    await expect(selected(page)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test("a lead is submitted again with one field changed, and what that has changed is told", async ({
  page,
  submission,
  dashboard,
  taskPage,
  sandbox,
  leadName,
}) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Nothing Found AG" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await dashboard.openTask(leadName);
  await page.getByRole("link", { name: "Submit again" }).click();
  await expect(page.getByRole("heading", { name: "Submit again" })).toBeVisible();
  await expect(submission.field("Name")).toHaveValue(leadName);
  await submission.fill({ Company: "Analytical Engines" });
  await sandbox.hold(true);
  await submission.submitButton.click();
  await page.waitForURL("**/?submitted=*");
  const again = (await sandbox.jobs()).at(-1);
  const result = { email: [["ada@ae.example", "OK", "COMPANY"]] };
  await sandbox.release(again?.taskId ?? "", { status: "completed", result });
  await expect(dashboard.row(leadName).first().locator('[data-column="status"]')).toHaveText("Completed");
  await dashboard.row(leadName).first().getByRole("link").click();
  await page.waitForURL("**/tasks/*");
  const changes = page.getByRole("region", { name: "What changed" });
  await expect(changes.getByRole("table", { name: "What was submitted" })).toContainText(
    "CompanyNothing Found AGAnalytical Engines",
  );
  const found = changes.getByRole("table", { name: "What was found" });
  await expect(found.getByRole("row", { name: /^email / })).toHaveText("emailNothingada@ae.example");
  await changes.getByRole("link", { name: "an earlier task" }).click();
  await expect(taskPage.section("Result")).toContainText("Nothing was found.");
});
