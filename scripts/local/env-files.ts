import nextEnv from "@next/env";
import { PROJECT_DIR } from "@/scripts/local/project-folder";

/**
 * The environment that Next will see: this process's own, and what the project's .env files add to it. `process.env`
 * stays as it was, so that Next, started later, reads the files itself and follows their changes.
 */
export function readEnvFiles(mode: "development" | "production"): NodeJS.ProcessEnv {
  const quiet = { info: () => {}, error: console.error };
  const { combinedEnv } = nextEnv.loadEnvConfig(PROJECT_DIR, mode === "development", quiet, true);
  const environment = { ...combinedEnv, ...process.env };
  nextEnv.resetEnv();
  return environment;
}
