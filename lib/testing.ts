/** A real Postgres and a real sandbox for the tests of the verbs. */
import { createTestDatabase, type TestDatabase } from "@/db/testing";
import type { Context } from "@/lib/context";
import { addLeads } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { receiveDelivery } from "@/lib/pipeline/receive";
import type { Receipt } from "@/lib/pipeline/reject";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";
import { createDraft } from "@/lib/submissions/create-draft";
import type { TaskInput } from "@/lib/tasks/task-input";
import { createSandboxControl, type SandboxControl } from "@/sandbox/control-client";
import { startSandbox } from "@/sandbox/server";

const TEST_SECRET = "sk_whsec_for_tests";

export interface TestBench {
  context: Context;
  sandbox: SandboxControl;
  database: TestDatabase;
  /** The same context, but for how long it waits for the answer to a submit. */
  waitingFor(submitTimeoutInMs: number): Context;
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
    access: { mode: "open" },
    sixtyfour: createSixtyfourClient({ apiUrl: server.url, apiKey: "sandbox" }),
    webhook: {
      target: { url: "http://127.0.0.1:9/api/webhooks/sixtyfour" },
      secrets: [TEST_SECRET],
      maxBytes: 100_000,
      memoryBytes: 10_000_000,
      deliveryWindowInSeconds: 120,
      tokenKey: "sandbox",
    },
    retentionInDays: null,
    rejectedRetentionInDays: null,
    requestsPerMinute: 60_000,
    alerts: {},
  };
  return {
    context,
    sandbox,
    database,
    waitingFor: (submitTimeoutInMs) => ({
      ...context,
      sixtyfour: createSixtyfourClient({ apiUrl: server.url, apiKey: "sandbox", submitTimeoutInMs }),
    }),
    async close() {
      await server.close();
      await database.close();
    },
  };
}

export function findEmailInput(name: string): TaskInput {
  return { kind: "find_email", lead: { name, company: "Analytical Engines" }, options: { mode: "PROFESSIONAL" } };
}

/**
 * Hands a request to the verb behind the webhook route: rightly signed and without a token, unless told otherwise.
 */
export async function deliver(
  context: Context,
  body: object | string,
  given: { headers?: Record<string, string>; token?: string | null; signed?: boolean; address?: string } = {},
): Promise<Receipt> {
  const rawBody = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  const receivedAt = new Date();
  const signature = signatureHeader([TEST_SECRET], Math.floor(receivedAt.getTime() / 1000), rawBody);
  const headers = new Headers(given.headers);
  if (given.signed !== false) headers.set(SIXTYFOUR_HEADERS.signature, signature);
  const { token = null, address = null } = given;
  return receiveDelivery(context, { rawBody, headers, token, address, receivedAt });
}

/** The token in the webhook address that a job was submitted with. */
export function tokenOf(job: { body: Record<string, unknown> } | undefined): string {
  return new URL(String(job?.body.webhook_url)).searchParams.get("token") ?? "";
}

/** A confirmed list of people without companies that misbehave, each of whom nobody else is. */
export async function confirmList(
  context: Context,
  { kind, count, prefix = "Person" }: { kind: TaskInput["kind"]; count: number; prefix?: string },
): Promise<string> {
  const { submissionId } = await createDraft(context, { kind, options: {}, name: "people.csv", columns: ["Name"] });
  const people = Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
  for (let fromRow = 0; fromRow < count; fromRow += 1_000) {
    const leads = people.slice(fromRow, fromRow + 1_000).map((name) => ({ fields: { name }, cells: [name] }));
    await addLeads(context, { submissionId, fromRow, leads });
  }
  await confirmDraft(context, { submissionId, reuse: false });
  return submissionId;
}

/** The names of all leads that the sandbox was asked about, in order. */
export async function namesAsked(sandbox: SandboxControl): Promise<string[]> {
  const jobs = await sandbox.jobs();
  const leads = jobs.flatMap(({ body }) => (body.leads ?? [body.lead ?? body.lead_info]) as { name: string }[]);
  return leads.map(({ name }) => name).sort();
}
