import { expect, test } from "@/e2e/fixtures";
import { SIGN_IN_VARIABLES, signIn } from "@/e2e/sign-in";

/** What one sees in the panel once each fault was caused, in the order of what happens. */
const SEEN: Record<string, (string | RegExp)[]> = {
  "Webhook comes twice": ["Completed", "A duplicate"],
  "Webhook is forged": ["Completed", "Refused"],
  "Answer to the submit is lost": ["Recovered", "Completed"],
  "Out of credits (402)": ["Queued", "Not accepted"],
  "Sixtyfour is down (503)": ["Unconfirmed", "Submitted, but not confirmed"],
  "Job fails": ["Failed"],
};

test("the sandbox panel causes faults, and shows what the app makes of them", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Sandbox" }).click();
  for (const [title, words] of Object.entries(SEEN)) {
    await page.getByRole("button", { name: `Cause it: ${title}` }).click();
    const fault = page.getByRole("region", { name: title, exact: true });
    for (const seen of words) await expect(fault.getByText(seen).first()).toBeVisible();
    await expect(fault.getByText("What to see:")).toBeVisible();
  }
  await page.getByRole("region", { name: "Job fails" }).getByRole("link", { name: "Open the task" }).click();
  await page.waitForURL("**/tasks/*");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Job fails");
});

test("a lost or a late webhook, and one signed anew, are made good by a poll", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Sandbox" }).click();
  for (const title of ["Webhook is lost", "Secret is rotated"]) {
    await page.getByRole("button", { name: `Cause it: ${title}` }).click();
    const fault = page.getByRole("region", { name: title, exact: true });
    if (title === "Secret is rotated") await expect(fault.getByText("Refused").first()).toBeVisible();
    await fault.getByRole("button", { name: /^Poll now/ }).click();
    await expect(fault.getByText("Delivered by poll.")).toBeVisible();
  }
  await page.getByRole("button", { name: "Cause it: Webhook comes late" }).click();
  await expect(
    page.getByRole("region", { name: "Webhook comes late" }).getByText("It brought the result."),
  ).toBeVisible();
});

test("an app with the real API offers no faults", async ({ page, stack }) => {
  const apiUrl = stack.sandboxUrl.replace("127.0.0.1", "0.0.0.0");
  const app = await stack.startAppWith({ SIXTYFOUR_API_URL: apiUrl, ...SIGN_IN_VARIABLES });
  try {
    await page.goto(app.url);
    await signIn(page);
    await expect(page.getByRole("heading", { level: 1, name: "Tasks" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Sandbox" })).toHaveCount(0);
  } finally {
    await app.stop();
  }
});
