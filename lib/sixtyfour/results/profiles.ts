/** People as results describe them. Safe for the browser. */
import { isBlank, isRecord, readValue, saysSomething, textOf } from "@/lib/sixtyfour/results/values";

/** A person. Values that have no place here stay in `rest`; empty ones are absent. */
export interface Profile {
  name: string;
  title: string | null;
  company: string | null;
  location: string | null;
  linkedin: string | null;
  email: string | null;
  phone: string | null;
  /** How well the person fits what was asked for, 0 to 10. */
  score: number | null;
  rest: [name: string, value: unknown][];
}

const PROFILE_KEYS = {
  name: ["name", "full_name"],
  title: ["title", "job_title", "role", "position"],
  company: ["company", "company_name", "employer"],
  location: ["location", "city"],
  linkedin: ["linkedin", "linkedin_url", "linkedin_profile"],
  email: ["email", "work_email"],
  phone: ["phone", "phone_number"],
  score: ["score"],
} as const;

/** Reads a record as a person; null where it gives no name. */
export function readProfile(record: Record<string, unknown>): Profile | null {
  const taken = new Set<string>();
  const take = <T>(part: keyof typeof PROFILE_KEYS, read: (value: unknown) => T | null): T | null => {
    const key = PROFILE_KEYS[part].find((one) => saysSomething(record[one]) && read(record[one]) !== null);
    if (!key) return null;
    taken.add(key);
    return read(record[key]);
  };
  const name = take("name", readText) ?? joinName(record, taken);
  if (!name) return null;
  const part = (key: Exclude<keyof typeof PROFILE_KEYS, "name" | "score">) => take(key, readText);
  const facts = {
    title: part("title"),
    company: part("company"),
    location: part("location"),
    linkedin: part("linkedin"),
    email: part("email"),
    phone: part("phone"),
    score: take("score", readScore),
  };
  const rest = Object.entries(record).filter(([key, value]) => !taken.has(key) && saysSomething(value, key));
  return { name, ...facts, rest };
}

/** People from one record or a list of records, or from text that holds one; null where it is neither. */
export function readPeople(given: unknown): Record<string, unknown>[] | null {
  const value = readValue(given);
  if (isRecord(value)) return [value];
  const people = Array.isArray(value) ? value.filter((entry) => !isBlank(entry)) : null;
  return people?.every(isRecord) ? people : null;
}

/** True if a record tells who somebody is, or how to reach them; a score or a title alone does not. */
export function isSomebody(person: Record<string, unknown>): boolean {
  return Object.entries(person).some(
    ([key, value]) => /name|person|e-?mail|phone|mobile|linkedin|profile/i.test(key) && saysSomething(value, key),
  );
}

/**
 * A score on the scale from 0 to 10, such as `9.5`, `"9.5"`, `"7/10"`, `"4/5"`, `"85%"` or `"8 (strong)"`; null where it is
 * none.
 */
export function readScore(given: unknown): number | null {
  const [, number, scale, percent] =
    /^(\d+(?:[.,]\d+)?)\s*(?:(?:\/|of|out of)\s*(5|10|100)\b|(%))?(?:\s*[-–—:(].*)?$/is.exec(textOf(given) ?? "") ?? [];
  if (number === undefined) return null;
  const value = Number(number.replace(",", "."));
  const top = percent ? 100 : Number(scale ?? (value > 10 ? 100 : 10));
  return value <= top ? (value * 10) / top : null;
}

function readText(value: unknown): string | null {
  return typeof value === "string" ? textOf(value) : null;
}

function joinName(record: Record<string, unknown>, taken: Set<string>): string | null {
  const keys = ["first_name", "last_name"].filter((key) => readText(record[key]) && saysSomething(record[key]));
  for (const key of keys) taken.add(key);
  return keys.map((key) => readText(record[key])).join(" ") || null;
}
