/**
 * What a customer would write from Sixtyfour's guide, with the guarantees that it asks for: the signature is checked on the
 * raw body, a delivery that was seen before changes nothing, and what is answered with 200 is stored.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import express from "express";
import pg from "pg";

const { DATABASE_URL, WEBHOOK_SECRET, PORT } = process.env;
const TOLERANCE_IN_SECONDS = 300;

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const app = express();

app.post("/webhook", express.raw({ type: "application/json", limit: "5mb" }), async (request, response) => {
  if (!isSigned(request.get("Sixtyfour-Signature") ?? "", request.body)) {
    response.status(401).json({ error: "The signature is not right." });
    return;
  }
  const event = JSON.parse(request.body.toString("utf8"));
  const client = await pool.connect();
  try {
    await client.query("begin");
    const stored = await client.query(
      `insert into webhook_events (event_id, task_id, attempt, payload) values ($1, $2, $3, $4)
       on conflict (event_id) do nothing`,
      [request.get("Sixtyfour-Event-Id"), event.task_id, request.get("Sixtyfour-Delivery-Attempt"), request.body],
    );
    if (stored.rowCount === 1) {
      await client.query(
        `update jobs set status = $2, result = $3, error = $4, completed_at = now()
         where task_id = $1 and status = 'pending'`,
        [event.task_id, event.status, JSON.stringify(event.result ?? null), event.error ?? null],
      );
    }
    await client.query("commit");
    response.json({ received: true });
  } catch (error) {
    await client.query("rollback");
    console.error(error);
    response.status(503).json({ error: "Please try again." });
  } finally {
    client.release();
  }
});

function isSigned(header, rawBody) {
  const parts = header.split(",").map((part) => part.split("="));
  const timestamp = parts.find(([name]) => name === "t")?.[1];
  if (!timestamp || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_IN_SECONDS) return false;
  const expected = createHmac("sha256", WEBHOOK_SECRET).update(`${timestamp}.`).update(rawBody).digest();
  return parts.some(([name, value]) => {
    const given = Buffer.from(value ?? "", "hex");
    return name === "v1" && given.length === expected.length && timingSafeEqual(given, expected);
  });
}

app.get("/", (_, response) => response.json({}));
app.listen(Number(PORT), "127.0.0.1");
