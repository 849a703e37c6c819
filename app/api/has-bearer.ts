import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a request bears this secret. Without a secret there is nobody who could be let in. */
export function hasBearer(request: Request, secret: string | undefined): boolean {
  return secret !== undefined && isSame(request.headers.get("authorization") ?? "", `Bearer ${secret}`);
}

/** Compares in constant time, also where the lengths differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
