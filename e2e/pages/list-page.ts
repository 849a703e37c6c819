import type { Locator, Page } from "@playwright/test";

export class ListPage {
  constructor(readonly page: Page) {}

  async open(kind = "find_email"): Promise<void> {
    await this.page.goto(`/submissions/list?kind=${kind}`);
  }

  /** Chooses a file with these bytes. */
  async choose(name: string, content: Buffer | string): Promise<void> {
    const buffer = typeof content === "string" ? Buffer.from(content) : content;
    await this.page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer });
  }

  async paste(text: string): Promise<void> {
    await this.page.getByRole("button", { name: "Paste from a spreadsheet instead" }).click();
    await this.page.getByLabel("Rows from a spreadsheet").fill(text);
    await this.page.getByRole("button", { name: "Read them" }).click();
  }

  column(name: string): Locator {
    return this.page.getByLabel(`What ${name} is`, { exact: true });
  }

  get counts(): Locator {
    return this.page.getByRole("status", { name: "What the rows come to" });
  }

  badRow(row: number): Locator {
    return this.page.getByRole("form", { name: `Row ${row}`, exact: true });
  }

  get seeWhatItComesTo(): Locator {
    return this.page.getByRole("button", { name: "Review cost" });
  }

  get quote(): Locator {
    return this.page.getByRole("region", { name: "Cost estimate" });
  }

  get submit(): Locator {
    return this.page.getByRole("button", { name: /^Submit [\d,]+ leads?$/ });
  }
}
