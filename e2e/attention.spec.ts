import postgres from "postgres";
import { expect, test } from "@/e2e/fixtures";

test("what needs a person stands at the top with where to go, and is gone once it is done", async ({
  page,
  submission,
  sandbox,
  stack,
  leadName,
}) => {
  const needed = page.getByRole("region", { name: /need/ });
  const sql = postgres(stack.databaseUrl, { max: 1 });
  // What other tests have left.
  await sql`update tasks set status = 'cancelled', ended_at = now() where status in ('queued', 'unconfirmed')`;
  await sql`update submissions set paused_at = null, pause_reason = null`;
  await sql`update deliveries set seen_at = now()`;
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Tasks" })).toBeVisible();
  await expect(needed).toBeHidden();

  await sandbox.nextSubmit({ status: 402, body: { detail: "Insufficient credits" } });
  await submission.open("find_email");
  await submission.fill({ Name: leadName, Company: "Analytical Engines" });
  await submission.submitButton.click();
  await expect(page.getByText("Not enough credits at Sixtyfour").first()).toBeVisible();
  await page.goto("/");
  await expect(needed).toContainText("1 task was not accepted, and waits to be sent again.");
  await sql`insert into deliveries (id, outcome, signature, headers, body, received_at)
    values (gen_random_uuid(), 'unmatched', 'valid', '{}', '', now() - interval '5 minutes')`;
  await sql.end();
  await page.reload();
  await expect(needed).toContainText("2 things need you");
  await expect(needed).toContainText("1 webhook came with a task_id that no task has.");
  await needed.getByRole("button", { name: "Seen" }).click();
  await expect(needed).toContainText("Something needs you");
  await expect(needed).not.toContainText("webhook");

  await needed.getByRole("link", { name: "See it" }).click();
  await page.waitForURL("**/?status=queued");
  await page.getByRole("link", { name: leadName }).click();
  await page.getByRole("button", { name: "Send now" }).click();
  await expect(page.getByText("Completed").first()).toBeVisible();
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Tasks" })).toBeVisible();
  await expect(needed).toBeHidden();
});
