import { type Database, openDatabase } from "@/db/client";
import { type Env, env } from "@/lib/env";
import { createSixtyfourClient, type SixtyfourClient } from "@/lib/sixtyfour/client";

/** What every verb of the product works with. Tests make their own. */
export interface Context {
  db: Database;
  access: Env["access"];
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
  const { databaseUrl, access, sixtyfour, webhook, retentionInDays, requestsPerMinute } = env();
  kept.sixtyfourDatabase ??= openDatabase(databaseUrl).db;
  return {
    db: kept.sixtyfourDatabase,
    access,
    sixtyfour: createSixtyfourClient(sixtyfour),
    webhook,
    retentionInDays,
    requestsPerMinute,
  };
}
