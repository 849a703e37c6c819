import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { WEBHOOK_PATH } from "@/lib/env";
import { SIXTYFOUR_HEADERS } from "@/lib/sixtyfour/wire";

/** What a webhook has; whatever else a stranger sends is not for the app. */
const PASSED_HEADERS = [
  "content-type",
  "content-length",
  "content-encoding",
  "user-agent",
  ...Object.values(SIXTYFOUR_HEADERS),
];

export interface WebhookForwarder {
  url: string;
  close(): Promise<void>;
}

/**
 * A door for the internet to an app that knows no sign-in: on loopback, it passes webhooks on to the app on `appPort`, and
 * answers 404 to everything else.
 */
export async function startWebhookForwarder(appPort: number): Promise<WebhookForwarder> {
  // localtunnel opens its connections long before there is a request, and Node would answer each with 408 after a minute.
  const server = createServer({ headersTimeout: 0, requestTimeout: 0 }, (incoming, outgoing) => {
    const [path] = (incoming.url ?? "").split("?");
    if (incoming.method !== "POST" || path !== WEBHOOK_PATH) {
      outgoing.writeHead(404, { "content-type": "text/plain" }).end("Only webhooks pass here.\n");
      return;
    }
    const passed = httpRequest(
      {
        host: "localhost",
        port: appPort,
        method: "POST",
        path: incoming.url,
        headers: passedHeaders(incoming.headers),
      },
      (answer) => {
        const { "content-type": contentType } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, contentType ? { "content-type": contentType } : {});
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, { "content-type": "text/plain" }).end("The app does not answer.\n");
    });
    incoming.on("error", () => passed.destroy());
    incoming.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

function passedHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    PASSED_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
