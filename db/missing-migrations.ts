import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
// Imported and not read: a bundle takes its text along, wherever it runs.
import journal from "@/db/migrations/meta/_journal.json";

/** Where drizzle's migrator keeps what it has applied: one row each, with the migration's own moment. */
const APPLIED = sql`drizzle.__drizzle_migrations`;

/**
 * The names of this build's migrations that the database lacks. One that is ahead lacks none: it is migrated before the
 * new build starts.
 */
export async function missingMigrations(db: Database): Promise<string[]> {
  const [table] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`,
  );
  const applied = table?.exists ? await db.execute<{ at: string }>(sql`select created_at as at from ${APPLIED}`) : [];
  const moments = new Set([...applied].map(({ at }) => Number(at)));
  return journal.entries.filter(({ when }) => !moments.has(when)).map(({ tag }) => tag);
}
