import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";
import { type Database, openDatabase } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";

export interface TestDatabase {
  url: string;
  db: Database;
  /** Ends the pool and drops the database. */
  close(): Promise<void>;
}

/**
 * A database of its own for one test file, with all migrations, on the Postgres that the test run started or was given.
 * Tests commit and race in it as the app does.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = inject("databaseServerUrl");
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const server = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await server`create database ${server(name)}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrateDatabase(url.href);
  const { db, close } = openDatabase(url.href, { maxConnections: 20 });
  return {
    url: url.href,
    db,
    async close() {
      await close();
      await server`drop database if exists ${server(name)} with (force)`;
      await server.end();
    },
  };
}
