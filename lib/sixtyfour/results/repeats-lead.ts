import { keyOf, readValue, saysSomething, textOf } from "@/lib/sixtyfour/results/values";
import { compact, emailKey, isSameValue, urlKey, wordsOf } from "@/lib/sixtyfour/same-value";

/** Keys that mean the same, under whatever name a result or a lead has them. */
const ALIASES: readonly ReadonlySet<string>[] = [
  ["name", "full_name", "person", "person_name", "lead_name"],
  ["company", "company_name", "employer", "organization", "organisation", "current_company", "account"],
  ["title", "job_title", "role", "position"],
  ["domain", "company_domain", "website", "company_website", "url", "homepage"],
  ["linkedin", "linkedin_url", "linkedin_profile", "profile_url"],
  ["email", "work_email", "email_address"],
  ["phone", "phone_number", "mobile"],
  ["location", "city"],
].map((names) => new Set(names));

/** Parts of a name, which a lead may have sent as a whole. */
const NAME_PARTS = new Set(["first_name", "last_name", "given_name", "family_name", "surname"]);

/** A shorter value under a key of another meaning may be the same by chance, such as "yes". */
const SHORTEST_ECHO = 4;

/**
 * True if a value only repeats the lead: what was sent under the same key or one of the same meaning, or any of the lead's
 * values that is long enough to be told apart. A list or an object repeats the lead if each of its parts that says
 * something does.
 */
export function repeatsLead(name: string, given: unknown, lead: Record<string, string>, depth = 0): boolean {
  const value = readValue(given);
  if (typeof value === "object" && value !== null) {
    const parts = Array.isArray(value) ? value.map((item) => [name, item] as const) : Object.entries(value);
    const saying = parts.filter(([key, part]) => saysSomething(part, key));
    return depth < 5 && saying.length > 0 && saying.every(([key, part]) => repeatsLead(key, part, lead, depth + 1));
  }
  const text = textOf(value);
  if (text === null) return false;
  const sent = Object.entries(lead).filter(([, one]) => typeof one === "string" && one.trim() !== "");
  const whole = [lead.first_name, lead.last_name].filter(Boolean).join(" ");
  if (whole) sent.push(["name", whole]);
  return sent.some(([key, one]) => repeats(name, text, key, one));
}

function repeats(name: string, text: string, sentName: string, sent: string): boolean {
  const isSameKey =
    keyOf(name) === keyOf(sentName) || ALIASES.some((names) => names.has(keyOf(name)) && names.has(keyOf(sentName)));
  const isLongEnough = isSameKey || compact(text).length >= SHORTEST_ECHO;
  if (isLongEnough && isSameValue(text, sent)) return true;
  if (NAME_PARTS.has(keyOf(name)) && /name/.test(sentName)) {
    const words = wordsOf(text);
    return words.length > 0 && words.every((word) => wordsOf(sent).includes(word));
  }
  return isHostOf(text, sent);
}

/** `acme.com` says nothing beside `https://acme.com/about` or `ada@acme.com`. */
function isHostOf(text: string, sent: string): boolean {
  const host = urlKey(text);
  if (!host || host.includes("/") || emailKey(text)) return false;
  return emailKey(sent)?.split("@")[1] === host || urlKey(sent)?.split("/")[0] === host;
}
