/** The ways in which the API says that it found no value for a field. */
import type { SeededRandom } from "@/sandbox/seeded-random";

export const NO_VALUE_WORDS = ["N/A", "None found", "Unknown"] as const;

/** Returns an empty text mostly, else a word, null or an empty list. */
export function imagineNoValue(random: SeededRandom): unknown {
  if (random.chance(0.6)) return "";
  return random.pick<unknown>([...NO_VALUE_WORDS, null, []]);
}

/** True if a value says that nothing was found. */
export function isNoValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || value === null || NO_VALUE_WORDS.some((word) => word === value);
}
