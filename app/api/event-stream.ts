import { endingSignal } from "@/lib/shutdown";

/** After that the browser connects anew, with all that a request is checked for, and by way of whatever balances the load. */
const LASTS_AT_MOST_MS = 15 * 60_000;
/** How long a browser waits before it does. */
const RECONNECT_AFTER_MS = 1_000;
/** Who takes no more, and is not gone either, is let go. */
const MAX_WAITING = 100;

type Send = (data: string, id: string) => void;

/**
 * Answers with server-sent events. `begin` is given how to send one and how to end it, and returns what is to be done at
 * the end: when the browser is gone, when it has lasted long enough, or when this process is to end, which it must not hold up.
 */
export async function eventStream(
  gone: AbortSignal,
  begin: (send: Send, end: () => void) => Promise<() => void>,
): Promise<Response> {
  const over = new AbortController();
  const end = () => over.abort();
  const timer = setTimeout(end, LASTS_AT_MOST_MS);
  const others = [gone, endingSignal()];
  for (const other of others) other.addEventListener("abort", end);
  if (others.some(({ aborted }) => aborted)) end();
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const readable = new ReadableStream<Uint8Array>(
    {
      start(given) {
        controller = given;
      },
      cancel: end,
    },
    { highWaterMark: MAX_WAITING },
  );
  const write = (text: string) => {
    if (over.signal.aborted) return;
    if ((controller?.desiredSize ?? 0) <= 0) end();
    else controller?.enqueue(encoder.encode(text));
  };
  const whenOver = (work: () => void) =>
    over.signal.aborted ? work() : over.signal.addEventListener("abort", work, { once: true });
  whenOver(() => {
    clearTimeout(timer);
    for (const other of others) other.removeEventListener("abort", end);
    try {
      controller?.close();
    } catch {
      // The browser has closed it.
    }
  });

  write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  try {
    whenOver(await begin((data, id) => write(`id: ${id}\ndata: ${data}\n\n`), end));
  } catch (error) {
    end();
    throw error;
  }
  return new Response(readable, {
    headers: {
      "content-type": "text/event-stream",
      // Compressed, or gathered by a proxy, events would come late and many at once.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  });
}
