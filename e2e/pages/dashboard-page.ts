import type { Locator, Page } from "@playwright/test";

export class DashboardPage {
  constructor(readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto("/");
  }

  row(leadName: string): Locator {
    return this.page.getByRole("row").filter({ hasText: leadName });
  }

  cell(leadName: string, column: "status" | "result" | "submitted" | "delivered"): Locator {
    return this.row(leadName).locator(`[data-column="${column}"]`);
  }

  pollNow(leadName: string): Locator {
    return this.row(leadName).getByRole("button", { name: "Poll now" });
  }

  async openTask(leadName: string): Promise<void> {
    await this.row(leadName).getByRole("link").click();
    await this.page.waitForURL("**/tasks/*");
  }

  /** What the last press of a button brought, where it was said. */
  notification(text: string): Locator {
    return this.page.getByRole("status").or(this.page.getByRole("alert")).filter({ hasText: text });
  }
}
