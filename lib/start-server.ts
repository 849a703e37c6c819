import { checkAlarmsWhenDue } from "@/lib/alarms/check";
import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { ConfigError } from "@/lib/errors";
import { log } from "@/lib/log";
import { settlePeriodsWhenDue } from "@/lib/periods/settle-periods";
import { endGracefully, endingSignal, finishBeforeExit } from "@/lib/shutdown";
import { dispatch } from "@/lib/tasks/dispatch";
import { fetchDueRows } from "@/lib/tasks/fetch-rows";
import { reconcile } from "@/lib/tasks/reconcile";

const EVERY_MS = 2_000;
/** Sending may go on for as long as there is something to send; rounds only let a new version of the code take over. */
const SENDING_ROUND_MS = 600_000;

/**
 * What a server does before it takes requests: it checks its environment, and ends with a sentence where that is not
 * complete; then it sends what is queued, asks about what is late, fetches result files, counts what is over and tells of alarms on
 * timers, where the host lets a process live on between requests.
 */
export function startServer(): void {
  try {
    if (env().isServerless) return;
    endGracefully();
    const signal = endingSignal();
    repeat("reconcile_failed", () => reconcile(appContext(), { signal }));
    repeat("dispatch_failed", () => dispatch(appContext(), { forMs: SENDING_ROUND_MS, signal }));
    repeat("alarms_failed", () => checkAlarmsWhenDue(appContext()));
    repeat("settle_periods_failed", () => settlePeriodsWhenDue(appContext(), { signal }));
    repeat("fetch_failed", () => fetchDueRows(appContext(), { forMs: SENDING_ROUND_MS, signal }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // In plain words and whatever LOG_LEVEL says: it is for whoever starts the server.
    console.error(error.message);
    process.exit(1);
  }
}

/** Rounds of one kind never overlap: the next one is set when the last has ended. */
function repeat(failureEvent: string, work: () => Promise<unknown>): void {
  const round = async () => {
    if (endingSignal().aborted) return;
    try {
      await finishBeforeExit(work());
    } catch (error) {
      log.error(failureEvent, error);
    }
    setTimeout(round, EVERY_MS).unref();
  };
  setTimeout(round, EVERY_MS).unref();
}
