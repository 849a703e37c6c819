/** Single values of a result: how each is read, and whether it says anything. Safe for the browser. */
import { parsePythonLiteral } from "@/lib/sixtyfour/results/python-literal";

/** Longer text is prose, not a list or a dict. */
const MAX_LITERAL_LENGTH = 500_000;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Text without the spaces around it; null where it is empty or of another type. Numbers count as text. */
export function textOf(value: unknown): string | null {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() ? text.trim() : null;
}

/**
 * A value as it was meant: Sixtyfour sends a dict as text with JSON in it, and an untyped list as text in Python's
 * notation. Any other text stays as it is.
 */
export function readValue(value: unknown): unknown {
  if (typeof value !== "string" || value.length > MAX_LITERAL_LENGTH) return value;
  if (!/^\s*(\[[\s\S]*\]|\{[\s\S]*\})\s*$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    const parsed = parsePythonLiteral(value);
    return parsed === undefined ? value : parsed;
  }
}

/** Reads one record, or a list of records: people, offices, funding rounds. Null where a value is none of these. */
export function readRecords(given: unknown): Record<string, unknown>[] | null {
  const value = readValue(given);
  if (isRecord(value)) return Object.keys(value).length > 0 ? [value] : null;
  return Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : null;
}

/** Answers that mean that there is no value, in lower case and without punctuation at the end. */
const NO_VALUE = new Set([
  "",
  "n/a",
  "n.a",
  "null",
  "nil",
  "nan",
  "none",
  "nobody",
  "nothing",
  "undefined",
  "unknown",
  "unavailable",
  "undisclosed",
  "unspecified",
  "not applicable",
  "not disclosed",
  "not specified",
  "not provided",
  "no data",
  "no info",
  "no information",
  "no match",
  "no matches",
  "no result",
  "no results",
]);

/** "No email found for this lead", "Not publicly available", "Nothing could be found": a sentence that means no value. */
const NO_VALUE_SENTENCE =
  /^(?:there (?:is|are|was|were) )?(?:no|not|none|nothing|nobody|unable to|could not|couldn['’]t|cannot|can['’]t)(?: [\p{L}\p{N}'’/-]+){0,4}? ?\b(?:found|find|available|known|identified|identify|determined|determine|located|locate|verified)(?: (?:for|about|on|in|at|from|by|with|online|publicly|anywhere)\b.*)?$/u;

const LONGEST_SENTENCE = 120;

/** Keys such as `found` or `email_found`, whose `false` is no value. */
const FOUND_FLAG = /(^|[_\s-])found$|[a-z]Found$/;

/**
 * True if a value says something: not null, empty, only punctuation, a word or sentence for "no value" in any case, or
 * `false` under a key that tells of a find. A list or an object says something if one of its parts does.
 *
 * @param name the key of the value
 */
export function saysSomething(given: unknown, name = ""): boolean {
  const value = readValue(given);
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return isSaying(value, name);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value === "boolean") return value || !FOUND_FLAG.test(name);
  if (Array.isArray(value)) return value.some((item) => saysSomething(item));
  return Object.entries(value).some(([key, part]) => saysSomething(part, key));
}

function isSaying(text: string, name: string): boolean {
  const plain = text
    .replace(/[\p{Cf}"'“”‘’]/gu, "")
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, " ")
    .replace(/[\s.!?;:]+$/, "");
  if (!/[\p{L}\p{N}\p{S}]/u.test(plain)) return false;
  if (NO_VALUE.has(plain) || (FOUND_FLAG.test(name) && /^(false|no)$/.test(plain))) return false;
  // "Unknown (not public)" and "N/A - no website", but not a company called Unknown Worlds.
  if (/^(unknown|n\/a)\s*[(,;:–-]/.test(plain)) return false;
  return plain.length > LONGEST_SENTENCE || !NO_VALUE_SENTENCE.test(plain);
}

/** A share from 0 to 1 of a confidence: Sixtyfour gives it as a share, of ten, or in percent, as a number or as text. */
export function readConfidence(value: unknown): number | null {
  const number = typeof value === "string" && /^\s*\d+(\.\d+)?\s*%?\s*$/.test(value) ? Number.parseFloat(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return null;
  if (typeof value === "string" && value.includes("%")) return Math.min(number / 100, 1);
  if (number <= 1) return number;
  return number <= 10 ? number / 10 : Math.min(number / 100, 1);
}

/** Letters and digits of a text in one spelling: no case, accents, scheme, `www.` or punctuation. */
export function compact(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .trim()
    .replace(/^[a-z]+:\/\/(www\.)?|^www\./, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Values as short as "yes" say nothing about where they come from. */
const SHORTEST_ECHO = 4;

/**
 * True if a value only repeats the lead: what was sent under the same key, or any of the lead's values that is long
 * enough to be told apart.
 */
export function repeatsLead(name: string, value: unknown, lead: Record<string, string>): boolean {
  const text = textOf(value);
  // Two mailboxes may differ by a dot alone.
  if (text?.includes("@"))
    return Object.values(lead).some((sent) => textOf(sent)?.toLowerCase() === text.toLowerCase());
  const given = text === null ? "" : compact(text);
  if (!given) return false;
  const sent = Object.entries(lead).filter(([, value]) => typeof value === "string");
  if (sent.some(([key, value]) => key === name && compact(value) === given)) return true;
  if (given.length < SHORTEST_ECHO) return false;
  const whole = [lead.first_name, lead.last_name].filter(Boolean).join(" ");
  return [whole, ...sent.map(([, value]) => value)].some((value) => compact(value) === given);
}
