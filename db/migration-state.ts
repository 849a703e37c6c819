import { sql } from "drizzle-orm";
import type { Database } from "@/db/client";
import journal from "@/db/migrations/meta/_journal.json";

/**
 * How a database stands to the migrations of this build. current: it has them all · behind: it lacks `missing`, which
 * is every one of them where it was never migrated · ahead: a newer build has migrated it.
 */
export type MigrationState =
  | { type: "current" }
  | { type: "behind"; missing: string[]; isEmpty: boolean }
  | { type: "ahead"; unknownCount: number };

/** Compares the migrations that were applied with the journal that ships with this build. */
export async function readMigrationState(db: Database): Promise<MigrationState> {
  const [table] = await db.execute<{ exists: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as "exists"`,
  );
  const rows = table?.exists
    ? await db.execute<{ when: number }>(sql`select created_at::float8 as "when" from drizzle.__drizzle_migrations`)
    : [];
  const applied = new Set(rows.map(({ when }) => when));
  const missing = journal.entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag);
  if (missing.length > 0) return { type: "behind", missing, isEmpty: applied.size === 0 };
  const unknownCount = applied.size - journal.entries.length;
  return unknownCount > 0 ? { type: "ahead", unknownCount } : { type: "current" };
}
