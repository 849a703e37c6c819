import type { Page } from "@playwright/test";

/** React has taken over each part of the page, and what follows translators is there. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const parts = [...document.querySelectorAll("button")];
    const isTaken = (part: Element) => Object.keys(part).some((key) => key.startsWith("__reactProps"));
    return parts.length > 1 && parts.every(isTaken) && !/native code/.test(String(Node.prototype.removeChild));
  });
}
