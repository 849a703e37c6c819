import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { requireDatabase } from "@/scripts/local/database-setup";
import { startEmbeddedPostgres } from "@/scripts/local/embedded-postgres";

declare module "vitest" {
  interface ProvidedContext {
    /** A Postgres server on which tests may make databases of their own. */
    databaseServerUrl: string;
  }
}

/** Vitest's global setup: the server in TEST_DATABASE_URL, or one in a fresh folder that goes when the tests are done. */
export default async function provideTestDatabase(project: TestProject): Promise<() => Promise<void>> {
  const server = await testDatabaseServer(process.env.TEST_DATABASE_URL);
  project.provide("databaseServerUrl", server.url);
  return server.stop;
}

/**
 * A Postgres server for tests: the given one, or an embedded one that forgets everything at `stop`.
 *
 * @throws ConfigError where the given one can't be reached.
 */
export async function testDatabaseServer(givenUrl?: string): Promise<{ url: string; stop(): Promise<void> }> {
  if (givenUrl) {
    await requireDatabase(givenUrl, "TEST_DATABASE_URL");
    return { url: givenUrl, stop: async () => {} };
  }
  const dataDir = path.join(tmpdir(), `sixtyfour-test-${randomUUID()}`);
  const server = await startEmbeddedPostgres({ dataDir, durable: false });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
