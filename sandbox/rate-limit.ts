import { type Answer, Refusal } from "@/sandbox/http";

const WINDOW_MS = 60_000;

/** The limit on requests of one key in any minute, as the API has it. Without a limit it only counts. */
export interface RateLimit {
  /** @throws Refusal 429 with Retry-After where the minute is full. */
  admit(key: string): void;
  /** Null takes the limit off. */
  set(perMinute: number | null): void;
  counts(): { requests: number; rateLimited: number };
  clear(): void;
}

export function createRateLimit(perMinute: number | null, now: () => number = Date.now): RateLimit {
  let limit = perMinute;
  let requests = 0;
  let rateLimited = 0;
  /** The moments of the requests of the last minute that were let in, by key. */
  const admitted = new Map<string, number[]>();

  return {
    admit(key) {
      requests += 1;
      if (limit === null) return;
      const since = now() - WINDOW_MS;
      const lately = (admitted.get(key) ?? []).filter((at) => at > since);
      admitted.set(key, lately);
      const [oldest] = lately;
      if (oldest !== undefined && lately.length >= limit) {
        rateLimited += 1;
        throw new Refusal(tooMany(Math.max(1, Math.ceil((oldest - since) / 1000))));
      }
      lately.push(now());
    },
    set(next) {
      limit = next;
      admitted.clear();
    },
    counts: () => ({ requests, rateLimited }),
    clear() {
      limit = perMinute;
      requests = 0;
      rateLimited = 0;
      admitted.clear();
    },
  };
}

function tooMany(retryAfterSeconds: number): Answer {
  return {
    status: 429,
    headers: { "retry-after": String(retryAfterSeconds) },
    body: { detail: "Rate limit exceeded" },
  };
}
