/**
 * Gets JSON from one of our own routes.
 *
 * @throws Error whose message can be shown: the problem's own words, or that the server can't be reached
 */
export async function fetchJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (response.ok) return response.json() as Promise<T>;
  const problem: unknown = await response.json().catch(() => null);
  const detail = typeof problem === "object" && problem !== null && "detail" in problem ? problem.detail : null;
  throw new Error(typeof detail === "string" ? detail : `The server answered ${response.status}.`);
}
