import { defineConfig, devices } from "@playwright/test";
import { TEST_LOCALE } from "./scripts/local/test-locale";

// Workers read this file as well, and browsers and servers get the variables of theirs.
Object.assign(process.env, TEST_LOCALE);

/** Needs `npm run build` first; each worker starts its own database, sandbox and `next start`. */
export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // A machine that is busy with something else may stall for a while: what fails here is what never comes.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: "list",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    // Recording each test, to throw it away when it passes, takes a third of the time of all.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      // Root, as in a container, can't have Chromium's sandbox. The rest keeps it from calling its maker.
      args: [
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
