import { spanWords } from "@/lib/setup/span-words";
import { TOLERANCE_IN_SECONDS } from "@/lib/sixtyfour/signature";

/** Clocks that differ by so much are looked at: some more, and webhooks are refused. */
export const WARN_SKEW_IN_SECONDS = 30;
export const BAD_SKEW_IN_SECONDS = TOLERANCE_IN_SECONDS;

/** `6 min ahead of`, `45 s behind`: by how much a clock differs from another. */
export function skewWords(seconds: number): string {
  return `${spanWords(Math.abs(seconds))} ${seconds < 0 ? "behind" : "ahead of"}`;
}
