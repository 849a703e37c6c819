import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";

/** Node's own, which a connection that a balancer keeps for a minute would outlive. */
const NODE_DEFAULT_MS = 5_000;
/** Node's own for the headers and for all of a request. They count from the connection where none has come yet. */
const NODE_HEADERS_MS = 60_000;
const NODE_REQUEST_MS = 300_000;

/**
 * Has Next's server keep idle connections for so long. A balancer that reuses a connection in the moment in which the
 * server closes it answers 502, so the server has to be the one that waits longer. Nobody hands out Next's server, but
 * Node tells of it with each request. A time-out that was set by `--keepAliveTimeout` stays. Connections that a balancer opens
 * ahead are idle as well: Node would answer them 408 after a minute. `slow-connections.ts` limits requests that have begun.
 */
export function keepIdleConnections(forMs: number): void {
  const channel = "http.server.request.start";
  const set = (message: unknown) => {
    const { server } = message as { server: Server };
    if (server.keepAliveTimeout === NODE_DEFAULT_MS) server.keepAliveTimeout = forMs;
    if (server.headersTimeout === NODE_HEADERS_MS) server.headersTimeout = Math.max(NODE_HEADERS_MS, forMs);
    if (server.requestTimeout === NODE_REQUEST_MS) server.requestTimeout = Math.max(NODE_REQUEST_MS, forMs);
    unsubscribe(channel, set);
  };
  subscribe(channel, set);
}
