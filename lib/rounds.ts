import { checkAlarmsWhenDue } from "@/lib/alarms/check";
import { appContext } from "@/lib/context";
import { log } from "@/lib/log";
import { settlePeriodsWhenDue } from "@/lib/periods/settle-periods";
import { endingSignal, finishBeforeExit } from "@/lib/shutdown";
import { dispatch } from "@/lib/tasks/dispatch";
import { searchTraces } from "@/lib/tasks/erase-traces";
import { fetchDueRows } from "@/lib/tasks/fetch-rows";
import { reconcile } from "@/lib/tasks/reconcile";
import { recountFound } from "@/lib/tasks/recount-found";

const EVERY_MS = 2_000;
/** Sending may go on for as long as there is something to send; rounds only let a new version of the code take over. */
const SENDING_ROUND_MS = 600_000;
/** Recounting, and searching for erased leads, take turns with what people wait for. */
const RECOUNT_BUDGET_MS = 2_000;
const SEARCH_BUDGET_MS = 2_000;

/**
 * Sends what is queued, asks about what is late, fetches result files, recounts old results, searches for
 * erased leads, counts what is over and tells of alarms, each in rounds of its own, until the process is asked to end.
 */
export function startRounds(): void {
  const signal = endingSignal();
  repeat("reconcile_failed", () => reconcile(appContext(), { signal }));
  repeat("dispatch_failed", () => dispatch(appContext(), { forMs: SENDING_ROUND_MS, signal }));
  repeat("alarms_failed", () => checkAlarmsWhenDue(appContext()));
  repeat("settle_periods_failed", () => settlePeriodsWhenDue(appContext(), { signal }));
  repeat("recount_failed", () => recountFound(appContext(), { forMs: RECOUNT_BUDGET_MS, signal }));
  repeat("erase_traces_failed", () => searchTraces(appContext(), { forMs: SEARCH_BUDGET_MS, signal }));
  repeat("fetch_failed", () => fetchDueRows(appContext(), { forMs: SENDING_ROUND_MS, signal }));
}

/** Rounds of one kind never overlap: the next one is set when the last has ended. */
async function repeat(failureEvent: string, work: () => Promise<unknown>): Promise<void> {
  if (endingSignal().aborted) return;
  try {
    await finishBeforeExit(work());
  } catch (error) {
    log.error(failureEvent, error);
  }
  setTimeout(() => repeat(failureEvent, work), EVERY_MS).unref();
}
