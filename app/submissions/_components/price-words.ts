import { money } from "@/app/_components/figures";
import { publishedPriceCents } from "@/lib/sixtyfour/published-prices";
import type { TaskOptions, Tier } from "@/lib/sixtyfour/task-options";

type Priced = Pick<TaskOptions, "mode" | "tier">;

/** `about $0.05` for a choice with a published price, to be joined with other words; nothing for one without. */
export function figureOfPrice(kind: string, options: Priced): string[] {
  const cents = publishedPriceCents(kind, options);
  return cents === null ? [] : [`about ${money(cents)}`];
}

/** The price of a tier, to be joined with other words; says so where Sixtyfour publishes none. */
export function priceOfTier(kind: string, tier: Tier): string {
  return figureOfPrice(kind, { tier })[0] ?? "no published price";
}

/** The price of a choice in sentences, for the place where it is submitted. */
export function priceSentence(kind: string, options: Priced): string {
  const cents = publishedPriceCents(kind, options);
  if (cents === null) {
    const unknown = options.tier ? "Sixtyfour publishes no price for this tier. It" : "Sixtyfour";
    return `${unknown} reports the cost when the task completes.`;
  }
  return `About ${money(cents)}. Sixtyfour reports the exact cost when the task completes.`;
}
