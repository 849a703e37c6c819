import { after } from "next/server";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { log } from "@/lib/log";

const EVERY_MS = 5_000;
let lastAt = 0;

/**
 * Runs the background jobs after the answer to a request, on serverless hosts, which have no timer. The host may end the
 * process after the answer; the next request or the scheduler then does what is left.
 */
export function runJobsAfterwards(): void {
  if (!env().isServerless || Date.now() - lastAt < EVERY_MS) return;
  lastAt = Date.now();
  after(async () => {
    try {
      // Loaded when it is needed, so that a cold start answers sooner.
      const { runJobsOnce } = await import("@/lib/background/run-jobs");
      await runJobsOnce(appContext());
    } catch (error) {
      log.error("jobs_failed", error);
    }
  });
}
