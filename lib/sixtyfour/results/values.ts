/** Single values of a result: how each is read, and whether it says anything. Safe for the browser. */
import { isNoValue } from "@/lib/sixtyfour/results/no-value";
import { parsePythonLiteral } from "@/lib/sixtyfour/results/python-literal";

/** Deeper values are taken as they are: nobody reads them part by part. */
const MAX_DEPTH = 50;

/** Longer text is prose, not a list or a dict. */
const MAX_LITERAL_LENGTH = 500_000;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for null, missing and empty text. */
export function isBlank(value: unknown): boolean {
  return value === null || value === undefined || value === "";
}

/** A key in one spelling: `jobTitle`, `Job title` and `job-title` as `job_title`. */
export function keyOf(name: string): string {
  return name
    .trim()
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
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
  const parsed = parseJson(value) ?? parsePythonLiteral(value);
  return parsed === undefined || isTooDeep(parsed) ? value : parsed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The text only begins like JSON.
    return undefined;
  }
}

function isTooDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}

/** Reads one record, or a list of records: people, offices, funding rounds. Null where a value is none of these. */
export function readRecords(given: unknown): Record<string, unknown>[] | null {
  const value = readValue(given);
  if (isRecord(value)) return Object.keys(value).length > 0 ? [value] : null;
  return Array.isArray(value) && value.length > 0 && value.every(isRecord) ? value : null;
}

/**
 * True if a value says something: not null, empty, or a text for "no value" (see {@link isNoValue}), nor `false` under a
 * key that tells of a find. A list or an object says something if one of its parts does; of an object with a `value`, that
 * one decides.
 *
 * @param name the key of the value
 */
export function saysSomething(given: unknown, name = "", depth = 0): boolean {
  const value = readValue(given);
  if (value === null || value === undefined) return false;
  if (isFoundFlag(name) && /^(false|no|0)$/i.test(String(value).trim())) return false;
  if (typeof value === "string") return !isNoValue(value);
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || depth > MAX_DEPTH) return true;
  if (Array.isArray(value)) return value.some((item) => saysSomething(item, name, depth + 1));
  if ("value" in value) return saysSomething(value.value, name, depth + 1);
  return Object.entries(value).some(([key, part]) => saysSomething(part, key, depth + 1));
}

/** Keys such as `found`, `email_found` or `foundEmail`, whose `false` is no value; not `founded`. */
function isFoundFlag(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.includes("found");
}

/** A share from 0 to 1 of a confidence: Sixtyfour gives it as a share, of ten, or in percent, as a number or as text. */
export function readConfidence(value: unknown): number | null {
  const number = typeof value === "string" && /^\s*\d+(\.\d+)?\s*%?\s*$/.test(value) ? Number.parseFloat(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number) || number < 0) return null;
  if (typeof value === "string" && value.includes("%")) return Math.min(number / 100, 1);
  if (number <= 1) return number;
  return number <= 10 ? number / 10 : Math.min(number / 100, 1);
}
