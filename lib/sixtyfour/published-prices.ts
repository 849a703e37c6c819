import { DEFAULT_TIER, type TaskOptions } from "@/lib/sixtyfour/task-options";

/**
 * Sixtyfour's published price of one lead, in US cents; null where none is published. The prices bear no date, so screens
 * always say "about". Safe for the browser.
 */
export function publishedPriceCents(
  kind: string,
  { mode = "PROFESSIONAL", tier = DEFAULT_TIER, budget = 1 }: Pick<TaskOptions, "mode" | "tier" | "budget">,
): number | null {
  const cents = priceOfOne(kind, mode, tier);
  return cents === null ? null : cents * budget;
}

function priceOfOne(kind: string, mode: string, tier: string): number | null {
  if (kind === "find_email") return mode === "PERSONAL" ? 20 : 5;
  if (kind === "find_phone") return 30;
  if (kind === "people_intelligence" && tier === "low") return 10;
  return null;
}
