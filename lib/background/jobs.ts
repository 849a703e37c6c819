import { checkAlarmsWhenDue } from "@/lib/alarms/check";
import type { Context } from "@/lib/context";
import { settlePeriodsWhenDue } from "@/lib/periods/settle-periods";
import { dispatch } from "@/lib/pipeline/dispatch";
import { fetchDueRows } from "@/lib/pipeline/fetch-rows";
import { reconcile } from "@/lib/pipeline/reconcile";
import { recountFound } from "@/lib/pipeline/recount-found";
import { deleteExpiredWhenDue } from "@/lib/settings/delete-expired";
import { deleteStaleDrafts } from "@/lib/submissions/delete-stale-drafts";
import { searchTraces } from "@/lib/tasks/erase-traces";

/** Limits of one run of a job: `forMs` for work that could go on, and a signal that ends it. */
interface RunLimits {
  forMs: number;
  signal: AbortSignal;
}

/** What one run did, for the answer to a scheduler. */
export interface JobResult {
  sent?: number;
  polled?: number;
  fetched?: number;
}

export interface Job {
  /** The log's event for a failed run is this name with `_failed`. */
  name: string;
  run(context: Context, limits: RunLimits): Promise<JobResult>;
}

/** Recounting, and the search for traces of erased leads, take turns with what people wait for. */
const TAKING_TURNS_FOR_MS = 2_000;

const nothing = (): JobResult => ({});

/** All background jobs. Each may run in any number of instances at once. */
export const JOBS: Job[] = [
  { name: "dispatch", run: (context, limits) => dispatch(context, limits) },
  { name: "reconcile", run: (context, { signal }) => reconcile(context, { signal }) },
  { name: "fetch", run: (context, limits) => fetchDueRows(context, limits) },
  {
    name: "delete_expired",
    run: async (context, { signal }) => {
      await deleteExpiredWhenDue(context, { signal });
      await deleteStaleDrafts(context);
      return {};
    },
  },
  { name: "alarms", run: (context) => checkAlarmsWhenDue(context).then(nothing) },
  { name: "settle_periods", run: (context, { signal }) => settlePeriodsWhenDue(context, { signal }).then(nothing) },
  {
    name: "erase_traces",
    run: (context, { signal }) => searchTraces(context, { forMs: TAKING_TURNS_FOR_MS, signal }).then(nothing),
  },
  {
    name: "recount",
    run: (context, { signal }) => recountFound(context, { forMs: TAKING_TURNS_FOR_MS, signal }).then(nothing),
  },
];
