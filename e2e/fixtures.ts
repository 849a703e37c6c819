import { randomUUID } from "node:crypto";
import { test as base, expect } from "@playwright/test";
import { DashboardPage } from "@/e2e/pages/dashboard-page";
import { SubmissionPage } from "@/e2e/pages/submission-page";
import { TaskPage } from "@/e2e/pages/task-page";
import { type Stack, startStack } from "@/e2e/stack";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";

interface TestFixtures {
  /** Steers the sandbox; without faults and jobs at the start of each test. */
  sandbox: SandboxControl;
  dashboard: DashboardPage;
  submission: SubmissionPage;
  taskPage: TaskPage;
  /** A name that no other test uses. */
  leadName: string;
}

export const test = base.extend<TestFixtures & { noBrowserErrors: undefined }, { stack: Stack }>({
  stack: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
    async ({}, use) => {
      const stack = await startStack();
      await use(stack);
      await stack.stop();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.app.url),
  sandbox: [
    async ({ stack }, use) => {
      const control = createSandboxControl(stack.sandboxUrl);
      await control.reset();
      await use(control);
    },
    { auto: true },
  ],
  // A page that throws, or that React can't hydrate, is broken even where it looks right.
  noBrowserErrors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        const isOwn = message.type() === "error" && !message.text().startsWith("Failed to load resource");
        if (isOwn) errors.push(message.text());
      });
      await use(undefined);
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
  dashboard: async ({ page }, use) => use(new DashboardPage(page)),
  submission: async ({ page }, use) => use(new SubmissionPage(page)),
  taskPage: async ({ page }, use) => use(new TaskPage(page)),
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern.
  leadName: async ({}, use) => use(`Ada ${randomUUID().slice(0, 8)}`),
});

export { expect };
