/**
 * The sandbox's prices for one lead, in US cents: those that Sixtyfour publishes (emails, phone, the tier low), and others of its
 * own. The real ones depend on the plan.
 */
export const PRICE_CENTS = { email: 5, personalEmail: 20, phone: 30, reverse: 10, qa: 30, research: 50 } as const;

/** The price of an email by the mode of the search, in US cents. */
export function emailCents({ mode }: { mode?: string | null | undefined }): number {
  return mode === "PERSONAL" ? PRICE_CENTS.personalEmail : PRICE_CENTS.email;
}

const TIER_CENTS = { micro: 4, low: 10, medium: 40, high: 100, xhigh: 200, scout: 300 } as const;
type Tier = keyof typeof TIER_CENTS;

/** Tiers whose runs are investigations with a workspace and a budget. */
const ATLAS_TIERS: ReadonlySet<unknown> = new Set<Tier>(["xhigh", "scout"]);

/** True if a run of this tier is an investigation. */
export function isAtlasTier(tier: unknown): boolean {
  return ATLAS_TIERS.has(tier);
}

/** The price of intelligence about one lead, in US cents. An investigation costs its tier's price times its budget. */
export function tierCents({ tier, budget }: { tier?: Tier | null; budget?: unknown }): number {
  const factor = isAtlasTier(tier) && typeof budget === "number" ? budget : 1;
  return TIER_CENTS[tier ?? "low"] * factor;
}
