import { ActionFailedError, attempt } from "@/app/_components/actions/attempt";
import type { OpenList } from "@/app/submissions/list/_components/use-list";
import { addRows } from "@/app/submissions/list/actions";
import type { ListLead } from "@/lib/lists/list-book";

const LEADS_PER_CALL = 1_000;
/** A call may carry more; a slow line is told of progress more often with less. */
const CHARACTERS_PER_CALL = 700_000;
/** Waits after a connection that failed; the same rows again change nothing. */
const RETRY_AFTER_MS = [1_000, 3_000, 8_000];

/**
 * Stores the leads of a list in its draft, part by part.
 *
 * @throws Error whose message can be shown, where the server refuses them; ActionFailedError where it stays out of reach;
 *   what `signal` was aborted with
 */
export async function uploadLeads({
  submissionId,
  call,
  onProgress,
  signal,
}: {
  submissionId: string;
  call: OpenList["call"];
  onProgress: (done: number) => void;
  signal: AbortSignal;
}): Promise<void> {
  for (let fromRow = 0; ; ) {
    const leads = firstThatFit(await call("leads", { from: fromRow, limit: LEADS_PER_CALL }));
    if (leads.length === 0) return;
    await addWithRetries({ submissionId, fromRow, leads }, signal);
    fromRow += leads.length;
    onProgress(fromRow);
  }
}

function firstThatFit(leads: ListLead[]): ListLead[] {
  let characters = 0;
  const end = leads.findIndex((lead, index) => {
    characters += JSON.stringify(lead).length;
    return characters > CHARACTERS_PER_CALL && index > 0;
  });
  return end === -1 ? leads : leads.slice(0, end);
}

async function addWithRetries(given: Parameters<typeof addRows>[0], signal: AbortSignal): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    signal.throwIfAborted();
    const outcome = await attempt(() => addRows(given));
    if ("value" in outcome) {
      if (!outcome.value) return;
      throw new Error(outcome.value.error);
    }
    const waitMs = RETRY_AFTER_MS[tries];
    // A build that does not know the call never will.
    if (waitMs === undefined || outcome.failure === "new_version") throw new ActionFailedError(outcome);
    await delay(waitMs, signal);
  }
}

/** @throws what the signal was aborted with, at once */
async function delay(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
  });
}
