import { createHash } from "node:crypto";

/** Chance that is the same for the same input, on every machine and in every run. */
export interface SeededRandom {
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number;
  /** From `min` to `max`, rounded to two decimals. */
  decimal(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly [T, ...T[]]): T;
}

/** JSON with its keys in order, so that equal values have equal text however they were written. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** Mulberry32, seeded by the SHA-256 of the input's canonical JSON. */
export function seededRandom(input: unknown): SeededRandom {
  let state = createHash("sha256").update(canonicalJson(input)).digest().readUInt32LE(0);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    decimal: (min, max) => Math.round((min + next() * (max - min)) * 100) / 100,
    chance: (probability) => next() < probability,
    pick<T>(choices: readonly [T, ...T[]]): T {
      const choice = choices[Math.floor(next() * choices.length)];
      // A null is a choice like any other.
      return choice === undefined ? choices[0] : choice;
    },
  };
}
