/**
 * How this process ends. Asked to, it takes on nothing new, finishes what it has begun with Sixtyfour, and only then lets
 * the server close: a submit that is cut off would be one that nobody knows the outcome of.
 */

import { subscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";

/** A submit is given up after 20 seconds and then stored; orchestrators kill after 30. */
const END_WITHIN_MS = 25_000;

const SIGNALS = ["SIGTERM", "SIGINT"] as const;
const EXIT_CODES = { SIGTERM: 143, SIGINT: 130 };

interface Shutdown {
  ending: AbortController;
  unfinished: Set<Promise<unknown>>;
  lastWords: (() => Promise<unknown>)[];
}

// Pages, routes and start-up are bundled apart, each with this module of its own; the process is one.
const kept = globalThis as typeof globalThis & { sixtyfourShutdown?: Shutdown };

function shutdown(): Shutdown {
  kept.sixtyfourShutdown ??= { ending: new AbortController(), unfinished: new Set(), lastWords: [] };
  return kept.sixtyfourShutdown;
}

/** Aborted once this process was asked to end: what goes in rounds begins no other, and takes on nothing more. */
export function endingSignal(): AbortSignal {
  return shutdown().ending.signal;
}

/** Has the process wait for this work before it ends, also where the request that began it is gone. */
export function finishBeforeExit<T>(work: Promise<T>): Promise<T> {
  const { unfinished } = shutdown();
  const forget = () => unfinished.delete(work);
  unfinished.add(work);
  work.then(forget, forget);
  return work;
}

/** Has something done once nothing is unfinished any more, such as sending what was collected till then. */
export function atTheEnd(work: () => Promise<unknown>): void {
  shutdown().lastWords.push(work);
}

/**
 * From now on a signal to end first finishes what must be, and is then passed on to those who have listened for it so far:
 * to Next, which closes its server, answers the requests under way, waits for their `after()` work and exits.
 */
export function endGracefully(): void {
  for (const signal of SIGNALS) {
    const listeners = process.listeners(signal);
    // Where nobody ends the process in an orderly way, Node ends it at once, and must go on to.
    if (listeners.length === 0) continue;
    process.removeAllListeners(signal);
    process.on(signal, async () => {
      const { ending, unfinished, lastWords } = shutdown();
      // Ctrl-C reaches us from the terminal and from npm.
      if (ending.signal.aborted) return;
      ending.abort();
      keepNoConnections();
      setTimeout(() => {
        console.error(JSON.stringify({ event: "shutdown_cut_off", unfinished: unfinished.size }));
        process.exit(EXIT_CODES[signal]);
      }, END_WITHIN_MS).unref();
      while (unfinished.size > 0) await Promise.allSettled(unfinished);
      await Promise.allSettled(lastWords.map((work) => work()));
      for (const listener of listeners) listener(signal);
    });
  }
}

/**
 * Has each answer from now on be the last of its connection. A server that closes waits for connections that are kept, and a
 * browser that asks every two seconds would keep its own for good. Next's server is not ours to call, but Node tells of what
 * it does: https://nodejs.org/api/diagnostics_channel.html#http
 */
function keepNoConnections(): void {
  subscribe("http.server.request.start", (message) => {
    (message as { response: ServerResponse }).response.setHeader("connection", "close");
  });
  // Those that had begun before, such as streams.
  subscribe("http.server.response.finish", (message) => {
    const { server } = message as { server: Server };
    setImmediate(() => server.closeIdleConnections());
  });
}
