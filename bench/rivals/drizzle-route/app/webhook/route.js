/**
 * What a customer would write from Sixtyfour's guide with Next and Drizzle, with this app's guarantees: the signature is
 * checked on the raw body, the token has to be the task's, every delivery is stored with its bytes, event ids that are reused
 * are noticed, the first end wins, the task has a history, and what is answered with 200 is committed.
 */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { and, eq, ne } from "drizzle-orm";
import { bigint, customType, integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";

const bytea = customType({ dataType: () => "bytea" });
const id = () => bigint({ mode: "number" }).generatedAlwaysAsIdentity().primaryKey();
const jobs = pgTable("jobs", {
  id: id(),
  taskId: text("task_id"),
  tokenHash: bytea("token_hash"),
  status: text(),
  result: jsonb(),
  error: text(),
  completedAt: timestamp("completed_at", { withTimezone: true }),
});
const events = pgTable("webhook_events", {
  id: id(),
  eventId: text("event_id"),
  taskId: text("task_id"),
  attempt: integer(),
  outcome: text(),
  headers: jsonb(),
  payload: bytea(),
  payloadSha256: bytea("payload_sha256"),
});
const history = pgTable("job_history", {
  id: id(),
  jobId: bigint("job_id", { mode: "number" }),
  type: text(),
  detail: jsonb(),
});

const TOLERANCE_IN_SECONDS = 300;
const db = drizzle(postgres(process.env.DATABASE_URL, { max: 10 }));

export async function POST(request) {
  const payload = Buffer.from(await request.arrayBuffer());
  if (!isSigned(request.headers.get("sixtyfour-signature") ?? "", payload)) {
    return Response.json({ error: "The signature is not right." }, { status: 401 });
  }
  const event = JSON.parse(payload.toString("utf8"));
  const tokenHash = sha256(new URL(request.url).searchParams.get("token") ?? "");
  const eventId = request.headers.get("sixtyfour-event-id");
  const payloadSha256 = sha256(payload);
  try {
    return await db.transaction(async (tx) => {
      const [job] = await tx.select().from(jobs).where(eq(jobs.taskId, event.task_id)).for("update");
      if (job && !tokenHash.equals(job.tokenHash)) {
        return Response.json({ error: "The token is not this task's." }, { status: 401 });
      }
      const [reused] = await tx
        .select({ id: events.id })
        .from(events)
        .where(and(eq(events.eventId, eventId), ne(events.payloadSha256, payloadSha256)))
        .limit(1);
      const outcome = !job ? "unmatched" : reused ? "conflict" : job.status === "running" ? "applied" : "duplicate";
      await tx.insert(events).values({
        eventId,
        taskId: event.task_id,
        attempt: Number(request.headers.get("sixtyfour-delivery-attempt")),
        outcome,
        headers: Object.fromEntries(request.headers),
        payload,
        payloadSha256,
      });
      if (outcome === "applied") {
        await tx
          .update(jobs)
          .set({ status: event.status, result: event.result, error: event.error, completedAt: new Date() })
          .where(and(eq(jobs.id, job.id), eq(jobs.status, "running")));
      }
      if (job) {
        await tx.insert(history).values([
          { jobId: job.id, type: "delivery", detail: { outcome } },
          { jobId: job.id, type: "ended", detail: { status: event.status } },
        ]);
      }
      return Response.json({ received: true });
    });
  } catch (error) {
    console.error(error);
    return Response.json({ error: "Please try again." }, { status: 503 });
  }
}

function sha256(data) {
  return createHash("sha256").update(data).digest();
}

function isSigned(header, rawBody) {
  const parts = header.split(",").map((part) => part.split("="));
  const timestamp = parts.find(([name]) => name === "t")?.[1];
  if (!timestamp || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_IN_SECONDS) return false;
  const expected = createHmac("sha256", process.env.WEBHOOK_SECRET).update(`${timestamp}.`).update(rawBody).digest();
  return parts.some(([name, value]) => {
    const given = Buffer.from(value ?? "", "hex");
    return name === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}
