/** `npm run db:migrate`: brings the database in DATABASE_URL up to date, for a deployment. */
import { parseVariables } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { applyMigrations, requireDatabase } from "@/scripts/local/database-setup";
import { readEnvFiles } from "@/scripts/local/env-files";
import { runScript } from "@/scripts/local/run-script";

await runScript(async () => {
  const { DATABASE_URL: databaseUrl } = parseVariables(readEnvFiles("production"));
  if (!databaseUrl) throw new ConfigError("DATABASE_URL is not set. Set it in the environment or in .env.");
  await requireDatabase(databaseUrl, "DATABASE_URL");
  await applyMigrations(databaseUrl);
  console.info("The database is up to date.");
  return 0;
});
