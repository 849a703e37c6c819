import type { Page, TestInfo } from "@playwright/test";
import axe, { type AxeResults, type RunOptions } from "axe-core";
import { expect, test } from "@/e2e/fixtures";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Looks at a page as it stands now, in light and in dark: axe finds nothing, and nothing scrolls sideways. Between the
 * schemes only colours differ, so the second look is at those. PICTURES=1 keeps pictures, which take as long as all else.
 */
export async function inspect(page: Page, testInfo: TestInfo, name: string): Promise<void> {
  await test.step(name, async () => {
    // Next gives a page that is opened from another its title a moment after its content.
    await expect(page).toHaveTitle(/./);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
      const { violations } = await runAxe(page, {
        runOnly: colorScheme === "light" ? WCAG : ["color-contrast"],
        // What passes need not be told in detail.
        resultTypes: ["violations"],
      });
      const found = violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ html }) => html) }));
      expect.soft(found, `${name} in ${colorScheme}`).toEqual([]);
      if (process.env.PICTURES) {
        await page.screenshot({ path: testInfo.outputPath(`${name}-${colorScheme}.png`), fullPage: true });
      }
    }
    const { width } = page.viewportSize() ?? { width: 0 };
    expect.soft(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width);
  });
}

/** Once what moves has come to its end, without waiting for it. Axe is 600 kB, which a document reads once. */
async function runAxe(page: Page, options: RunOptions): Promise<AxeResults> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(async (given) => {
    for (const moving of document.getAnimations()) {
      if (moving.effect?.getComputedTiming().endTime !== Infinity) moving.finish();
    }
    return (window as unknown as { axe: typeof axe }).axe.run(document, given);
  }, options);
}
