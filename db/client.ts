import type { ExtractTablesWithRelations } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase, type PostgresJsTransaction } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { type DatabaseAddress, readDatabaseUrl } from "@/db/database-address";
import { refuseAfterEnd } from "@/db/refuse-after-end";
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
 * pooler one connection is enough: it pools, and many small processes share it.
 *
 * @param options.isPooled overrides what the address tells, as `keepsStatements` does
 */
export function openDatabase(
  databaseUrl: string,
  options: {
    maxConnections?: number | undefined;
    isPooled?: boolean | undefined;
    keepsStatements?: boolean | undefined;
    answerWithinMs?: number | undefined;
  } = {},
): { db: Database; close(): Promise<void> } {
  const told = readDatabaseUrl(databaseUrl, options.isPooled);
  const address = { ...told, keepsStatements: options.keepsStatements ?? told.keepsStatements };
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
  const db = drizzle(keepPrepared(client), { schema, casing: "snake_case" });
  return { db, close: () => client.end({ timeout: 5 }) };
}

/**
 * Lets the driver keep Drizzle's statements prepared. Drizzle asks it not to, and a statement with parameters then takes two
 * round trips every time: one to learn the parameters' types, one to run. A kept one takes one, and is pipelined with others
 * of its transaction. Behind a pooler that keeps no statements the driver's own option `prepare` is false, and wins.
 */
function keepPrepared<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  const overrides: Record<PropertyKey, unknown> = {
    unsafe: (text: string, parameters: never[], options?: object) =>
      client.unsafe(text, parameters, { ...options, prepare: true }),
    begin: (run: (tx: postgres.TransactionSql) => unknown) =>
      (client as postgres.Sql).begin((tx) => run(keepPrepared(tx))),
    savepoint: (run: (tx: postgres.TransactionSql) => unknown) =>
      (client as postgres.TransactionSql).savepoint((tx) => run(keepPrepared(tx))),
  };
  return new Proxy(client, {
    get: (target, name) => overrides[name] ?? Reflect.get(target, name),
  });
}

/**
 * The driver, on connections of ours ({@link Wire}) and as the address says. Without `answerWithinMs` a statement may take
 * as long as it likes.
 */
export function connectDriver(
  {
    url,
    socketFolder,
    tls,
    settings,
    applicationName,
    connectWithinSeconds,
    isPooled,
    keepsStatements,
  }: DatabaseAddress,
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
    prepare: keepsStatements,
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
  return refuseAfterEnd(client);
}
