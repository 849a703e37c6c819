/** The sandbox's own prices for one lead, in US cents; the real ones depend on the plan. */
export const PRICE_CENTS = { email: 5, phone: 30, reverse: 10, qa: 30, research: 50 } as const;

const TIER_CENTS = { micro: 4, low: 10, medium: 40, high: 100, xhigh: 200, scout: 300 } as const;

/** What intelligence about one lead costs. */
export function tierCents({ tier }: { tier?: keyof typeof TIER_CENTS | null }): number {
  return TIER_CENTS[tier ?? "low"];
}
