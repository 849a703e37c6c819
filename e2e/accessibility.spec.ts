import { expect, test } from "@/e2e/fixtures";
import { inspect } from "@/e2e/inspect-page";
import { ListPage } from "@/e2e/pages/list-page";

for (const width of [1440, 390]) {
  test(`every page is accessible at ${width} px, in light and in dark`, async ({
    page,
    submission,
    sandbox,
    dashboard,
    leadName,
  }, testInfo) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height: 900 });
    const look = (name: string) => inspect(page, testInfo, name);

    await submission.submitFindEmail({ Name: `${leadName} Found`, Company: "Analytical Engines" });
    await expect(dashboard.cell(`${leadName} Found`, "status")).toHaveText("Completed");
    await submission.submitFindEmail({ Name: `${leadName} Fails`, Company: "Fails Inc" });
    await expect(dashboard.cell(`${leadName} Fails`, "status")).toHaveText("Failed");
    await sandbox.nextSubmit({ status: 402, body: { detail: "Insufficient credits" } });
    await submission.open("find_email");
    await submission.fill({ Name: `${leadName} Held`, Company: "Analytical Engines" });
    await submission.submitButton.click();
    await expect(page.getByText("Not enough credits at Sixtyfour").first()).toBeVisible();
    await sandbox.hold(true);
    await submission.submitFindEmail({ Name: `${leadName} Runs`, Company: "Analytical Engines" });
    await expect(dashboard.cell(`${leadName} Runs`, "status")).toHaveText("Running");

    await page.goto("/");
    await expect(page.getByRole("region", { name: /need/ })).toBeVisible();
    await look("tasks");
    await page.getByLabel(`Select ${leadName} Fails`).check();
    await expect(page.getByRole("region", { name: "Selected tasks" })).toBeVisible();
    await look("tasks-selected");
    await page.getByRole("button", { name: "Erase" }).click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await look("tasks-erase");
    await page.goto("/?q=nobodyatall&since=7d&from=2026-01-01");
    await page.getByRole("button", { name: "Views" }).click();
    await look("tasks-none");

    await page.goto("/overview?since=24h");
    const figures = page.getByRole("region", { name: "How results came", exact: true });
    await figures.getByText("As a table").click();
    await expect(figures.locator("svg a").first()).toBeVisible();
    await look("overview");
    for (const state of ["Found", "Fails", "Held", "Runs"]) {
      await page.goto(`/?q=${encodeURIComponent(`${leadName} ${state}`)}`);
      await dashboard.openTask(`${leadName} ${state}`);
      await expect(page.getByRole("heading", { level: 1 })).toContainText(leadName);
      if (state === "Runs") {
        await page.getByRole("button", { name: /^Poll now/ }).click();
        await page.getByRole("button", { name: /^Messages, 1 unread/ }).click();
        await expect(page.getByRole("dialog", { name: "Messages" }).getByRole("listitem")).toHaveCount(1);
      }
      await look(`task-${state.toLowerCase()}`);
    }

    await page.goto(`/?q=${encodeURIComponent(`${leadName} Found`)}`);
    await dashboard.openTask(`${leadName} Found`);
    await page.getByRole("link", { name: "Submit again" }).click();
    await expect(submission.field("Name")).toHaveValue(`${leadName} Found`);
    await submission.fill({ Company: "Elsewhere" });
    await submission.submitButton.click();
    await page.waitForURL("**/?submitted=*");
    const again = (await sandbox.jobs()).at(-1);
    await sandbox.release(again?.taskId ?? "", { status: "completed", result: { email: [["a@b.example", "OK"]] } });
    await page
      .getByRole("link", { name: `${leadName} Found` })
      .first()
      .click();
    await expect(page.getByRole("table", { name: "What was found" })).toBeVisible();
    await look("task-changed");

    // Between them they have every part that a form can have.
    for (const kind of ["find_email", "company_intelligence", "qa_agent"]) {
      await submission.open(kind);
      await look(`new-${kind}`);
    }
    await submission.open("company_intelligence");
    await submission.submitButton.click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await look("new-wrong");

    const list = new ListPage(page);
    await list.open("people_intelligence");
    await list.choose("people.csv", `Name,Website\n${leadName} A,a.example\n${leadName} B,no site\n`);
    await expect(list.counts).toContainText("To mend1");
    await look("list-to-mend");
    await page.getByRole("button", { name: "Leave out", exact: true }).click();
    await list.seeWhatItComesTo.click();
    await expect(list.submit).toBeVisible();
    await look("list-quote");
    await list.submit.click();
    await expect(page.getByRole("link", { name: /^Running 1/ })).toBeVisible();
    await look("submission");
    await page.goto("/submissions");
    await look("submissions");

    await page.goto("/deliveries");
    await expect(page.getByRole("table")).toBeVisible();
    await look("deliveries");
    await page.getByRole("table").getByRole("link").first().click();
    await page.waitForURL("**/deliveries/*");
    await look("delivery");

    await page.goto("/setup");
    await page.getByRole("button", { name: "Run the preflight" }).click();
    await expect(page.getByRole("status", { name: "Last preflight" })).toContainText("In the log of deliveries");
    await look("setup");

    await page.goto("/settings/api-tokens");
    await page.getByLabel("What it is for").fill(leadName);
    await page.getByRole("button", { name: "Make a token" }).click();
    await expect(page.getByText("can’t be shown again")).toBeVisible();
    await look("api-tokens");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("textbox").fill(leadName);
    await expect(page.getByText(/\d tasks shown/)).toBeVisible();
    await look("palette");
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await look("shortcuts");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sandbox" }).click();
    await page.getByRole("button", { name: "Cause it: Job fails" }).click();
    await expect(page.getByText("What to see:")).toBeVisible();
    await look("sandbox");

    await page.goto("/nothing/here");
    await look("not-found");
  });
}
