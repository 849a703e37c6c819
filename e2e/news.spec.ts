import type { BrowserContext, Request } from "@playwright/test";
import { expect, test } from "@/e2e/fixtures";
import { DashboardPage } from "@/e2e/pages/dashboard-page";
import { OPEN_STATUSES } from "@/lib/tasks/task-status";

/** More than a browser has connections to one host. */
const MANY_TABS = 7;

const pathOf = (request: Request) => new URL(request.url()).pathname;
const isStream = (request: Request) => pathOf(request) === "/api/news/stream";

/** Collects what a browser asks of our routes from now on. */
function collect(context: BrowserContext): Request[] {
  const requests: Request[] = [];
  context.on("request", (request) => {
    if (pathOf(request).startsWith("/api/")) requests.push(request);
  });
  return requests;
}

test("a result is on the screen without the list being asked for, and so is what another browser submits", async ({
  page,
  browser,
  submission,
  dashboard,
  sandbox,
  stack,
  leadName,
}) => {
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const streaming = page.waitForResponse((response) => isStream(response.request()));
  await dashboard.open();
  await streaming;
  const requests = collect(page.context());
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
  await expect(page.getByRole("status", { name: "News" })).toHaveText(`${leadName}: completed.`);
  const ofList = requests.filter((request) => pathOf(request) === "/api/tasks");
  expect(ofList.map((request) => new URL(request.url()).searchParams.get("ids"))).not.toContain(null);

  const other = await browser.newContext({ baseURL: stack.app.url });
  const otherPage = await other.newPage();
  await otherPage.goto("/submissions/new?kind=find_email");
  await otherPage.getByLabel("Name", { exact: true }).fill(`${leadName} II`);
  await otherPage.getByRole("button", { name: "Submit", exact: true }).click();
  await expect(dashboard.cell(`${leadName} II`, "status")).toHaveText("Running");
  // Other tests may have left some open, which end meanwhile.
  await expect(async () => {
    const counts = await (await page.request.get("/api/tasks/counts")).json();
    const open = OPEN_STATUSES.reduce((total, status) => total + counts.byStatus[status], 0);
    expect(open).toBeGreaterThan(0);
    await expect(page).toHaveTitle(`(${open}) Tasks · Sixtyfour dashboard`, { timeout: 5_000 });
  }).toPass();
  await other.close();
});

test("where the stream can't be had, a tab asks what is new", async ({
  page,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  await page.route("**/api/news/stream*", (route) => route.abort());
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  await expect(dashboard.cell(leadName, "status")).toHaveText("Completed");
});

test("tabs share one stream, which the next has when the first is closed, and none waits for a connection", async ({
  page,
  context,
  submission,
  dashboard,
  sandbox,
  leadName,
}) => {
  const streams = collect(context);
  const openStreams = () => streams.filter(isStream).length;
  await sandbox.hold(true);
  await submission.submitFindEmail({ Name: leadName });
  await expect(dashboard.cell(leadName, "status")).toHaveText("Running");
  const tabs = await Promise.all(Array.from({ length: MANY_TABS }, () => context.newPage()));
  await Promise.all(tabs.map((tab) => tab.goto("/")));
  const cells = tabs.map((tab) => new DashboardPage(tab).cell(leadName, "status"));
  for (const cell of cells) await expect(cell).toHaveText("Running");
  expect(openStreams()).toBe(1);
  await page.close();
  await expect.poll(openStreams).toBe(2);
  const [job] = await sandbox.jobs();
  await sandbox.release(job?.taskId ?? "");
  for (const cell of cells) await expect(cell).toHaveText("Completed");
  expect(openStreams()).toBe(2);
});
