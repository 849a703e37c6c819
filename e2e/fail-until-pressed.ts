import type { Page } from "@playwright/test";

/** What a route answers while Postgres is away. */
export const DATABASE_IS_DOWN = {
  status: 503,
  contentType: "application/problem+json",
  body: '{"detail":"The database is down."}',
};

declare global {
  interface Window {
    wasPressed?: boolean;
  }
}

/**
 * Answers what the page asks of `url` (a glob) with the error of a database that is down, until something on the page
 * is pressed. The page also asks by itself at any moment: mended any earlier, an error could go before the press.
 */
export async function failUntilPressed(page: Page, url: string): Promise<void> {
  await page.evaluate(() => {
    window.wasPressed = false;
    // Before the page's own listeners: what the press asks for is answered.
    window.addEventListener(
      "click",
      () => {
        window.wasPressed = true;
      },
      { capture: true, once: true },
    );
  });
  await page.route(url, async (route) => {
    if (await page.evaluate(() => window.wasPressed)) await route.continue();
    else await route.fulfill(DATABASE_IS_DOWN);
  });
}
