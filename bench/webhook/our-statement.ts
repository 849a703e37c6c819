import { randomUUID } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { makeDeliveries, SECRET, tokenOf } from "@/bench/webhook/deliveries";
import { givenRow } from "@/db/given-rows";
import * as schema from "@/db/schema";
import { divertLog } from "@/lib/log";
import { receiveDelivery } from "@/lib/pipeline/receive";

/** What differs from one delivery to the next. */
export interface Variables {
  jobId: string;
  /** Its bytes, or their text as Postgres reads it. */
  tokenHash: Uint8Array | string;
  eventId: string;
  receivedAt: string;
  result: unknown;
  body: Uint8Array;
  bodySha256: Uint8Array;
  /** Three ids of its own. */
  ids: [string, string, string];
}

/** The statement that stores and applies ordinary deliveries, as it goes over the wire. */
export interface OurStatement {
  text: string;
  /** The first of its parameters, for one delivery. */
  parameter(variables: Variables): string;
  /** All the others, which are always the same. */
  constants: (string | null)[];
}

/** Listens to what the app sends to Postgres for one delivery, of task `n`. */
export async function captureOurStatement(databaseUrl: string, n: number): Promise<OurStatement> {
  const sent: { text: string; params: unknown[] }[] = [];
  const debug = (_: number, text: string, params: unknown[]) => sent.push({ text, params });
  const client = postgres(databaseUrl, { max: 1, fetch_types: false, debug });
  const db = drizzle(client, { schema, casing: "snake_case" });
  const [delivery] = makeDeliveries("", n, 1);
  if (!delivery) throw new Error("There is no delivery to listen to.");
  const endDiversion = divertLog(() => {});
  const webhook = {
    target: { url: "" },
    secrets: [SECRET],
    memoryBytes: 64_000_000,
    maxBytes: 0,
    deliveryWindowInSeconds: 0,
    tokenKey: "",
  };
  const { outcome } = await receiveDelivery(
    { db, webhook },
    {
      rawBody: delivery.body,
      headers: new Headers({ ...delivery.headers, "sixtyfour-event-id": randomUUID() }),
      token: tokenOf(n),
      receivedAt: new Date(),
    },
  );
  endDiversion();
  await client.end();
  // The first reads what the task asked for; the last stores and applies the delivery.
  const statement = sent.at(-1);
  if (outcome !== "applied" || !statement || sent.length !== 2) throw new Error("The delivery is no ordinary one.");
  const [rows, ...constants] = statement.params as [string, ...(string | null)[]];
  const [captured] = JSON.parse(rows) as Record<string, unknown>[];
  return {
    text: statement.text,
    constants,
    parameter: ({ jobId, tokenHash, eventId, receivedAt, result, body, bodySha256, ids }) =>
      JSON.stringify([
        givenRow({
          ...captured,
          "kept.sixtyfourTaskId": jobId,
          "kept.eventId": eventId,
          "kept.receivedAt": receivedAt,
          "kept.body": body,
          "kept.bodySha256": bodySha256,
          "end.result": result,
          "given.tokenHash": tokenHash,
          "given.deliveryId": ids[0],
          "given.deliveryEventId": ids[1],
          "given.endedEventId": ids[2],
        }),
      ]),
  };
}
