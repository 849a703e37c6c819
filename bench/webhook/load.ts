import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "@/bench/figures";
import type { Delivery } from "@/bench/webhook/deliveries";

/** What one run of requests came to. Times run from when a request was due until its answer was read. */
export interface LoadResult {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 2xx, or none. */
  failed: number;
  sent: number;
}

/** As many as it can take, so many at a time: each connection sends its next one as soon as it has its answer. */
export async function saturate(
  origin: string,
  next: () => Delivery,
  given: { connections: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: given.connections });
  const startedAt = performance.now();
  const endsAt = startedAt + given.seconds * 1000;
  const timesMs: number[] = [];
  let failed = 0;
  const connection = async () => {
    while (performance.now() < endsAt) {
      const sentAt = performance.now();
      if (!(await post(origin, next(), agent))) failed += 1;
      timesMs.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: given.connections }, connection));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  return summarise(timesMs, failed, seconds);
}

/** So many a second, whether the ones before are answered or not: a slow answer makes the next ones no later. */
export async function keepPace(
  origin: string,
  next: () => Delivery,
  given: { perSecond: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true });
  const startedAt = performance.now();
  const timesMs: number[] = [];
  let failed = 0;
  const running: Promise<void>[] = [];
  for (let n = 0; n < given.perSecond * given.seconds; n += 1) {
    const dueAt = startedAt + (n * 1000) / given.perSecond;
    const wait = dueAt - performance.now();
    if (wait > 0) await sleep(wait);
    running.push(
      post(origin, next(), agent).then((isTaken) => {
        if (!isTaken) failed += 1;
        timesMs.push(performance.now() - dueAt);
      }),
    );
  }
  await Promise.all(running);
  agent.destroy();
  return summarise(timesMs, failed, (performance.now() - startedAt) / 1000);
}

/** @returns whether it was answered with a 2xx, once all of the answer is there */
export function post(origin: string, delivery: Delivery, agent?: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request(
      origin + delivery.path,
      { method: "POST", headers: delivery.headers, ...(agent && { agent }) },
      (response) => {
        response.on("end", () => resolve(Math.floor((response.statusCode ?? 0) / 100) === 2));
        response.on("error", () => resolve(false));
        response.resume();
      },
    );
    outgoing.on("error", () => resolve(false));
    outgoing.end(delivery.body);
  });
}

/** Times in whatever order, of requests that took so many seconds together. */
function summarise(timesMs: number[], failed: number, seconds: number): LoadResult {
  const [p50Ms, p99Ms] = [quantile(timesMs, 0.5), quantile(timesMs, 0.99)];
  return { perSecond: timesMs.length / seconds, p50Ms, p99Ms, failed, sent: timesMs.length };
}
