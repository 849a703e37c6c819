import { type Placeholder, type SQL, sql } from "drizzle-orm";
import type { Database, Transaction } from "@/db/client";

/**
 * Rows that are given, for a WITH: all of them in one parameter, as JSON (`[{"name": value, …}, …]`), since each
 * parameter costs the driver and Postgres alike. A name must be none of a table's columns; what a row lacks is null.
 *
 * @param types what Postgres calls the type of each column, by its name
 * @param most more rows than that are not read: the planner goes by it, and would expect a hundred
 */
export function givenRows<Name extends string>(
  db: Database | Transaction,
  types: Record<Name, string>,
  { json, most }: { json: string | Placeholder; most: number },
) {
  const names = Object.keys(types) as Name[];
  const columns = names.map((name) => sql`${sql.identifier(name)} ${sql.raw(types[name])}`);
  const selection = Object.fromEntries(names.map((name) => [name, sql`${sql.identifier(name)}`.as(name)]));
  return db.$with("given", selection as Record<Name, SQL.Aliased<unknown>>).as(
    sql`select * from json_to_recordset(${json}::text::json) as given(${sql.join(columns, sql`, `)})
      limit ${sql.raw(String(most))}`,
  );
}

/** A row's values as {@link givenRows} reads them: bytes by the letters that Postgres has for them. */
export function givenRow(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]),
  );
}

function hex(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}
