import type { Locator, Page } from "@playwright/test";

export class TaskPage {
  constructor(readonly page: Page) {}

  section(title: "Result" | "Lead" | "Task" | "History"): Locator {
    return this.page.getByRole("region", { name: title, exact: true });
  }

  get pollNow(): Locator {
    return this.page.getByRole("button", { name: "Poll now" });
  }

  get problem(): Locator {
    return this.page.getByRole("main").getByRole("alert");
  }
}
