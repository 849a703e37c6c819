import { repairPaths } from "@/lib/decodable-path";
import { env } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { keepIdleConnections } from "@/lib/keep-alive";
import { log } from "@/lib/log";
import { endGracefully } from "@/lib/shutdown";
import { endSlowConnections } from "@/lib/slow-connections";
import { noteSocketAddresses } from "@/lib/socket-address";

const LOAD_JOBS_AFTER_MS = 2_000;

/**
 * Prepares a server before it takes requests. It checks the environment, and ends with a sentence if that is not complete;
 * where the process lives on between requests, it starts the background jobs.
 */
export function startServer(): void {
  try {
    if (env().isServerless) return;
    noteSocketAddresses();
    repairPaths();
    endGracefully();
    endSlowConnections();
    keepIdleConnections(env().keepAliveMs);
    setTimeout(loadJobs, LOAD_JOBS_AFTER_MS).unref();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // In plain words and whatever LOG_LEVEL says: it is for whoever starts the server.
    console.error(error.message);
    process.exit(1);
  }
}

/** Loads the jobs a moment later, so that the first webhook of a new server does not wait for their modules. */
async function loadJobs(): Promise<void> {
  try {
    const { startJobs } = await import("@/lib/background/run-jobs");
    startJobs();
  } catch (error) {
    log.error("jobs_not_started", error);
    setTimeout(loadJobs, LOAD_JOBS_AFTER_MS).unref();
  }
}
