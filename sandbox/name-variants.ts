/** The names of a bulk result, which may come back otherwise than they were sent. */
import type { Lead } from "@/sandbox/requests";
import { seededRandom } from "@/sandbox/seeded-random";

const NICKNAMES = new Map([
  ["Robert", "Bob"],
  ["William", "Bill"],
  ["Elizabeth", "Liz"],
]);
const CHANCE = 0.1;

/**
 * Returns the name as a bulk result has it. A person with a first name of the list above is known by the nickname alone;
 * of the others, one in ten comes back without a middle name, without accents, or in capitals.
 */
export function varyName(name: unknown, lead: Lead | undefined): unknown {
  if (typeof name !== "string") return name;
  const words = name.split(/\s+/).filter(Boolean);
  const nickname = NICKNAMES.get(words[0] ?? "");
  if (nickname && words.length > 1) return nickname;
  if (!seededRandom({ nameInBulk: lead }).chance(CHANCE)) return name;
  if (words.length > 2) return `${words[0]} ${words.at(-1)}`;
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "");
  return plain === name ? name.toUpperCase() : plain;
}
