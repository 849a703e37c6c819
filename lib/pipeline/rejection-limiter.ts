import { addressGroup } from "@/lib/client-address";

const WINDOW_MS = 60_000;
const MAX_REJECTED_PER_WINDOW = 60;
/** The oldest address is forgotten beyond this number, so that a flood from many addresses needs no memory. */
const MAX_ADDRESSES = 10_000;

export interface RejectionLimiter {
  /** Counts a rejected request of this address. */
  count(address: string | null, now?: number): void;
  /** Returns the seconds until the address is heard again, or null if it is not limited. */
  limitedForSeconds(address: string | null, now?: number): number | null;
}

/**
 * Counts rejected webhook requests by client address, in the memory of this process. Only requests without a valid
 * signature and without a token of ours are counted and limited, so Sixtyfour itself never is.
 */
export function createRejectionLimiter(): RejectionLimiter {
  const windows = new Map<string, { startedAt: number; rejected: number }>();
  return {
    count(address, now = Date.now()) {
      const key = addressGroup(address);
      const window = windows.get(key);
      if (window && now - window.startedAt < WINDOW_MS) {
        window.rejected += 1;
        return;
      }
      // Deleted first, so that the order of the map is the order of the windows.
      windows.delete(key);
      windows.set(key, { startedAt: now, rejected: 1 });
      const oldest = windows.size > MAX_ADDRESSES ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
    },
    limitedForSeconds(address, now = Date.now()) {
      const window = windows.get(addressGroup(address));
      if (!window || window.rejected < MAX_REJECTED_PER_WINDOW) return null;
      const leftMs = window.startedAt + WINDOW_MS - now;
      return leftMs > 0 ? Math.ceil(leftMs / 1_000) : null;
    },
  };
}
