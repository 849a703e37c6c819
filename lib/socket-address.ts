import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

/** Instrumentation and routes have each a copy of this file. */
const kept = globalThis as typeof globalThis & { sixtyfourNotesSocketAddresses?: boolean };

/** Carries the address of a request's connection to routes and actions, which see headers alone. */
export const SOCKET_ADDRESS_HEADER = "x-socket-address";

/** Returns the address of the request's connection as this process has noted it; null where it notes none. */
export function readSocketAddress(headers: Headers): string | null {
  // Otherwise the header is the client's own invention.
  return kept.sixtyfourNotesSocketAddresses ? headers.get(SOCKET_ADDRESS_HEADER) : null;
}

/**
 * From now on each request of this process bears the address of its connection in {@link SOCKET_ADDRESS_HEADER}, instead of
 * what the client may have sent there. Next itself tells that address only where a request has no X-Forwarded-For, and its
 * server can't be wrapped; Node's diagnostics channel is called before Next reads the request.
 */
export function noteSocketAddresses(): void {
  kept.sixtyfourNotesSocketAddresses = true;
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    const { remoteAddress } = request.socket;
    if (remoteAddress) request.headers[SOCKET_ADDRESS_HEADER] = remoteAddress;
    else delete request.headers[SOCKET_ADDRESS_HEADER];
  });
}
