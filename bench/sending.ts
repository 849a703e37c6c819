/** What benchmarks of sending have in common: a context without an app around it, a list that goes out, and how quickly it went. */
import { randomUUID } from "node:crypto";
import postgres from "postgres";
import type { Database } from "@/db/client";
import type { Context } from "@/lib/context";
import { addLeads } from "@/lib/pipeline/add-leads";
import { confirmDraft } from "@/lib/pipeline/confirm-draft";
import { createSixtyfourClient } from "@/lib/sixtyfour/client";
import type { TaskKindId } from "@/lib/sixtyfour/task-kinds";
import { createDraft } from "@/lib/submissions/create-draft";

/** A context that sends to a sandbox, with nobody to take a webhook. */
export function sendingContext(db: Database, given: { sandboxUrl: string; requestsPerMinute: number }): Context {
  return {
    db,
    access: { mode: "open" },
    sixtyfour: createSixtyfourClient({ apiUrl: given.sandboxUrl, apiKey: "bench" }),
    webhook: {
      target: { url: "http://127.0.0.1:9" },
      secrets: [],
      maxBytes: 0,
      memoryBytes: 64_000_000,
      deliveryWindowInSeconds: 0,
      tokenKey: "",
    },
    retentionInDays: null,
    rejectedRetentionInDays: null,
    requestsPerMinute: given.requestsPerMinute,
    alerts: {},
  };
}

/** Stores and confirms a list of people that nobody has asked about before. */
export async function confirmPeople(context: Context, kind: TaskKindId, count: number): Promise<string> {
  const { submissionId } = await createDraft(context, { kind, options: {}, name: "bench", columns: ["Name"] });
  const list = randomUUID();
  for (let fromRow = 0; fromRow < count; fromRow += 1_000) {
    const leads = Array.from({ length: Math.min(1_000, count - fromRow) }, (_, index) => {
      const name = `Person ${fromRow + index} of ${list}`;
      return { fields: { name }, cells: [name] };
    });
    await addLeads(context, { submissionId, fromRow, leads });
  }
  await confirmDraft(context, { submissionId, reuse: false });
  return submissionId;
}

/** How quickly a list went out, from the first request to the last: n requests span n - 1 intervals. */
export async function rateOf(
  databaseUrl: string,
  submissionId: string,
): Promise<{ perMinute: number; seconds: number }> {
  const client = postgres(databaseUrl, { max: 1 });
  const [row] = await client<{ sent: number; seconds: number }[]>`
    select count(*)::int as sent, extract(epoch from max(submitted_at) - min(submitted_at))::float8 as seconds
    from tasks where submission_id = ${submissionId}`;
  await client.end();
  if (!row) throw new Error("Postgres returned no row for a count.");
  return { perMinute: ((row.sent - 1) * 60) / row.seconds, seconds: row.seconds };
}
