import { parseVariables } from "@/lib/env";
import { applyMigrations, migrationAddress, requireDatabase } from "@/scripts/local/database-setup";

/**
 * Brings the database that these variables name up to date.
 *
 * @throws ConfigError where none is named, it can't be reached, or Postgres does not take a migration.
 */
export async function migrateGivenDatabase(environment: NodeJS.ProcessEnv): Promise<void> {
  const { url, variable } = migrationAddress(parseVariables(environment));
  await requireDatabase(url, variable);
  await applyMigrations(url);
  console.info("The database is up to date.");
}
