import { type Database, openDatabase } from "@/db/client";
import { type Env, env } from "@/lib/env";
import { createSixtyfourClient, type SixtyfourClient } from "@/lib/sixtyfour/client";

/** What every verb of the product works with. Tests make their own. */
export interface Context {
  db: Database;
  sixtyfour: SixtyfourClient;
  webhook: Env["webhook"];
  retentionInDays: number | undefined;
  /** All instances together send no more requests than this to Sixtyfour. */
  requestsPerMinute: number;
}

// Development reloads modules but keeps the process: without this, each reload would open another pool.
const kept = globalThis as typeof globalThis & { sixtyfourDatabase?: Database };

let context: Context | undefined;

/**
 * The context of this process, made on first use from the environment.
 *
 * @throws ConfigError where the environment is not complete
 */
export function appContext(): Context {
  context ??= createContext();
  return context;
}

function createContext(): Context {
  const { databaseUrl, database, isServerless, sixtyfour, webhook, retentionInDays, requestsPerMinute } = env();
  // A host makes as many serverless processes as there are requests, and Postgres has room for a hundred connections.
  const maxConnections = database.maxConnections ?? (isServerless ? 1 : undefined);
  kept.sixtyfourDatabase ??= openDatabase(databaseUrl, { isPooled: database.isPooled, maxConnections }).db;
  return {
    db: kept.sixtyfourDatabase,
    sixtyfour: createSixtyfourClient(sixtyfour),
    webhook,
    retentionInDays,
    requestsPerMinute,
  };
}
