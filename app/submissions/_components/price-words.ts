import { money } from "@/app/_components/figures";
import { publishedPriceCents } from "@/lib/sixtyfour/published-prices";
import type { TaskOptions } from "@/lib/sixtyfour/task-options";

type Priced = Pick<TaskOptions, "mode" | "tier">;

/** `about $0.05` for a choice with a published price, to be joined with other words; nothing for one without. */
export function figureOfPrice(kind: string, options: Priced): string[] {
  const cents = publishedPriceCents(kind, options);
  return cents === null ? [] : [`about ${money(cents)}`];
}

/** The price of a choice in sentences, for the place where it is submitted. */
export function priceSentence(kind: string, options: Priced): string {
  const cents = publishedPriceCents(kind, options);
  if (cents === null) return "Sixtyfour reports the cost when the task completes.";
  return `About ${money(cents)}. Sixtyfour reports the exact cost when the task completes.`;
}
