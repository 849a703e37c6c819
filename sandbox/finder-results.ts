/** Made-up results of the finders and of the reverse lookups, in the API's shapes. */
import { imagineMailbox, imaginePhone, imagineSubject } from "@/sandbox/fiction";
import { finds, isAlwaysFound, type MadeResult, seedOf } from "@/sandbox/made-result";
import { varyName } from "@/sandbox/name-variants";
import { emailCents, PRICE_CENTS } from "@/sandbox/prices";
import type { FindEmailRequest, Lead } from "@/sandbox/requests";
import { type SeededRandom, seededRandom } from "@/sandbox/seeded-random";

interface Found {
  /** Repeats the lead's own fields, as the real API does. */
  result: Record<string, unknown>;
  costCents: number;
}

/** Finds an address: `email`, or `personal_email` in the mode PERSONAL, as a list of [address, status, type]. */
export function findEmail(lead: Lead, options: Omit<FindEmailRequest, "lead">): Found {
  const random = seededRandom({ task: "find_email", lead, options: seedOf(options) });
  const subject = imagineSubject(lead, random);
  const mailbox = imagineMailbox(subject.name, random);
  const isPersonal = options.mode === "PERSONAL";
  const address = `${mailbox}@${isPersonal ? "mail.example" : subject.domain}`;
  const luck = random.int(1, 100);
  const isFound = finds(lead, luck > 8);
  const tuples = isFound
    ? [[address, statusOfHit(luck > 20 && options.verify_emails === true, isAlwaysFound(lead), random)]]
    : missedEmails(address, random);
  const hasType = isAlwaysFound(lead) || random.chance(0.8);
  const type = isPersonal ? "PERSONAL" : "COMPANY";
  const costCents = isFound ? emailCents(options) : 0;
  return {
    result: {
      ...lead,
      name: subject.name,
      company: subject.company,
      [isPersonal ? "personal_email" : "email"]: hasType ? tuples.map((tuple) => [...tuple, type]) : tuples,
      cost_cents: costCents,
    },
    costCents,
  };
}

function statusOfHit(isVerified: boolean, isPlain: boolean, random: SeededRandom): string {
  if (isVerified && (isPlain || random.chance(0.95))) return "OK";
  if (isPlain || random.chance(0.6)) return "UNKNOWN";
  return random.pick(["CATCH_ALL", "RISKY"]);
}

/** A miss is mostly a tuple that says so, with anything in the place of the address; sometimes an empty list. */
function missedEmails(guess: string, random: SeededRandom): unknown[][] {
  const form = random.int(1, 5);
  if (form === 1) return [];
  if (form === 2) return [[guess, "INVALID"]];
  return [[random.pick(["", null, guess]), "NOT_FOUND"]];
}

/** Finds a phone number: a text, a list of texts, or a list of `{number, region}`. */
export function findPhone(lead: Lead, options: object): Found {
  const random = seededRandom({ task: "find_phone", lead, options: seedOf(options) });
  const subject = imagineSubject(lead, random);
  const phone = imaginePhone(random);
  const luck = random.int(1, 100);
  const isFound = finds(lead, luck > 12);
  const costCents = isFound ? PRICE_CENTS.phone : 0;
  return {
    result: {
      ...lead,
      name: subject.name,
      company: subject.company,
      phone: isFound ? shapePhone(phone, luck, random) : random.pick<unknown>(["", []]),
      cost_cents: costCents,
    },
    costCents,
  };
}

function shapePhone(phone: string, luck: number, random: SeededRandom): unknown {
  if (luck > 85) return [phone, imaginePhone(random)];
  if (luck > 70) return [{ number: phone, region: phone.startsWith("+44") ? "GB" : "US" }];
  return phone;
}

/** Finds the person who has an address or a number. A miss has an empty name, and may guess a company by the domain. */
export function reverse(key: "email" | "phone", lead: Lead, options: object): Found {
  const random = seededRandom({ task: `reverse_${key}`, lead, options: seedOf(options) });
  const { name, company, title, location, linkedin } = imagineSubject(lead, random);
  const isFound = finds(lead, random.chance(0.9));
  const costCents = isFound ? PRICE_CENTS.reverse : 0;
  const person = isFound
    ? { name, company, title, location, linkedin, match_confidence: "high" }
    : { name: "", company: key === "email" && random.chance(0.5) ? company : "", match_confidence: "none" };
  return { result: { [key]: lead[key], ...person, cost_cents: costCents }, costCents };
}

/**
 * Runs a finder over many leads, in their order. Each result is the one of a request for the lead alone, but for the
 * name of a few, which comes back otherwise than it was sent.
 */
export function forEachLead(leads: Lead[], find: (lead: Lead) => Found): MadeResult {
  const found = leads.map(find);
  return {
    result: found.map(({ result }, index) => ({ ...result, name: varyName(result.name, leads[index]) })),
    costCents: found.reduce((total, { costCents }) => total + costCents, 0),
  };
}
