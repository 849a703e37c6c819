import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import { connectDriver } from "@/db/client";
import { readDatabaseUrl } from "@/db/database-address";

export const MIGRATIONS_FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

/** Any number will do, as long as every copy of this app takes the same. */
const MIGRATION_LOCK = 64_064_064;

/**
 * Applies the migrations that the database lacks; does nothing where it is up to date. Two copies that start at the same
 * moment take turns: the migrator itself has no lock.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = connectDriver(readDatabaseUrl(databaseUrl, false), { max: 1 });
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK})`;
    await migrate(drizzle(client), { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await client.end({ timeout: 5 });
  }
}
