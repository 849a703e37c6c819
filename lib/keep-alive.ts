import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Server } from "node:http";

/** Start-up and pages are bundled apart, each with a copy of this file. */
const kept = globalThis as typeof globalThis & { sixtyfourServer?: Server };

/**
 * Has Next's server keep idle connections for so long. A balancer that reuses a connection in the moment in which the
 * server closes it answers 502, so the server has to be the one that waits longer. Nobody hands out Next's server, but
 * Node tells of it with each request. A time-out that Next was given by `--keepAliveTimeout` stays.
 */
export function keepIdleConnections(forMs: number): void {
  const channel = "http.server.request.start";
  // It differs between Node's versions: 5 seconds for long, then 65.
  const nodeDefaultMs = new Server().keepAliveTimeout;
  const set = (message: unknown) => {
    const { server } = message as { server: Server };
    if (server.keepAliveTimeout === nodeDefaultMs) server.keepAliveTimeout = forMs;
    kept.sixtyfourServer = server;
    unsubscribe(channel, set);
  };
  subscribe(channel, set);
}

/** Returns for how long the server keeps idle connections, or null before its first request and on serverless hosts. */
export function readKeepAliveMs(): number | null {
  return kept.sixtyfourServer?.keepAliveTimeout ?? null;
}
