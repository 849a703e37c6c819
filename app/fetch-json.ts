/** One of our own routes answered, and not with what was asked for. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** No answer came, or it came from a proxy in the server's place. The connection strip tells of it. */
export class UnreachableError extends Error {}

/** The server gives up on its database long before. */
const ANSWER_WITHIN_MS = 30_000;

/**
 * Gets JSON from one of our own routes.
 *
 * @throws RefusedError or UnreachableError, whose message can be shown; what `signal` was aborted with
 */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const giveUp = new AbortController();
  const stop = () => giveUp.abort(signal?.reason);
  const deadline = AbortSignal.timeout(ANSWER_WITHIN_MS);
  deadline.onabort = () => giveUp.abort(new UnreachableError("The server did not answer in time."));
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    const response = await fetch(path, { signal: giveUp.signal, headers: { accept: "application/json" } });
    if (response.ok) return (await response.json()) as T;
    const problem: unknown = await response.json().catch(() => null);
    const detail = typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : null;
    throw new RefusedError(
      typeof detail === "string" ? detail : `The server answered ${response.status}.`,
      response.status,
    );
  } catch (error) {
    if (error instanceof TypeError) throw new UnreachableError("The server can’t be reached.");
    throw error;
  } finally {
    deadline.onabort = null;
    signal?.removeEventListener("abort", stop);
  }
}
