import { connect, type Socket } from "node:net";
import type { ExtractTablesWithRelations } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase, type PostgresJsTransaction } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "@/db/schema";

export type Database = PostgresJsDatabase<typeof schema>;
export type Transaction = PostgresJsTransaction<typeof schema, ExtractTablesWithRelations<typeof schema>>;

/** Longer than any statement of ours takes; one that waits longer, for a lock say, would hold its connection for nothing. */
const STATEMENT_TIMEOUT_IN_MS = 15_000;

/** What a process that lives on opens at most. */
const MAX_CONNECTIONS = 10;

/**
 * Opens a pool. Nothing is connected until the first query; `close` waits for running queries. Behind a transaction
 * pooler, as `isPooled` or the address says, one connection is enough: it pools, and many small processes share it.
 */
export function openDatabase(
  databaseUrl: string,
  options: { maxConnections?: number | undefined; isPooled?: boolean | undefined } = {},
): { db: Database; close(): Promise<void> } {
  const { url, isPooled: isMarked } = readDatabaseUrl(databaseUrl);
  const isPooled = options.isPooled ?? isMarked;
  const client = postgres(url, {
    max: options.maxConnections ?? (isPooled ? 1 : MAX_CONNECTIONS),
    connect_timeout: 5,
    idle_timeout: 60,
    // The driver's own waits grow to 20 s while the database is down, and a person would wait them out.
    backoff: () => 0.3,
    onnotice: () => {},
    // An option of the driver's that its types leave out.
    ...({ socket: openSocket } as object),
    // Each new connection would ask for the types of arrays first. Drizzle reads those of columns by itself; statements
    // of our own return JSON.
    fetch_types: false,
    prepare: !isPooled,
    connection: {
      application_name: "sixtyfour-dashboard",
      ...(isPooled ? {} : { statement_timeout: STATEMENT_TIMEOUT_IN_MS }),
    },
  });
  return { db: drizzle(client, { schema, casing: "snake_case" }), close: () => client.end({ timeout: 5 }) };
}

/**
 * The driver's own socket holds back what is sent while an answer is on its way, up to 40 ms (Nagle's algorithm), and so
 * undoes that statements go out together. It may write before the socket is connected, and hears of its errors as of its own.
 */
function openSocket({ host, port, path }: { host: string[]; port: number[]; path?: string | false }): Socket {
  const at = path ? { path } : { host: host[0] ?? "localhost", port: port[0] ?? 5432 };
  // The driver checks a certificate by the name that it finds here.
  return Object.assign(connect({ ...at, noDelay: true }), at);
}

/**
 * Tells whether an address is that of a transaction pooler, by the marks of those in use: the port of Supabase's, the
 * host names of Supabase's and Neon's, and Prisma's `pgbouncer=true`, which Postgres itself would refuse. A pooler
 * takes no start parameters, and gives each transaction another connection, without our prepared statements.
 */
export function readDatabaseUrl(databaseUrl: string): { url: string; isPooled: boolean } {
  const url = new URL(databaseUrl);
  const isMarked = url.searchParams.get("pgbouncer") === "true";
  url.searchParams.delete("pgbouncer");
  const isPooled = isMarked || url.port === "6543" || /(^|[.-])pooler\./.test(url.hostname);
  return { url: url.href, isPooled };
}
