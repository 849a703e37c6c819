import { expect, test } from "@/e2e/fixtures";

test("the palette finds a task by name, and knows commands", async ({ page, submission, dashboard, leadName }) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await page.goto("/submissions");
  const palette = page.getByRole("dialog");
  // Keys do nothing until the page has hydrated.
  await expect(async () => {
    await page.keyboard.press("Control+k");
    await expect(palette.getByRole("textbox")).toBeVisible({ timeout: 5_000 });
  }).toPass();
  await palette.getByRole("textbox").fill(leadName);
  await expect(palette.getByText("1 task shown")).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/tasks/*");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(leadName);

  await page.getByRole("button", { name: "Search and commands" }).click();
  await palette.getByRole("textbox").fill("qualify");
  await palette.getByRole("button", { name: "New: Qualify a lead" }).click();
  await page.waitForURL("**/submissions/new?kind=qa_agent");

  await page.keyboard.press("Control+k");
  await palette.getByRole("textbox").fill(`${leadName} nobody`);
  await expect(palette.getByText("No task fits")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText("No task fits")).toBeVisible();
});

test("of the palette's dialog the list alone scrolls, and its foot stays in sight", async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 500 });
  await page.goto("/submissions/new");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await expect(palette.getByRole("button", { name: "Go to Overview" })).toBeVisible();
  await expect(palette.getByText("Arrows to choose")).toBeInViewport();
  const scrolling = await palette.evaluate((dialog) =>
    [dialog, ...dialog.querySelectorAll("*")]
      .filter(({ scrollHeight, clientHeight }) => scrollHeight > clientHeight + 1)
      .filter((element) => /auto|scroll/.test(getComputedStyle(element).overflowY))
      .map((element) => element.className),
  );
  expect(scrolling).toEqual([expect.stringContaining("ScrollArea-viewport")]);
});

test("what is behind a dialog does not scroll, and is not drawn anew for it", async ({ page }) => {
  await page.goto("/submissions/new");
  const styleOfBody = await page.locator("body").getAttribute("style");
  await page.mouse.move(20, 600);
  /** Of each turn of the wheel, whether it was held back. */
  const turns = await page.evaluateHandle(() => {
    const held: boolean[] = [];
    addEventListener("wheel", ({ defaultPrevented }) => held.push(defaultPrevented));
    return held;
  });
  await page.mouse.wheel(0, 200);
  await expect.poll(() => turns.jsonValue()).toEqual([false]);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("button", { name: "Go to Overview" })).toBeVisible();
  await page.mouse.wheel(0, 200);
  await expect.poll(() => turns.jsonValue()).toEqual([false, true]);
  // What holds for the body holds for all that is in it.
  await expect(page.locator("body")).not.toHaveAttribute("data-scroll-locked");
  expect(await page.locator("body").getAttribute("style")).toBe(styleOfBody);
});

test("the parts of the dashboard stand in one row, however wide the window", async ({ page }) => {
  await page.goto("/submissions");
  const links = page.getByRole("navigation", { name: "Main" }).getByRole("link");
  await expect(links).toHaveCount(5);
  for (const width of [1440, 1140, 1130, 1000, 870, 860, 710, 600, 390]) {
    await page.setViewportSize({ width, height: 900 });
    const tops = await links.evaluateAll((all) => all.map((link) => Math.round(link.getBoundingClientRect().top)));
    expect(new Set(tops).size, `at ${width} px`).toBe(1);
    const isCut = await page.getByRole("banner").evaluate((header) => header.scrollWidth > header.clientWidth);
    expect(isCut, `at ${width} px`).toBe(false);
  }
});

test("single keys go places, move through the list and select; not while something is typed, nor once switched off", async ({
  page,
  submission,
  dashboard,
  leadName,
}) => {
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await page.goto("/");
  await page.keyboard.press("j");
  await expect(page.getByRole("row").nth(1).getByRole("link").first()).toBeFocused();
  await page.keyboard.press("x");
  await expect(page.getByRole("region", { name: "Selected tasks" })).toBeVisible();
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("gn");
  await expect(page.getByRole("searchbox")).toHaveValue("gn");
  await page.waitForURL("**/?q=gn");
  await page.getByRole("searchbox").blur();
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.waitForURL("**/overview");
  await page.keyboard.press("n");
  await page.waitForURL("**/submissions/new");

  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet.getByRole("row", { name: "n New submission" })).toBeVisible();
  await sheet.getByRole("switch", { name: "Shortcuts of a single key" }).click();
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expect(sheet).toBeHidden();
});

test("what was said can be read again, also after a reload, until it is cleared", async ({
  page,
  sandbox,
  submission,
  dashboard,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await dashboard.pollNow(leadName).click();
  await expect(dashboard.notification("still")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Messages, 1 unread" }).click();
  const panel = page.getByRole("dialog", { name: "Messages" });
  await expect(panel.getByRole("listitem")).toContainText(leadName);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Messages", exact: true }).click();
  await panel.getByRole("button", { name: "Clear" }).click();
  await expect(panel.getByRole("listitem")).toHaveCount(0);
});

test("the browser tells in another tab that a lead has ended, once a person has switched that on", async ({
  page,
  context,
  sandbox,
  submission,
  dashboard,
  leadName,
}) => {
  await context.grantPermissions(["notifications"]);
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    class Recorded extends EventTarget {
      static permission = "granted";
      static requestPermission = async () => "granted";
      constructor(title: string) {
        super();
        told.push(title);
      }
    }
    Object.assign(window, { Notification: Recorded });
  });
  await page.clock.install();
  await page.goto("/submissions");
  await page.getByRole("button", { name: /^Messages/ }).click();
  const wanted = page.getByRole("switch", { name: "Tell me when submissions end" });
  await wanted.click();
  await expect(wanted).toBeChecked();
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName, Company: "Analytical Engines" });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  // As another tab hides this one; what the page asks then is asked by the watch alone.
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { get: () => true });
    Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await expect
    .poll(async () => {
      await page.clock.fastForward("00:31");
      return told();
    })
    .toEqual([leadName]);
});
