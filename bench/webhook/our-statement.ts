import { createHash, randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { bodyOf, jobId, makeDeliveries, SECRET, tokenOf } from "@/bench/webhook/deliveries";
import * as schema from "@/db/schema";
import { receiveDelivery } from "@/lib/deliveries/receive";
import { hashToken } from "@/lib/deliveries/webhook-token";
import { divertLog } from "@/lib/log";

/** What differs from one delivery to the next, as a rival passes it. An id is one of those that are made for it. */
export interface Variables<Value> {
  jobId: Value;
  tokenHash: Value;
  eventId: Value;
  receivedAt: Value;
  result: Value;
  body: Value;
  bodySha256: Value;
  id(index: number): Value;
}

/** The statement that stores and applies an ordinary delivery, as it goes over the wire. */
export interface OurStatement {
  text: string;
  /** Its parameters in their order; `constant` passes on what is the same for each. */
  params<Value>(variables: Variables<Value>, constant: (value: unknown) => Value): Value[];
}

/** Listens to what the app sends to Postgres for one delivery, of task `n`. */
export async function captureOurStatement(databaseUrl: string, n: number): Promise<OurStatement> {
  const sent: { text: string; params: unknown[] }[] = [];
  const debug = (_: number, text: string, params: unknown[]) => sent.push({ text, params });
  const client = postgres(databaseUrl, { max: 1, fetch_types: false, debug });
  const db = drizzle(client, { schema, casing: "snake_case" });
  const [delivery] = makeDeliveries("", n, 1);
  if (!delivery) throw new Error("There is no delivery to listen to.");
  const eventId = randomUUID();
  const receivedAt = new Date();
  const endDiversion = divertLog(() => {});
  const webhook = { target: { url: "" }, secrets: [SECRET], maxBytes: 0, deliveryWindowInSeconds: 0 };
  const { outcome } = await receiveDelivery(
    { db, webhook },
    {
      rawBody: delivery.body,
      headers: new Headers({ ...delivery.headers, "sixtyfour-event-id": eventId }),
      token: tokenOf(n),
      receivedAt,
    },
  );
  endDiversion();
  await client.end();
  const [statement, ...others] = sent;
  if (outcome !== "applied" || !statement || others.length > 0) throw new Error("The delivery is no ordinary one.");

  const body = bodyOf(n);
  // The driver writes bytes as text before it tells of them.
  const hex = (bytes: Buffer) => `\\x${bytes.toString("hex")}`;
  const known: [keyof Omit<Variables<never>, "id">, string][] = [
    ["jobId", jobId(n)],
    ["tokenHash", hex(hashToken(tokenOf(n)))],
    ["eventId", eventId],
    ["receivedAt", receivedAt.toISOString()],
    ["result", JSON.stringify(JSON.parse(body.toString()).result)],
    ["body", hex(body)],
    ["bodySha256", hex(createHash("sha256").update(body).digest())],
  ];
  const ids = [
    ...new Set(statement.params.filter((value) => /^[0-9a-f-]{36}$/.test(String(value)) && value !== eventId)),
  ];
  return {
    text: statement.text,
    params: (variables, constant) =>
      statement.params.map((value) => {
        const name = known.find(([, other]) => other === value)?.[0];
        if (name) return variables[name];
        return ids.includes(value) ? variables.id(ids.indexOf(value)) : constant(value);
      }),
  };
}
