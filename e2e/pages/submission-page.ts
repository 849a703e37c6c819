import type { Locator, Page } from "@playwright/test";

export class SubmissionPage {
  constructor(readonly page: Page) {}

  async open(kind: string): Promise<void> {
    await this.page.goto(`/submissions/new?kind=${kind}`);
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
  }

  async askFor(index: number, field: { name: string; description: string; type?: string }): Promise<void> {
    await this.field(`Name of field ${index}`).fill(field.name);
    await this.field(`Description of field ${index}`).fill(field.description);
    if (field.type) await this.field(`Type of field ${index}`).selectOption(field.type);
  }

  get submitButton(): Locator {
    return this.page.getByRole("button", { name: "Submit", exact: true });
  }

  /** Fills in and submits a lead of the simplest kind, and waits for the dashboard. */
  async submitFindEmail(values: Record<string, string>): Promise<void> {
    await this.open("find_email");
    await this.fill(values);
    await this.submitButton.click();
    await this.page.waitForURL("**/?submitted=*");
  }
}
