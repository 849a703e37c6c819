/** One of our own routes answered, and not with what was asked for. */
export class RefusedError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/**
 * Gets JSON from one of our own routes.
 *
 * @throws RefusedError whose message can be shown: the problem's own words; TypeError where the server can't be reached
 */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (response.ok) return response.json() as Promise<T>;
  const problem: unknown = await response.json().catch(() => null);
  const detail = typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : null;
  throw new RefusedError(
    typeof detail === "string" ? detail : `The server answered ${response.status}.`,
    response.status,
  );
}
