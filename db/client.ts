import type { ExtractTablesWithRelations } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase, type PostgresJsTransaction } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { type DatabaseAddress, readDatabaseUrl } from "@/db/database-address";
import { endWithConnection } from "@/db/lost-transactions";
import * as schema from "@/db/schema";
import { Wire } from "@/db/wire";

export { readDatabaseUrl };

export type Database = PostgresJsDatabase<typeof schema>;
export type Transaction = PostgresJsTransaction<typeof schema, ExtractTablesWithRelations<typeof schema>>;

/** Longer than any statement of ours takes; one that waits longer, for a lock say, would hold its connection for nothing. */
const STATEMENT_TIMEOUT_IN_MS = 15_000;

/** Longer than Postgres takes to give up a statement: after that the connection itself is dead. */
const ANSWER_TIMEOUT_IN_MS = 20_000;

const CONNECT_TIMEOUT_IN_SECONDS = 5;

/** What a process that lives on opens at most. */
const MAX_CONNECTIONS = 10;

/**
 * Opens a pool. Nothing is connected until the first query; `close` waits for running queries. Behind a transaction
 * pooler, as `isPooled` or the address says, one connection is enough: it pools, and many small processes share it.
 */
export function openDatabase(
  databaseUrl: string,
  options: {
    maxConnections?: number | undefined;
    isPooled?: boolean | undefined;
    answerWithinMs?: number | undefined;
  } = {},
): { db: Database; close(): Promise<void> } {
  const address = readDatabaseUrl(databaseUrl, options.isPooled);
  const client = connectDriver(address, {
    max: options.maxConnections ?? address.maxConnections ?? (address.isPooled ? 1 : MAX_CONNECTIONS),
    idle_timeout: 60,
    // The driver's own waits grow to 20 s while the database is down, and a person would wait them out.
    backoff: () => 0.3,
    // Each new connection would ask for the types of arrays first. Drizzle reads those of columns by itself; statements
    // of our own return JSON.
    fetch_types: false,
    connection: address.isPooled ? {} : { statement_timeout: STATEMENT_TIMEOUT_IN_MS },
    answerWithinMs: options.answerWithinMs ?? ANSWER_TIMEOUT_IN_MS,
  });
  return { db: drizzle(client, { schema, casing: "snake_case" }), close: () => client.end({ timeout: 5 }) };
}

/**
 * The driver, on connections of ours ({@link Wire}) and as the address says. Without `answerWithinMs` a statement may take
 * as long as it likes.
 */
export function connectDriver(
  { url, socketFolder, tls, settings, applicationName, connectWithinSeconds, isPooled }: DatabaseAddress,
  { answerWithinMs, ...options }: postgres.Options<Record<string, never>> & { answerWithinMs?: number },
): postgres.Sql {
  const { hostname, port } = new URL(url);
  const portNumber = Number(port || 5432);
  const at = socketFolder
    ? { path: `${socketFolder}/.s.PGSQL.${portNumber}` }
    : { host: hostname.replace(/^\[|\]$/g, ""), port: portNumber };
  const client = postgres(url, {
    connect_timeout: connectWithinSeconds ?? CONNECT_TIMEOUT_IN_SECONDS,
    onnotice: () => {},
    prepare: !isPooled,
    ...options,
    // Wire encrypts, so that it can read what it carries; variables such as PGSSLMODE have no say.
    ssl: false,
    connection: {
      application_name: applicationName ?? "sixtyfour-dashboard",
      ...settings,
      ...options.connection,
    },
    // An option of the driver's that its types leave out.
    ...({ socket: () => new Wire(at, { tls, isPooled, answerWithinMs }) } as object),
  });
  return endWithConnection(client);
}
