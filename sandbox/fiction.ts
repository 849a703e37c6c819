/**
 * Made-up people and companies. Nothing here can reach anybody: domains end in the reserved `.example`, phone numbers
 * are from ranges kept for fiction (US 555-01xx, UK 7700 900xxx).
 */
import type { Lead } from "@/sandbox/requests";
import type { SeededRandom } from "@/sandbox/seeded-random";

/** The person or company of a result: the fields of the lead, and inventions for the others. */
export interface Subject {
  name: string;
  company: string;
  /** The company's domain, under `.example`. */
  domain: string;
  title: string;
  location: string;
  linkedin: string;
  industry: string;
}

const FIRST_NAMES = ["Ada", "Noor", "Emil", "Priya", "Jonas", "Mei", "Tomás", "Ingrid", "Kwame", "Lucía"] as const;
const LAST_NAMES = ["Okafor", "Lindqvist", "Marlowe", "Tanaka", "Ferreira", "Novak", "Haddad", "Whitlock"] as const;
const COMPANY_STEMS = ["Harbor", "Copperleaf", "Northwind", "Juniper", "Lantern", "Quarry", "Tideline"] as const;
const COMPANY_NOUNS = ["Systems", "Logistics", "Robotics", "Health", "Analytics", "Foods"] as const;
const TITLES = [
  "Head of Research",
  "VP Engineering",
  "Chief Operating Officer",
  "Product Manager",
  "Director of Sales",
  "Data Scientist",
] as const;
const LOCATIONS = ["London, UK", "Berlin, Germany", "Austin, US", "Toronto, Canada", "Lisbon, Portugal"] as const;
const INDUSTRIES = ["Software", "Manufacturing", "Healthcare", "Logistics", "Financial services", "Energy"] as const;

/** Reads a lead, and makes up the fields that it does not have. */
export function imagineSubject(lead: Lead, random: SeededRandom): Subject {
  // All is drawn before any of it is used, so that a field given more changes no other one's draw.
  const made = {
    name: imagineName(random),
    company: `${random.pick(COMPANY_STEMS)} ${random.pick(COMPANY_NOUNS)}`,
    title: random.pick(TITLES),
    location: random.pick(LOCATIONS),
    industry: random.pick(INDUSTRIES),
  };
  const email = text(lead.email);
  const parts = [text(lead.first_name), text(lead.last_name)].filter(Boolean).join(" ");
  const givenDomain = text(lead.company_domain) ?? text(lead.domain) ?? text(lead.website) ?? email?.split("@")[1];
  const domainStem = givenDomain && stemOfDomain(givenDomain);
  const name = text(lead.full_name) ?? text(lead.name) ?? (parts || (email ? nameOfEmail(email) : made.name));
  const company =
    text(lead.company) ?? text(lead.company_name) ?? (domainStem ? capitalised(domainStem) : made.company);
  return {
    name,
    company,
    domain: `${domainStem || slug(company, "-") || "company"}.example`,
    title: text(lead.title) ?? made.title,
    location: text(lead.location) ?? made.location,
    linkedin: text(lead.linkedin) ?? text(lead.linkedin_url) ?? `https://linkedin.example/in/${slug(name, "-")}`,
    industry: made.industry,
  };
}

export function imagineName(random: SeededRandom): string {
  return `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`;
}

/** The part before the @: first.last mostly, else flast or first. */
export function imagineMailbox(name: string, random: SeededRandom): string {
  const words = slug(name, " ").split(" ").filter(Boolean);
  const first = words[0] ?? "contact";
  const last = words.length > 1 ? words.at(-1) : undefined;
  const form = random.int(1, 10);
  if (!last || form === 10) return first;
  return form >= 8 ? `${first.charAt(0)}${last}` : `${first}.${last}`;
}

/** A number that is given to nobody. */
export function imaginePhone(random: SeededRandom): string {
  if (random.chance(0.25)) return `+44 7700 900${padded(random.int(0, 999), 3)}`;
  return `+1 ${random.pick(["202", "312", "415", "617"])} 555 01${padded(random.int(0, 99), 2)}`;
}

/** Latin letters and digits in lower case, the rest folded into the separator. */
export function slug(value: string, separator: string): string {
  return value
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
    .join(separator);
}

/** A string that says something, trimmed. */
function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() ? value.trim() : undefined;
}

/** `https://www.analytical-engines.com/about` gives `analytical-engines`. */
function stemOfDomain(domain: string): string {
  const host = domain
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/^www\./, "")
    .split(/[/:?#]/)[0];
  return slug(host?.split(".")[0] ?? "", "-");
}

function nameOfEmail(email: string): string {
  return capitalised(slug(email.split("@")[0] ?? "", "-")) || "Unknown Person";
}

function capitalised(stem: string): string {
  return stem
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
