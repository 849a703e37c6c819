/** Helpers of the sandbox's own tests. */
import { ENDPOINTS } from "@/sandbox/endpoints";

/** Returns the result that a request to an endpoint has, without starting a job. */
export function makeResult(path: string, body: Record<string, unknown>): Record<string, unknown> {
  return make(path, body).result as Record<string, unknown>;
}

/** Returns the results that a bulk request has. */
export function makeResults(path: string, body: Record<string, unknown>): Record<string, unknown>[] {
  return make(path, body).result as Record<string, unknown>[];
}

/** Returns the cost of a request, in US cents. */
export function makeCost(path: string, body: Record<string, unknown>): number {
  return make(path, body).costCents;
}

function make(path: string, body: Record<string, unknown>) {
  const endpoint = ENDPOINTS.get(path);
  if (!endpoint) throw new Error(`no endpoint ${path}`);
  return endpoint.makeResult(body);
}

/** Returns one value for each of the numbers from 0 up to `count`. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
