import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";

/** Node's own, which a connection that a balancer keeps for a minute would outlive. */
const NODE_DEFAULT_MS = 5_000;

/**
 * Has Next's server keep idle connections for so long. A balancer that reuses a connection in the moment in which the
 * server closes it answers 502, so the server has to be the one that waits longer. Nobody hands out Next's server, but
 * Node tells of it with each request. A time-out that was set by `--keepAliveTimeout` stays.
 */
export function keepIdleConnections(forMs: number): void {
  const channel = "http.server.request.start";
  const set = (message: unknown) => {
    const { server } = message as { server: Server };
    if (server.keepAliveTimeout === NODE_DEFAULT_MS) server.keepAliveTimeout = forMs;
    unsubscribe(channel, set);
  };
  subscribe(channel, set);
}
