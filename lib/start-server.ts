import { repairPaths } from "@/lib/decodable-path";
import { env } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { keepIdleConnections } from "@/lib/keep-alive";
import { log } from "@/lib/log";
import { endGracefully } from "@/lib/shutdown";
import { endSlowConnections } from "@/lib/slow-connections";
import { noteSocketAddresses } from "@/lib/socket-address";

const LOAD_ROUNDS_AFTER_MS = 2_000;

/**
 * What a server does before it takes requests: it checks its environment, and ends with a sentence where that is not
 * complete; and where the host lets a process live on between requests, it sets off the rounds that go on by themselves.
 */
export function startServer(): void {
  try {
    if (env().isServerless) return;
    noteSocketAddresses();
    repairPaths();
    endGracefully();
    endSlowConnections();
    keepIdleConnections(env().keepAliveMs);
    setTimeout(loadRounds, LOAD_ROUNDS_AFTER_MS).unref();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // In plain words and whatever LOG_LEVEL says: it is for whoever starts the server.
    console.error(error.message);
    process.exit(1);
  }
}

/** Not before: a webhook at the door of a server that was just started would wait for all that the rounds need. */
async function loadRounds(): Promise<void> {
  try {
    const { startRounds } = await import("@/lib/rounds");
    startRounds();
  } catch (error) {
    log.error("rounds_not_started", error);
    setTimeout(loadRounds, LOAD_ROUNDS_AFTER_MS).unref();
  }
}
