import postgres from "postgres";
import { signatureHeader } from "@/lib/sixtyfour/signature";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

/** What every contender verifies with. */
export const SECRET = `sk_whsec_${"b".repeat(64)}`;

const KIND = "people_intelligence";
const TASK_TYPE = "enrich_lead";
const BODY_BYTES = 1_900;

/** One webhook request, ready to be sent. */
export interface Delivery {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Names of the nth task, as the seeded rows have them. */
const jobId = (n: number) => `door_${n}`;
const tokenOf = (n: number) => `token_${n}`;
const eventId = (n: number) => `door_event_${n}`;

/** Signed deliveries of the end of tasks `first` and the `count - 1` after it. The signature is good for five minutes. */
export function makeDeliveries(path: string, first: number, count: number): Delivery[] {
  const nowInSeconds = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, (_, index) => {
    const body = bodyOf(first + index);
    return {
      path: `${path}?token=${tokenOf(first + index)}`,
      headers: {
        "content-type": "application/json",
        "content-length": String(body.byteLength),
        [SIXTYFOUR_HEADERS.eventId]: eventId(first + index),
        [SIXTYFOUR_HEADERS.eventType]: TASK_TYPE,
        [SIXTYFOUR_HEADERS.deliveryAttempt]: "1",
        [SIXTYFOUR_HEADERS.signature]: signatureHeader([SECRET], nowInSeconds, body),
      },
      body,
    };
  });
}

/** A report on a person with as many findings as make it so long. */
function bodyOf(n: number): Buffer {
  const findings: string[] = [];
  const event = () =>
    JSON.stringify({
      task_id: jobId(n),
      status: "completed",
      task_type: TASK_TYPE,
      result: {
        structured_data: { name: `Person ${n}`, title: "Head of Analytical Engines", location: "London" },
        confidence_score: 8.5,
        notes: "Found on the company's own site, and confirmed by two interviews.",
        findings,
        references: { "https://engines.example/about": "What the company says about its people" },
      },
    });
  while (event().length < BODY_BYTES) {
    findings.push(`Finding ${findings.length} about person ${n}: has spoken in public about engines and weaving.`);
  }
  return Buffer.from(event());
}

/** Adds tasks 1 to `count` to our own tables, each sent and running. */
export async function seedRunningTasks(databaseUrl: string, count: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  await sql.begin(async (tx) => {
    await tx`insert into submissions (id, kind, name, lead_count, request_key, confirmed_at, prepared_at)
      values (gen_random_uuid(), ${KIND}, 'bench', ${count}, 'bench', now(), now())`;
    await tx`insert into tasks (id, submission_id, kind, status, sixtyfour_task_id, request, webhook_requested, submitted_at,
        next_poll_at)
      select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - ${count} + n), 12, '0') || '7000' || '8000'
          || lpad(to_hex(n), 12, '0'))::uuid,
        (select id from submissions where request_key = 'bench'), ${KIND}, 'running', 'door_' || n,
        json_build_object('lead_info', json_build_object('name', 'Person ' || n)), true, now(), now() + interval '1 day'
      from generate_series(1, ${count}) as n`;
    await tx`insert into leads (id, submission_id, row, task_id, position, fields)
      select gen_random_uuid(), submission_id, row_number() over (order by id) - 1, id, 0, json_build_object('name', sixtyfour_task_id)
      from tasks where sixtyfour_task_id like 'door_%'`;
    await tx`insert into sends (id, task_id, token_hash, sixtyfour_task_id)
      select gen_random_uuid(), id, sha256(convert_to('token_' || substr(sixtyfour_task_id, 6), 'UTF8')), sixtyfour_task_id
      from tasks where sixtyfour_task_id like 'door_%'`;
  });
  await sql`vacuum analyze`;
  await sql`checkpoint`;
  await sql.end();
}
