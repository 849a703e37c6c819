import { type SQL, sql } from "drizzle-orm";

/**
 * A part of a statement with its values written out. Of a statement with parameters the driver first asks Postgres for
 * their types, and sends nothing else until they are there; one without takes a single round trip, and goes out together
 * with others. For times, numbers and words of our own and for what was checked to be an id, never for a text that somebody
 * typed.
 */
export function inline<T extends SQL | undefined>(part: T): T {
  return (part && sql`${part}`.inlineParams()) as T;
}

/** The same for the limit of a statement, whose type knows of numbers alone. */
export function inlineLimit(limit: number): number {
  return sql.raw(String(limit)) as unknown as number;
}
