import type { Context } from "@/lib/context";
import { dispatch } from "@/lib/tasks/dispatch";
import { reconcile } from "@/lib/tasks/reconcile";

/** A serverless host ends a request after a while; half a minute is allowed on all of them. */
const SENDING_BUDGET_IN_MS = 20_000;

/**
 * All that the app does by itself, once and for a bounded time, where no timer can do it: sends what is queued, and asks
 * about what is late.
 */
export async function lookAfter(context: Context): Promise<{ sent: number; polled: number }> {
  const [{ sent }, { polled }] = await Promise.all([
    dispatch(context, { forMs: SENDING_BUDGET_IN_MS }),
    reconcile(context),
  ]);
  return { sent, polled };
}
