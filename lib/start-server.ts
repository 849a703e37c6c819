import { appContext } from "@/lib/context";
import { env } from "@/lib/env";
import { errorForLog } from "@/lib/error-for-log";
import { ConfigError } from "@/lib/errors";
import { reconcile } from "@/lib/tasks/reconcile";

const RECONCILE_EVERY_MS = 2_000;

/**
 * What a server does before it takes requests: it checks its environment, and ends with a sentence where that is not
 * complete; then it looks after open tasks on a timer, where the host lets a process live on between requests.
 */
export function startServer(): void {
  try {
    if (!env().isServerless) startReconcileTimer();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

/** Rounds never overlap: the next one is set when the last has ended. */
function startReconcileTimer(): void {
  const round = async () => {
    try {
      await reconcile(appContext());
    } catch (error) {
      console.error(JSON.stringify({ event: "reconcile_failed", error: errorForLog(error) }));
    }
    setTimeout(round, RECONCILE_EVERY_MS).unref();
  };
  setTimeout(round, RECONCILE_EVERY_MS).unref();
}
