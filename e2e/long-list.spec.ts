import postgres from "postgres";
import { firstIdAt } from "@/db/first-id-at";
import { expect, test } from "@/e2e/fixtures";

const COUNT = 250;
/** Older than all that other tests make, and than any overview of theirs shows. */
const MADE_AT = new Date(Date.now() - 40 * 86_400_000);

test("of a long list only what is near the screen is in the document, and all of it is reached, selected and printed", async ({
  page,
  stack,
  leadName,
}) => {
  const database = postgres(stack.databaseUrl, { max: 1 });
  const firstId = firstIdAt(MADE_AT.getTime()).slice(0, 18);
  await database`
    with made as (
      insert into submissions (id, kind, source, lead_count, request_key, created_at, confirmed_at, prepared_at)
      select (${firstId} || '-8001-' || substr(md5(${leadName}), 1, 12))::uuid, 'find_email', 'form', ${COUNT}::int, ${leadName}, ${MADE_AT}, ${MADE_AT}, ${MADE_AT} returning id
    ), sent as (
      insert into tasks (id, submission_id, kind, status, request, result, created_at, ended_at)
      select (${firstId} || '-8000-' || substr(md5(${leadName}), 1, 8) || lpad(to_hex(n), 4, '0'))::uuid, made.id,
        'find_email', 'completed', '{}', '{"email": []}', ${MADE_AT}::timestamptz, ${MADE_AT}::timestamptz
      from made, generate_series(1, ${COUNT}::int) as n returning id, submission_id
    )
    insert into leads (id, submission_id, row, task_id, position, fields)
    select gen_random_uuid(), submission_id, row_number() over (), id, 0, json_build_object('name', ${leadName}::text) from sent`;
  await database.end();
  const table = page.getByRole("table", { name: /^Tasks/ });
  const rows = table.locator("tbody tr[role=row]");

  /** Chromium loses a key that is pressed in the moment in which the scrolling of the one before it ends. */
  const scrollBy = async (key: "Home" | "End") => {
    const scrolling = await page.evaluateHandle(() => ({
      over: new Promise<void>((resolve) => addEventListener("scrollend", () => resolve(), { once: true })),
    }));
    await page.keyboard.press(key);
    await scrolling.evaluate(({ over }) => over);
  };

  await page.goto(`/?q=${encodeURIComponent(leadName)}`);
  for (let shown = 100; shown <= COUNT; shown += 50) {
    await page.getByRole("button", { name: "Show older tasks" }).click();
    if (shown <= 200) await expect(rows).toHaveCount(shown);
  }
  await expect(table).toHaveAttribute("aria-rowcount", String(COUNT + 1));
  await expect.poll(() => rows.count()).toBeLessThan(200);

  await scrollBy("End");
  await expect(rows.last()).toHaveAttribute("aria-rowindex", String(COUNT + 1));
  await scrollBy("Home");
  await expect(rows.first()).toHaveAttribute("aria-rowindex", "2");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(rows.nth(1).getByRole("link").first()).toBeFocused();
  const focused = await rows.nth(1).getByRole("link").first().getAttribute("href");
  await scrollBy("End");
  await expect(rows.last()).toHaveAttribute("aria-rowindex", String(COUNT + 1));
  expect(await page.evaluate(() => document.activeElement?.getAttribute("href"))).toBe(focused);

  await scrollBy("Home");
  await page.getByLabel("Select all that are shown").check();
  await expect(page.getByRole("region", { name: "Selected tasks" })).toContainText(`${COUNT} selected`);
  await scrollBy("End");
  await expect(rows.last().getByRole("checkbox")).toBeChecked();

  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  await expect(rows).toHaveCount(COUNT);
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  await expect.poll(() => rows.count()).toBeLessThan(200);
});
