import { DATABASE_IS_DOWN, failUntilPressed } from "@/e2e/fail-until-pressed";
import { expect, test } from "@/e2e/fixtures";

test("an error says so, keeps what is on the screen, and goes by a press", async ({
  page,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await dashboard.open();
  await expect(dashboard.row(leadName)).toHaveCount(1);
  await failUntilPressed(page, "**/api/tasks**");
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  const alert = page.getByRole("alert").filter({ hasText: "The tasks could not be loaded" });
  await expect(alert).toContainText("The database is down.");
  await expect(dashboard.row(leadName)).toHaveCount(1);
  await alert.getByRole("button", { name: "Try again" }).click();
  await expect(alert).toHaveCount(0);
});

test("an error goes by itself once it is over, and what was missed is shown", async ({
  page,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await dashboard.open();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  await page.route("**/api/tasks**", (route) => route.fulfill(DATABASE_IS_DOWN));
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  const alert = page.getByRole("alert").filter({ hasText: "The tasks could not be loaded" });
  await expect(alert).toContainText("The database is down.");
  await page.unroute("**/api/tasks**");
  await expect(alert).toHaveCount(0);
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
});

test("offline is told, and results show up when the connection is back", async ({
  page,
  context,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  await context.setOffline(true);
  await expect(page.getByText("You are offline")).toBeVisible();
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  await context.setOffline(false);
  await expect(page.getByText("You are offline")).toHaveCount(0);
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
});

test("a tab that hears of no news asks every second while something runs", async ({
  page,
  sandbox,
  dashboard,
  submission,
  leadName,
}) => {
  await page.route(/\/api\/news/, (route) => route.abort());
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await page.clock.install();
  await dashboard.open();
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  let asked = 0;
  const isOfList = (url: string) => new URL(url).pathname === "/api/tasks";
  page.on("request", (request) => {
    if (isOfList(request.url())) asked += 1;
  });
  // It has first to find out.
  await expect(async () => {
    const answered = page.waitForResponse((response) => isOfList(response.url()), { timeout: 1_000 });
    await Promise.all([answered, page.clock.runFor(1_000)]);
  }).toPass();
  asked = 0;
  for (const _ of [1, 2, 3, 4]) {
    const answered = page.waitForResponse((response) => isOfList(response.url()));
    await page.clock.runFor(1_100);
    await answered;
  }
  expect(asked).toBe(4);
});

test("a task's page is not found for an address that names none", async ({ page }) => {
  const response = await page.goto("/tasks/00000000-0000-7000-8000-000000000000");
  expect(response?.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
});

test("the sandbox is named as such", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByText("Sandbox", { exact: true })).toBeVisible();
});

test("what a row is called can be read in a window of any width", async ({ page, submission, dashboard, leadName }) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  for (const path of ["/", "/deliveries"]) {
    await page.goto(path);
    for (const width of [1440, 1320, 1310, 1150, 1000, 980, 600, 390]) {
      await page.setViewportSize({ width, height: 900 });
      // Its text takes two lines at most, and what is over that is cut.
      const isCut = await dashboard
        .row(leadName)
        .getByRole("link")
        .first()
        .evaluate(({ clientWidth, clientHeight, scrollHeight }) => clientWidth < 90 || scrollHeight > clientHeight + 1);
      expect(isCut, `${path} at ${width} px`).toBe(false);
    }
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [1440, 390]) {
    test(`pages fit ${width} px in ${colorScheme}`, async ({
      page,
      sandbox,
      submission,
      dashboard,
      leadName,
    }, testInfo) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await submission.submitFindEmail({
        Name: leadName,
        Company: `A company with quite a long name ${"x".repeat(80)}`,
      });
      await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
      const [job] = await sandbox.jobs();
      expect(job?.status).toBe("completed");
      const task = (await dashboard.row(leadName).getByRole("link").getAttribute("href")) ?? "";
      for (const [name, path] of Object.entries({
        list: "/",
        form: "/submissions/new?kind=company_intelligence",
        task,
      })) {
        await page.goto(path);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${name} scrolls sideways`).toBeLessThanOrEqual(0);
        await testInfo.attach(`${name}-${width}-${colorScheme}`, {
          body: await page.screenshot({ fullPage: true }),
          contentType: "image/png",
        });
      }
    });
  }
}
