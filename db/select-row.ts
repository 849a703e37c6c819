import { getTableColumns, type InferInsertModel, isSQLWrapper, type SQL, type SQLWrapper, sql } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";

/** A row whose values may be expressions. What has no entry is null. */
type RowOf<Table extends PgTable> = {
  [Name in keyof InferInsertModel<Table>]: InferInsertModel<Table>[Name] | SQLWrapper;
};

/**
 * `select <row> from …`, in the order of the table's columns: what `insert(table).select(…)` takes, so that a row is
 * inserted for each one of `from`, and none where that is empty. Defaults don't apply.
 */
export function selectRow<Table extends PgTable>(table: Table, row: RowOf<Table>, from: SQLWrapper): SQL {
  const values = Object.entries(getTableColumns(table)).map(([name, column]) => {
    const value = (row as Record<string, unknown>)[name] ?? null;
    // A parameter in a select has no type of its own.
    return isSQLWrapper(value) || value === null
      ? sql`${value}`
      : sql`${sql.param(value, column)}::${sql.raw(column.getSQLType())}`;
  });
  return sql`select ${sql.join(values, sql`, `)} from ${from}`;
}
