/** A real Postgres and a real sandbox for the tests of the verbs. */
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { parseDelivery } from "@/lib/deliveries/parse";
import { receiveDelivery } from "@/lib/deliveries/receive";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import type { TaskInput } from "@/lib/tasks/task-input";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { startSandbox } from "@/sandbox/server";

export interface TestBench {
  context: Context;
  sandbox: SandboxControl;
  database: TestDatabase;
  close(): Promise<void>;
}

/** Jobs run until a test releases them, so that nothing depends on time. No webhook goes out: tests deliver by hand. */
export async function createTestBench(): Promise<TestBench> {
  const [database, server] = await Promise.all([createTestDatabase(), startSandbox()]);
  const sandbox = createSandboxControl(server.url);
  await sandbox.hold(true);
  await sandbox.setDelivering(false);
  const context: Context = {
    db: database.db,
    sixtyfour: createSixtyfourClient({ apiUrl: server.url, apiKey: "sandbox", submitTimeoutInMs: 1_000 }),
    webhookTarget: { url: "http://127.0.0.1:9/api/webhooks/sixtyfour" },
    webhookSecrets: [],
  };
  return {
    context,
    sandbox,
    database,
    async close() {
      await server.close();
      await database.close();
    },
  };
}

export function findEmailInput(name: string): TaskInput {
  return { kind: "find_email", lead: { name, company: "Analytical Engines" }, options: { mode: "PROFESSIONAL" } };
}

/** Hands a body to the verb behind the webhook route, as that does once the signature is checked. */
export async function deliver(context: Context, body: object, headers: Record<string, string> = {}) {
  const rawBody = new TextEncoder().encode(JSON.stringify(body));
  const parsed = parseDelivery(rawBody);
  if (parsed.about === "nothing") throw new Error(parsed.problem);
  return receiveDelivery(context, { rawBody, parsed, headers: new Headers(headers), signature: "valid" });
}
