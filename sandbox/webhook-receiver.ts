/** A receiver of webhooks for tests: it keeps what comes in, and answers as it is told. */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedDelivery {
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
  /** The parsed body; undefined where it is no JSON. */
  event: unknown;
}

/** How the receiver answers one delivery: with a status and headers, or never. */
export type ReceiverAnswer = number | { status: number; headers: Record<string, string> } | "silence";

export interface WebhookReceiver {
  url: string;
  deliveries: ReceivedDelivery[];
  /** Resolves when `count` deliveries have come in all. */
  received(count: number): Promise<ReceivedDelivery[]>;
  close(): Promise<void>;
}

/** Listens on loopback; `answer` hears how many deliveries came before this one. */
export async function startWebhookReceiver(
  answer: (earlier: number) => ReceiverAnswer = () => 200,
): Promise<WebhookReceiver> {
  const deliveries: ReceivedDelivery[] = [];
  let waiting: { count: number; resolve: () => void }[] = [];

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const rawBody = Buffer.concat(chunks);
    const reply = answer(deliveries.length);
    deliveries.push({ headers: request.headers, rawBody, event: parse(rawBody) });
    const { status, headers } = typeof reply === "object" ? reply : { status: reply, headers: {} };
    if (status !== "silence") response.writeHead(status, headers).end();
    for (const { resolve } of waiting.filter(({ count }) => count <= deliveries.length)) resolve();
    waiting = waiting.filter(({ count }) => count > deliveries.length);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    deliveries,
    async received(count) {
      if (deliveries.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return deliveries;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parse(rawBody: Buffer): unknown {
  try {
    return JSON.parse(rawBody.toString("utf8"));
  } catch {
    return undefined;
  }
}
