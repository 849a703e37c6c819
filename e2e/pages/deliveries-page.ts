import type { Locator, Page } from "@playwright/test";

/** The log of deliveries, and the page of one. */
export class DeliveriesPage {
  constructor(readonly page: Page) {}

  async open(search = ""): Promise<void> {
    await this.page.goto(`/deliveries${search}`);
  }

  row(eventId: string): Locator {
    return this.page.getByRole("row").filter({ has: this.page.getByRole("link", { name: eventId, exact: true }) });
  }

  cell(eventId: string, column: "signature" | "outcome" | "task" | "answer" | "attempt"): Locator {
    return this.row(eventId).locator(`[data-column="${column}"]`);
  }

  async openDelivery(eventId: string): Promise<void> {
    await this.row(eventId).getByRole("link", { name: eventId, exact: true }).click();
    await this.page.waitForURL("**/deliveries/*");
  }

  async filter(choice: { outcome?: string; received?: string }): Promise<void> {
    if (choice.outcome) await this.page.getByLabel("Outcome").selectOption(choice.outcome);
    if (choice.received) await this.page.getByLabel("Received").selectOption(choice.received);
    await this.page.getByRole("button", { name: "Filter" }).click();
  }

  section(title: "Delivery" | "Payload" | "Headers" | "Attach to a task"): Locator {
    return this.page.getByRole("region", { name: title, exact: true });
  }

  get replay(): Locator {
    return this.page.getByRole("button", { name: "Replay" });
  }

  async attachTo(task: string): Promise<void> {
    const section = this.section("Attach to a task");
    await section.getByLabel("Task's id").fill(task);
    await section.getByRole("button", { name: "Attach" }).click();
  }

  /** What the last press of a button brought. */
  notification(text: string): Locator {
    return this.page.getByRole("status").or(this.page.getByRole("alert")).filter({ hasText: text });
  }
}
