import { type Database, openDatabase } from "@/db/client";
import { readDatabaseUrl } from "@/db/database-address";
import { type Env, env } from "@/lib/env";
import { log } from "@/lib/log";
import { createSixtyfourClient, type SixtyfourClient } from "@/lib/sixtyfour/client";

/** What every verb of the product works with. Tests make their own. */
export interface Context {
  db: Database;
  access: Env["access"];
  sixtyfour: SixtyfourClient;
  webhook: Env["webhook"];
  /** Days that deliveries are kept, and rejected ones; null keeps them forever. */
  retentionInDays: number | null;
  rejectedRetentionInDays: number | null;
  /** All instances together send no more requests than this to Sixtyfour. */
  requestsPerMinute: number;
  /** Who is told of alarms. */
  alerts: Env["alerts"] & { allowPrivateAddresses?: boolean };
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
  if (!context) {
    kept.sixtyfourDatabase ??= openAppDatabase(env());
    context = createContext(env(), kept.sixtyfourDatabase);
  }
  return context;
}

/** A context on an open database, for scripts; the app has its own. */
export function createContext(given: Env, db: Database): Context {
  const { access, webhook, retentionInDays, rejectedRetentionInDays, requestsPerMinute, allowPrivateAddresses } = given;
  const sixtyfour = createSixtyfourClient({ ...given.sixtyfour, allowPrivateAddresses });
  const alerts = { ...given.alerts, allowPrivateAddresses };
  return { db, access, sixtyfour, webhook, retentionInDays, rejectedRetentionInDays, requestsPerMinute, alerts };
}

function openAppDatabase({ databaseUrl, database, isServerless }: Env): Database {
  const { ignored } = readDatabaseUrl(databaseUrl, database.isPooled);
  if (ignored.length > 0) log.info("database_parameters_ignored", { parameters: ignored.join(", ") });
  // A host makes as many serverless processes as there are requests, and Postgres has room for a hundred connections.
  const maxConnections = database.maxConnections ?? (isServerless ? 1 : undefined);
  return openDatabase(databaseUrl, { ...database, maxConnections }).db;
}
