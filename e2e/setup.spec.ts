import { test as base, expect } from "@/e2e/fixtures";
import { type Stack, startStack } from "@/e2e/stack";
import { freePort } from "@/scripts/local/free-port";

/** A stack of its own: what other tests leave in a log is what the checklist would point at. */
const test = base.extend<object, { stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
});

test("the checklist is in order in a right stack, and its preflight arrives, with and without JavaScript", async ({
  page,
  browser,
  stack,
}) => {
  await page.goto("/settings");
  await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Setup" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Setup" })).toBeVisible();
  const summary = page.getByRole("region", { name: /not known|in order/i });
  await expect(summary).toContainText("1 thing not known");
  await expect(page.getByRole("listitem", { name: "API key" })).toContainText("all results are made up");
  await expect(page.getByRole("listitem", { name: "Migrations" })).toContainText("In order");

  const point = page.getByRole("listitem", { name: "Preflight" });
  await expect(point).toContainText("It was not run yet.");
  await point.getByRole("button", { name: "Run the preflight" }).click();
  await expect(point).toContainText("It arrived at this database as it was sent");
  await expect(point).toContainText("signed with the first secret");
  await expect(summary).toContainText("In order, for a sandbox");
  await point.getByRole("link", { name: "See the delivery" }).click();
  await expect(page.getByText("Preflight", { exact: true })).toBeVisible();
  await expect(page.getByRole("cell", { name: "dashboard.preflight" })).toBeVisible();

  // An address that leads nowhere, in another copy of the app.
  const app = await stack.startAppWith({ APP_URL: `http://127.0.0.1:${await freePort()}` });
  const plain = await browser.newContext({ javaScriptEnabled: false });
  try {
    const plainPage = await plain.newPage();
    await plainPage.goto(`${app.url}/setup`);
    const plainPoint = plainPage.getByRole("listitem", { name: "Preflight" });
    await expect(plainPoint).toContainText("The last one went by other settings than today’s.");
    await plainPoint.getByRole("button", { name: "Run the preflight" }).click();
    await expect(plainPoint).toContainText("refuses connections");
    await plainPage.getByRole("link", { name: "Check again" }).click();
    await expect(plainPoint).toContainText("To mend");
    await expect(plainPoint).toContainText("No answer: the connection was refused.");
  } finally {
    await plain.close();
    await app.stop();
  }
});
