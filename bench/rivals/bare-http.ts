/** node:http and postgres.js with our own statement: the signature is checked, and what is answered with 200 is stored. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import postgres from "postgres";
import { captureOurStatement } from "@/bench/webhook/our-statement";
import { newId } from "@/db/new-id";
import { hashToken } from "@/lib/deliveries/webhook-token";
import { verifySignature } from "@/lib/sixtyfour/signature";

const { DATABASE_URL = "", WEBHOOK_SECRET = "", PORT, LAST_TASK } = process.env;

const statement = await captureOurStatement(DATABASE_URL, Number(LAST_TASK));
const sql = postgres(DATABASE_URL, { max: 10, fetch_types: false });

createServer(async (request, response) => {
  const url = new URL(request.url ?? "", "http://localhost");
  if (request.method !== "POST") return response.end();
  const rawBody = await read(request);
  const header = request.headers["sixtyfour-signature"];
  const { verdict } = verifySignature({
    header: String(header),
    rawBody,
    secrets: [WEBHOOK_SECRET],
    nowInSeconds: Math.floor(Date.now() / 1000),
  });
  if (verdict !== "valid") return response.writeHead(401).end();
  const event = JSON.parse(rawBody.toString());
  const parameter = statement.parameter({
    jobId: event.task_id,
    tokenHash: hashToken(url.searchParams.get("token") ?? ""),
    eventId: String(request.headers["sixtyfour-event-id"]),
    receivedAt: new Date().toISOString(),
    result: event.result,
    body: rawBody,
    bodySha256: createHash("sha256").update(rawBody).digest(),
    ids: [newId(), newId(), newId()],
  });
  const ended = await sql.unsafe(statement.text, [parameter, ...statement.constants], { prepare: true });
  response.writeHead(ended.length === 1 ? 200 : 404, { "content-type": "application/json" }).end('{"received":true}');
}).listen(Number(PORT), "127.0.0.1");

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
