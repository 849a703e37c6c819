import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL(".", import.meta.url)) } },
  test: {
    include: ["{lib,db,app,sandbox,scripts}/**/*.test.ts"],
    globalSetup: ["scripts/local/test-database.ts"],
    env: { LOG_LEVEL: "error" },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
