import type { BodyBudget } from "@/lib/pipeline/body-budget";

/**
 * bytes: the whole body, which counts in the budget until `release` is called · too_long: longer than allowed ·
 * over_budget: other requests hold the memory · too_slow: the signal was aborted first · aborted: the sender is gone.
 */
export type WebhookBody =
  | { type: "bytes"; bytes: Uint8Array; release(): void }
  | { type: "too_long" | "over_budget" | "too_slow" | "aborted" };

interface Limits {
  maxBytes: number;
  budget: BodyBudget;
  /** Says whether the sender is trusted with the whole budget. It is asked only once the shared half is used up. */
  isTrusted: () => Promise<boolean>;
  /** Ends the reading. */
  signal: AbortSignal;
}

/**
 * Reads the body of a webhook request. It stops as soon as the body is longer than allowed, the budget is used up, or the signal is
 * aborted; what it has read is then freed, and the rest stays with the sender.
 */
export async function readWebhookBody(
  request: Request,
  { maxBytes, budget, isTrusted, signal }: Limits,
): Promise<WebhookBody> {
  const declared = Number(request.headers.get("content-length") ?? Number.NaN);
  if (declared > maxBytes) return { type: "too_long" };
  if (!request.body) return { type: "bytes", bytes: new Uint8Array(), release() {} };
  let held = 0;
  let isTrustedSender = false;
  const reserve = async (bytes: number) => {
    if (!budget.reserve(bytes, isTrustedSender)) {
      isTrustedSender ||= await isTrusted();
      if (!isTrustedSender || !budget.reserve(bytes, true)) return false;
    }
    held += bytes;
    return true;
  };
  const release = () => {
    budget.release(held);
    held = 0;
  };
  // A body that says its length is not even begun unless there is room for all of it.
  if (declared > 0 && !(await reserve(declared))) return { type: "over_budget" };

  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  const giveUp = (type: Exclude<WebhookBody["type"], "bytes">): WebhookBody => {
    chunks.length = 0;
    release();
    void discardRest(reader);
    return { type };
  };
  const aborted = abortion(signal);
  try {
    for (;;) {
      const read = await Promise.race([reader.read().catch(() => "gone" as const), aborted.promise]);
      if (read === "gone") return giveUp("aborted");
      if (read === "aborted") return giveUp("too_slow");
      if (read.done) break;
      length += read.value.byteLength;
      if (length > maxBytes) return giveUp("too_long");
      if (length > held && !(await reserve(length - held))) return giveUp("over_budget");
      chunks.push(read.value);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    aborted.stop();
  }
  return { type: "bytes", bytes: Buffer.concat(chunks, length), release };
}

function abortion(signal: AbortSignal): { promise: Promise<"aborted">; stop(): void } {
  let listener = () => {};
  const promise = new Promise<"aborted">((resolve) => {
    listener = () => resolve("aborted");
    if (signal.aborted) listener();
    else signal.addEventListener("abort", listener, { once: true });
  });
  return { promise, stop: () => signal.removeEventListener("abort", listener) };
}

/** Enough for what is on its way already. A sender with more to say is cut off, see `lib/slow-connections.ts`. */
const MAX_DISCARDED_BYTES = 128_000;

/**
 * Reads a little of the rest and throws it away, so that a short body comes to its end and its connection can be used
 * again. To cancel the stream instead would destroy the socket before the answer is sent.
 */
async function discardRest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    for (let discarded = 0; discarded < MAX_DISCARDED_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) return;
      discarded += value.byteLength;
    }
  } catch {
    // The sender is gone, or its connection was ended because it was too slow.
  }
}
