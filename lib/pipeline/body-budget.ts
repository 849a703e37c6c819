export interface BodyBudget {
  /** Takes bytes out of the budget, or returns false if it has too few left. */
  reserve(bytes: number, isTrusted: boolean): boolean;
  release(bytes: number): void;
}

/**
 * Limits the bytes of all webhook bodies that this process holds at a time. Requests that nothing vouches for yet get half of
 * it at most, so that they can't use up what deliveries with a token of ours need.
 */
export function createBodyBudget(maxBytes: number): BodyBudget {
  let reserved = 0;
  return {
    reserve(bytes, isTrusted) {
      if (reserved + bytes > (isTrusted ? maxBytes : maxBytes / 2)) return false;
      reserved += bytes;
      return true;
    },
    release(bytes) {
      reserved -= bytes;
    },
  };
}
