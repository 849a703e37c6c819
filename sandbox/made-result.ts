/** Rules that all made-up results follow: equal requests have equal results, and nothing else decides them. */
import { findBehaviours } from "@/sandbox/behaviours";
import type { Lead } from "@/sandbox/requests";

export interface MadeResult {
  result: unknown;
  costCents: number;
}

/** Decides whether something is found: by luck, unless the lead's name decides it. */
export function finds(lead: Lead, isLucky = true): boolean {
  return isAlwaysFound(lead) || (isLucky && !findBehaviours([lead]).has("nothingFound"));
}

/** True if the lead's name promises that everything is found. */
export function isAlwaysFound(lead: Lead): boolean {
  return findBehaviours([lead]).has("alwaysFound");
}

/** Returns the request without its delivery address and its idempotency key, which decide nothing about the result. */
export function seedOf<T extends object>(request: T): Record<string, unknown> {
  return { ...request, webhook_url: undefined, dispatch_id: undefined };
}
