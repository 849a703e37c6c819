import type { Page, Route } from "@playwright/test";
import { expect, test } from "@/e2e/fixtures";
import { hydrated } from "@/e2e/hydrated";
import { inspect } from "@/e2e/inspect-page";
import { ListPage } from "@/e2e/pages/list-page";

const EMAIL = { status: "completed" as const, result: { email: [["ada@engines.example", "OK", "COMPANY"]] } };

/** Puts `<font>` in the place of each text, as the translators of browsers do. */
async function translate(page: Page): Promise<void> {
  await page.evaluate(() => {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const isText = !/^(SCRIPT|STYLE|TEXTAREA|OPTION)$/.test(node.parentElement?.tagName ?? "");
      if (isText && node.textContent?.trim()) texts.push(node as Text);
    }
    for (const text of texts) {
      const font = document.createElement("font");
      const inner = document.createElement("font");
      inner.textContent = text.data;
      font.append(inner);
      text.replaceWith(font);
    }
  });
}

/** Calls of server actions, with an id that no build has. */
async function sendToNewBuild(page: Page): Promise<void> {
  await page.route("**/*", (route) => {
    const request = route.request();
    const headers = request.headers();
    if (request.method() !== "POST" || !headers["next-action"]) return route.continue();
    return route.continue({ headers: { ...headers, "next-action": `60${"ab".repeat(20)}` } });
  });
}

const isAction = (route: Route) => Boolean(route.request().headers()["next-action"]);
const isPageRequest = (route: Route) => {
  const headers = route.request().headers();
  return Boolean(headers.rsc) && !headers["next-router-prefetch"];
};

test.describe("translated by the browser", () => {
  test("the list lives on when results come", async ({ page, submission, dashboard, sandbox, leadName }) => {
    await sandbox.hold(true);
    await submission.submitFindEmail({ Name: leadName });
    await dashboard.open();
    await hydrated(page);
    await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
    await translate(page);
    const [job] = await sandbox.jobs();
    await sandbox.release(job?.taskId ?? "", EMAIL);
    await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
    await expect(dashboard.cell(leadName, "result")).toContainText("ada@engines.example");
    await expect(dashboard.pollNow(leadName)).toHaveCount(0);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Tasks");
    // Again, on what has been put back, and through a filter.
    await translate(page);
    await page.getByRole("searchbox", { name: "Search" }).fill(`${leadName} nobody`);
    await expect(page.getByText("No task fits")).toBeVisible();
    await page.getByRole("link", { name: "Show all tasks" }).click();
    await expect(dashboard.row(leadName)).toHaveCount(1);
  });

  test("a task's page lives on when its result comes", async ({
    page,
    submission,
    dashboard,
    sandbox,
    taskPage,
    leadName,
  }) => {
    await sandbox.hold(true);
    await submission.submitFindEmail({ Name: leadName });
    await dashboard.openTask(leadName);
    await expect(taskPage.section("History")).toContainText("Sixtyfour accepted");
    await translate(page);
    const [job] = await sandbox.jobs();
    await sandbox.release(job?.taskId ?? "", EMAIL);
    await expect(taskPage.section("Result")).toContainText("ada@engines.example");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(leadName);
    await expect(taskPage.pollNow).toHaveCount(0);
  });

  test("a submission's page lives on while results come", async ({ page, sandbox, leadName }) => {
    const list = new ListPage(page);
    await sandbox.hold(true);
    await list.open();
    await list.choose("two.csv", `Name\n${leadName} A\n${leadName} B\n`);
    await list.seeWhatItComesTo.click();
    await list.submit.click();
    await page.waitForURL("**/submissions/0*");
    await expect.poll(async () => (await sandbox.jobs()).length).toBeGreaterThan(0);
    await hydrated(page);
    await expect(page.getByRole("row").filter({ hasText: `${leadName} A` })).toHaveAttribute("data-status", "running");
    await translate(page);
    for (const { taskId } of await sandbox.jobs()) await sandbox.release(taskId);
    for (const one of ["A", "B"]) {
      const row = page.getByRole("row").filter({ hasText: `${leadName} ${one}` });
      await expect(row).toHaveAttribute("data-status", "completed");
      await expect(row).toContainText("Completed");
      await expect(row).not.toContainText("Running");
    }
  });
});

test.describe("a tab of an older build", () => {
  test("a form keeps what was typed, also when the page is loaded again", async ({
    page,
    submission,
    sandbox,
    leadName,
  }) => {
    await submission.open("people_intelligence");
    await submission.fill({ Name: leadName, Company: "Engines" });
    await submission.askFor(1, { name: "city", description: "Where they live" });
    await sendToNewBuild(page);
    await submission.submitButton.click();
    const alert = page.getByRole("alert").filter({ hasText: "A new version is available" });
    await expect(alert).toContainText("Nothing was done. Reload the page: your entries are kept.");
    await expect(alert).toBeFocused();
    await expect(submission.field("Name")).toHaveValue(leadName);
    await page.unroute("**/*");
    await alert.getByRole("button", { name: "Reload" }).click();
    await expect(alert).toHaveCount(0);
    await expect(submission.field("Name")).toHaveValue(leadName);
    await expect(submission.field("Description of field 1")).toHaveValue("Where they live");
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("a list is told in words for a person", async ({ page, leadName }) => {
    const list = new ListPage(page);
    await list.open();
    await list.choose("a.csv", `Name,Company\n${leadName},Engines\n`);
    await expect(list.counts).toBeVisible();
    await sendToNewBuild(page);
    await list.seeWhatItComesTo.click();
    const alert = page.getByRole("alert").filter({ hasText: "A new version is available" });
    await expect(alert).toContainText("Nothing was sent to Sixtyfour. Reload the page and choose the list again");
    await expect(page.getByText("Server Action")).toHaveCount(0);
    await expect(list.seeWhatItComesTo).toBeEnabled();
  });

  test("a list's kind outlives a reload, and edited rows are asked about before", async ({ page, leadName }) => {
    const list = new ListPage(page);
    await list.open();
    await page.getByLabel("What to do").selectOption("find_phone");
    await expect(page).toHaveURL(/\?kind=find_phone$/);
    await list.choose("a.csv", `Name,Website\n${leadName},no website\n`);
    const questions: string[] = [];
    page.on("dialog", (dialog) => {
      questions.push(dialog.type());
      void dialog.accept();
    });
    await page
      .getByRole("button", { name: /^Leave out/ })
      .first()
      .click();
    await expect(list.counts).toContainText("Left out1");
    await page.reload();
    expect(questions).toEqual(["beforeunload"]);
    await expect(page.getByLabel("What to do")).toHaveValue("find_phone");
    await page.reload();
    expect(questions).toHaveLength(1);
  });

  test("it is told once the tab is looked at again", async ({ page, submission, leadName }) => {
    await submission.open("find_email");
    await hydrated(page);
    await submission.fill({ Name: leadName });
    await page.route("**/api/health", (route) =>
      route.fulfill({ json: { status: "ok" }, headers: { "x-build": "newer" } }),
    );
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    const strip = page.getByRole("status").filter({ hasText: "A new version is available" });
    await expect(strip).toBeVisible();
    await page.unroute("**/api/health");
    await strip.getByRole("button", { name: "Reload" }).click();
    await expect(strip).toHaveCount(0);
    await expect(submission.field("Name")).toHaveValue(leadName);
  });

  test("a part whose code is gone leaves the page alone", async ({ context, stack }) => {
    // React tells the console of it, which the tests' own page must not.
    const tab = await context.newPage();
    await tab.goto(`${stack.app.url}/submissions/new?kind=find_email`);
    await hydrated(tab);
    await tab.getByLabel("Name", { exact: true }).fill("Ada");
    await tab.route("**/_next/static/chunks/**", (route) => route.fulfill({ status: 404, body: "" }));
    await tab.getByRole("button", { name: "Sandbox" }).click();
    const alert = tab.getByRole("alert").filter({ hasText: "could not be loaded" });
    await expect(alert).toBeVisible();
    await alert.getByRole("button", { name: "Close" }).click();
    await expect(alert).toHaveCount(0);
    await expect(tab.getByLabel("Name", { exact: true })).toHaveValue("Ada");
  });

  test("a part whose code is out of reach is loaded once the connection is back", async ({ context, page, stack }) => {
    await page.goto(`${stack.app.url}/submissions/new?kind=find_email`);
    await hydrated(page);
    await context.setOffline(true);
    await page.getByRole("button", { name: "Sandbox" }).click();
    await expect(page.getByRole("status").filter({ hasText: "You are offline" })).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" })).toHaveCount(0);
  });
});

test.describe("without a connection", () => {
  test("a form keeps what was typed, says so, and submits once when the connection is back", async ({
    page,
    context,
    submission,
    sandbox,
    leadName,
  }) => {
    await submission.open("find_email");
    await hydrated(page);
    await submission.fill({ Name: leadName });
    await context.setOffline(true);
    const strip = page.getByRole("status").filter({ hasText: "You are offline" });
    await expect(strip).toContainText(/Your entries are kept\. This page is shown as of \d\d:\d\d\./);
    await submission.submitButton.click();
    const alert = page.getByRole("alert").filter({ hasText: "You are offline" });
    await expect(alert).toContainText("Nothing was sent. Your entries are kept.");
    await expect(alert).toBeFocused();
    await expect(submission.field("Name")).toHaveValue(leadName);
    await context.setOffline(false);
    await expect(strip).toHaveCount(0);
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("another page opens when the connection is back, and this one stays until then", async ({
    page,
    context,
    leadName,
    submission,
  }) => {
    await submission.open("find_email");
    await hydrated(page);
    await submission.fill({ Name: leadName });
    await context.setOffline(true);
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-navigating");
    await expect(submission.field("Name")).toHaveValue(leadName);
    await context.setOffline(false);
    await page.waitForURL("**/overview");
    await expect(page.locator("html")).not.toHaveAttribute("data-navigating");
  });

  test("a submit while a page waits for the connection is told at once, and is not sent later", async ({
    page,
    context,
    submission,
    sandbox,
    leadName,
  }) => {
    await submission.open("find_email");
    await hydrated(page);
    await submission.fill({ Name: leadName });
    await context.setOffline(true);
    await page.getByRole("link", { name: "Overview" }).click();
    await expect(page.locator("html")).toHaveAttribute("data-navigating");
    await submission.submitButton.click();
    const alert = page.getByRole("alert").filter({ hasText: "You are offline" });
    await expect(alert).toContainText("Nothing was sent. Your entries are kept.");
    await expect(submission.submitButton).toBeEnabled();
    const actions: string[] = [];
    page.on("request", (request) => {
      if (request.headers()["next-action"]) actions.push(request.url());
    });
    await context.setOffline(false);
    await page.waitForURL("**/overview");
    await expect(page.locator("html")).not.toHaveAttribute("data-navigating");
    expect(actions).toEqual([]);
    expect(await sandbox.jobs()).toEqual([]);
  });

  test("a lost answer to a submit is told with its consequence, and a second press submits nothing more", async ({
    page,
    submission,
    sandbox,
    leadName,
  }) => {
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    await page.route("**/submissions/new*", async (route) => {
      if (!isAction(route)) return route.continue();
      await route.fetch({ maxRedirects: 0 });
      await route.abort();
    });
    await submission.submitButton.click();
    const alert = page.getByRole("alert").filter({ hasText: "The server can’t be reached" });
    await expect(alert).toContainText("The lead may have been submitted: the list of tasks shows it.");
    await expect(alert).toContainText(
      "Pressing Submit again without changes is safe. Changed entries are submitted and charged",
    );
    expect(await sandbox.jobs()).toHaveLength(1);
    await page.unroute("**/submissions/new*");
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    expect(await sandbox.jobs()).toHaveLength(1);
  });

  test("a lost answer to a list's confirmation never submits its leads twice, also where they were changed since", async ({
    page,
    sandbox,
    leadName,
  }) => {
    const list = new ListPage(page);
    const pressSubmitAndLoseAnswer = async ({ isDone }: { isDone: boolean }) => {
      await list.seeWhatItComesTo.click();
      await expect(list.submit).toBeVisible();
      await page.route("**/submissions/list*", async (route) => {
        if (!isAction(route)) return route.continue();
        if (isDone) await route.fetch({ maxRedirects: 0 });
        await route.abort();
      });
      await list.submit.click();
      const alert = page.getByRole("alert").filter({ hasText: "The server can’t be reached" });
      await expect(alert).toContainText("also where you change it");
      await page.unroute("**/submissions/list*");
    };
    const leads = async () => (await sandbox.jobs()).flatMap(({ body }) => (body.leads ?? [body.lead]) as object[]);
    await list.open();
    await list.choose("two.csv", `Name,Company\n${leadName} A,AE\n${leadName} B,AE\n`);

    // Not submitted: the changed list goes out, and a confirmation that comes late does nothing.
    await pressSubmitAndLoseAnswer({ isDone: false });
    await page.getByRole("radio", { name: /^Personal/ }).check();
    await pressSubmitAndLoseAnswer({ isDone: true });
    await expect.poll(async () => (await leads()).length).toBe(2);

    // Submitted: the page that is loaded again with a changed list opens it.
    await list.open();
    await list.choose("two.csv", `Name,Company\n${leadName} A,AE\n${leadName} B,BE\n`);
    await list.seeWhatItComesTo.click();
    await page.waitForURL("**/submissions/0*");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("two.csv");
    expect(await leads()).toHaveLength(2);

    // What is known now is asked about no more.
    await list.open();
    await list.choose("two.csv", `Name,Company\n${leadName} C,AE\n`);
    await list.seeWhatItComesTo.click();
    await expect(list.submit).toBeVisible();
  });

  test("a button in the list says so in its place", async ({ page, submission, dashboard, sandbox, leadName }) => {
    await sandbox.hold(true);
    await submission.submitFindEmail({ Name: leadName });
    await dashboard.open();
    await page.route("**/*", (route) => (isAction(route) ? route.abort() : route.continue()));
    await dashboard.pollNow(leadName).click();
    await expect(dashboard.row(leadName).getByRole("alert")).toContainText("The server can’t be reached");
    await page.unroute("**/*");
    await dashboard.pollNow(leadName).click();
    await expect(dashboard.row(leadName).getByRole("alert")).toHaveCount(0);
    await expect(dashboard.pollNow(leadName)).toBeEnabled();
  });
});

test("a dead server leaves the page as it was, and what was missed shows up when it is back", async ({
  page,
  stack,
  sandbox,
  leadName,
}, testInfo) => {
  const app = await stack.startAppWith({});
  const port = Number(new URL(app.url).port);
  await sandbox.hold(true);
  await page.goto(`${app.url}/submissions/new?kind=find_email`);
  await page.getByLabel("Name", { exact: true }).fill(leadName);
  await page.getByRole("button", { name: "Submit", exact: true }).click();
  await page.waitForURL("**/?submitted=*");
  const row = page.getByRole("row").filter({ hasText: leadName });
  await expect(row).toHaveAttribute("data-status", "running");
  await app.kill();
  const strip = page.getByRole("status").filter({ hasText: "The server can’t be reached" });
  await expect(strip).toContainText(/This page is shown as of \d\d:\d\d\./);
  await row.getByRole("button", { name: "Poll now" }).click();
  await expect(row.getByRole("alert")).toContainText("The server can’t be reached");
  await expect(row).toHaveAttribute("data-status", "running");
  await inspect(page, testInfo, "dead server");
  await page.getByRole("link", { name: "Overview" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-navigating");
  const again = await stack.startAppWith({}, port);
  await page.waitForURL("**/overview");
  await expect(strip).toHaveCount(0);
  await page.goBack();
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "", EMAIL);
  await expect(row).toHaveAttribute("data-status", "completed");
  await again.stop();
});

test.describe("a server that does not answer", () => {
  test("an action ends after 30 seconds and says what that means", async ({ page, submission, leadName }) => {
    await page.clock.install();
    await submission.open("find_email");
    await submission.fill({ Name: leadName });
    let asked = 0;
    await page.route("**/submissions/new*", (route) => {
      if (!isAction(route)) return route.continue();
      // It is never answered.
      asked += 1;
    });
    await expect(async () => {
      if (asked === 0) await submission.submitButton.click({ timeout: 1_000 });
      expect(asked).toBe(1);
    }).toPass();
    await page.clock.runFor(31_000);
    const alert = page.getByRole("alert").filter({ hasText: "The server did not answer in time" });
    await expect(alert).toContainText("Pressing Submit again without changes is safe");
    await expect(submission.field("Name")).toHaveValue(leadName);
    await expect(submission.submitButton).toBeEnabled();
    await page.unroute("**/submissions/new*");
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
  });

  test("a page on its way is told by a bar at once, and in words after 10 seconds", async ({
    page,
    dashboard,
    submission,
    leadName,
  }, testInfo) => {
    await submission.submitFindEmail({ Name: leadName });
    await page.clock.install();
    await dashboard.open();
    await hydrated(page);
    let held = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/*", async (route) => {
      if (isPageRequest(route)) {
        held += 1;
        await released;
      }
      await route.continue();
    });
    await page.getByLabel("Kind").selectOption({ index: 1 });
    const bar = page.locator(".navigation-progress");
    await expect(bar).toBeVisible();
    await expect(page.getByRole("main").getByRole("table")).toHaveCSS("opacity", "0.8");
    await expect.poll(() => held).toBeGreaterThan(0);
    await page.clock.runFor(11_000);
    const strip = page.getByRole("status").filter({ hasText: "The server is slow to answer" });
    await expect(strip).toBeVisible();
    if (process.env.PICTURES) await page.screenshot({ path: testInfo.outputPath("slow.png") });
    release();
    await page.waitForURL("**/?kind=*");
    await expect(bar).toBeHidden();
    await expect(strip).toHaveCount(0);
  });
});

test("no time is in the future where the browser's clock is an hour behind", async ({
  page,
  submission,
  dashboard,
  leadName,
}) => {
  await submission.submitFindEmail({ Name: leadName });
  await page.clock.install({ time: new Date(Date.now() - 3_600_000) });
  await dashboard.open();
  await hydrated(page);
  await page.clock.runFor(15_000);
  await expect(dashboard.cell(leadName, "submitted")).toContainText(/just now|min\. ago/);
});

test("new states are readable in light and dark, on a wide and a narrow screen", async ({
  page,
  context,
  submission,
  leadName,
}, testInfo) => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await submission.open("find_email");
    await hydrated(page);
    await submission.fill({ Name: leadName });
    await sendToNewBuild(page);
    await submission.submitButton.click();
    await expect(page.getByRole("alert").filter({ hasText: "A new version is available" })).toBeVisible();
    await inspect(page, testInfo, `new version ${width}`);
    await page.unroute("**/*");
    await context.setOffline(true);
    await submission.submitButton.click();
    await expect(page.getByRole("alert").filter({ hasText: "You are offline" })).toBeVisible();
    await inspect(page, testInfo, `offline ${width}`);
    await context.setOffline(false);
  }
});
