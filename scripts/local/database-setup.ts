import { connectDriver } from "@/db/client";
import { readDatabaseUrl } from "@/db/database-address";
import { migrateDatabase } from "@/db/migrate";
import type { Variables } from "@/lib/env";
import { ConfigError } from "@/lib/errors";

const CONNECT_TIMEOUT_SECONDS = 5;

/**
 * Connects once, so that an address that can't work is told before anything else starts.
 *
 * @param variable the name of the variable that holds the URL, for the sentence.
 * @throws ConfigError naming host and database, never the password, and what to mend.
 */
export async function requireDatabase(databaseUrl: string, variable: string): Promise<void> {
  // An address whose wait is longer than ours would have whoever starts it wait as well.
  const address = { ...readDatabaseUrl(databaseUrl), connectWithinSeconds: CONNECT_TIMEOUT_SECONDS };
  const connection = connectDriver(address, { max: 1 });
  try {
    await connection`select 1`;
  } catch (error) {
    throw new ConfigError(`${variable}: ${complaint(error, databaseUrl)}`, { cause: error });
  } finally {
    await connection.end({ timeout: 1 });
  }
}

/**
 * The address at which migrations reach the database. They hold a lock that belongs to a connection, and a transaction
 * pooler gives them another one whenever it likes.
 *
 * @throws ConfigError where no address is given, or only a pooler's.
 */
export function migrationAddress(variables: Variables): { url: string; variable: string } {
  const { DATABASE_URL: given, DATABASE_URL_UNPOOLED: unpooled, DATABASE_POOLED: isToldPooled } = variables;
  if (unpooled) return { url: unpooled, variable: "DATABASE_URL_UNPOOLED" };
  if (!given) throw new ConfigError("DATABASE_URL is not set. Set it in the environment or in .env.");
  if (!readDatabaseUrl(given, isToldPooled).isPooled) return { url: given, variable: "DATABASE_URL" };
  throw new ConfigError(
    "DATABASE_URL is the address of a transaction pooler, through which migrations can't run. " +
      "Set DATABASE_URL_UNPOOLED to the database's own address (Supabase calls it direct, Neon unpooled).",
  );
}

/**
 * Brings the database up to date.
 *
 * @throws ConfigError naming host and database where Postgres does not take a migration.
 */
export async function applyMigrations(databaseUrl: string): Promise<void> {
  try {
    await migrateDatabase(databaseUrl);
  } catch (error) {
    const { host, database } = nameParts(databaseUrl);
    const { message } = error instanceof Error && error.cause instanceof Error ? error.cause : (error as Error);
    throw new ConfigError(`The migrations could not be applied to the database "${database}" on ${host}: ${message}.`, {
      cause: error,
    });
  }
}

function nameParts(databaseUrl: string): { host: string; user: string; database: string } {
  const url = new URL(databaseUrl);
  const user = decodeURIComponent(url.username);
  return { host: url.host || "localhost", user, database: decodeURIComponent(url.pathname.slice(1)) || user };
}

function complaint(error: unknown, databaseUrl: string): string {
  const { host, user, database } = nameParts(databaseUrl);
  const { code, message } = error as { code?: string; message: string };
  switch (code) {
    case "28P01":
      return `${host} refuses the user "${user}" with this password for the database "${database}". Correct user and password.`;
    case "3D000":
      return `there is no database "${database}" on ${host}. Create it, or correct the name.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the host ${host} is not known. Correct the host, or check the network (database "${database}").`;
    case "ECONNREFUSED":
      return `nothing listens on ${host} (database "${database}"). Start Postgres there, or correct host and port.`;
    case "NO_TLS":
      return `${host} offers no TLS, which the address asks for. Turn TLS on there, or take sslmode from the address (database "${database}").`;
    case "CONNECT_TIMEOUT":
      return `${host} did not answer within ${CONNECT_TIMEOUT_SECONDS} seconds (database "${database}"). Check host, port and network.`;
    default:
      return `the database "${database}" on ${host} can't be used: ${message} (${code ?? "no code"}).`;
  }
}
