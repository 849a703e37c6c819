import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { TEST_LOCALE } from "./scripts/local/test-locale";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{lib,db,app,sandbox,scripts}/**/*.test.ts"],
    globalSetup: ["scripts/local/test-database.ts"],
    env: { LOG_LEVEL: "error", ...TEST_LOCALE },
    // Most of the time a test waits for Postgres or the sandbox: more of them at once than there are processors.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
