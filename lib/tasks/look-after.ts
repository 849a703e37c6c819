import { checkAlarmsWhenDue } from "@/lib/alarms/check";
import type { Context } from "@/lib/context";
import { log } from "@/lib/log";
import { settlePeriodsWhenDue } from "@/lib/periods/settle-periods";
import { endingSignal } from "@/lib/shutdown";
import { dispatch } from "@/lib/tasks/dispatch";
import { searchTraces } from "@/lib/tasks/erase-traces";
import { fetchDueRows } from "@/lib/tasks/fetch-rows";
import { reconcile } from "@/lib/tasks/reconcile";
import { recountFound } from "@/lib/tasks/recount-found";

/** A serverless host ends a request after a while; half a minute is allowed on all of them. */
const SENDING_BUDGET_IN_MS = 20_000;
/** Recounting, and searching for erased leads, take turns with what people wait for. */
const RECOUNT_BUDGET_IN_MS = 2_000;
const SEARCH_BUDGET_IN_MS = 2_000;

/**
 * All that the app does by itself, once and for a bounded time, where no timer can do it: sends what is queued, asks
 * about what is late, fetches result files, recounts old results, searches for erased leads, counts what is over, and tells of alarms.
 */
export async function lookAfter(context: Context): Promise<{ sent: number; polled: number; fetched: number }> {
  const signal = endingSignal();
  const [{ sent }, { polled }, { fetched }] = await Promise.all([
    dispatch(context, { forMs: SENDING_BUDGET_IN_MS, signal }),
    reconcile(context, { signal }),
    fetchDueRows(context, { forMs: SENDING_BUDGET_IN_MS, signal }),
    recountFound(context, { forMs: RECOUNT_BUDGET_IN_MS, signal }).catch((error: unknown) =>
      log.error("recount_failed", error),
    ),
    searchTraces(context, { forMs: SEARCH_BUDGET_IN_MS, signal }).catch((error: unknown) =>
      log.error("erase_traces_failed", error),
    ),
    checkAlarmsWhenDue(context).catch((error: unknown) => log.error("alarms_failed", error)),
    settlePeriodsWhenDue(context, { signal }).catch((error: unknown) => log.error("settle_periods_failed", error)),
  ]);
  return { sent, polled, fetched };
}
