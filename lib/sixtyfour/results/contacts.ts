/** Email addresses and phone numbers in the shapes in which Sixtyfour returns them. Safe for the browser. */
import { isRecord, readValue, saysSomething, textOf } from "@/lib/sixtyfour/results/values";

export interface FoundEmail {
  address: string;
  /** Sixtyfour's word in capitals: OK, UNKNOWN, CATCH_ALL, RISKY, INVALID, NOT_FOUND; null where it gave none. */
  status: string | null;
  /** COMPANY or PERSONAL, where Sixtyfour says which. */
  type: string | null;
}

export interface FoundPhone {
  number: string;
  region: string | null;
}

/** An address with one of these is a guess that Sixtyfour itself rejects. */
const REJECTED_STATUSES = new Set(["INVALID", "NOT_FOUND"]);

/** True if an address counts as found. */
export function isUsable({ status }: FoundEmail): boolean {
  return !REJECTED_STATUSES.has(status ?? "");
}

/**
 * Reads `[[address, status, type?], …]`; also a plain address, a list of them, or objects, as older versions send.
 * Entries without an address are left out.
 */
export function readEmails(given: unknown, defaultType: string | null = null): FoundEmail[] {
  const value = readValue(given);
  if (!Array.isArray(value)) return readEmail(value, defaultType);
  const isTuple =
    typeof value[0] === "string" && value.slice(1).every((part) => !isAddress(part) && !Array.isArray(part));
  if (isTuple && isAddress(value[0])) return readEmail([value], defaultType);
  return value.flatMap((entry) => readEmail(Array.isArray(entry) ? [entry] : entry, defaultType));
}

/** @param given an address, `[[address, status, type]]`, or an object */
function readEmail(given: unknown, defaultType: string | null): FoundEmail[] {
  const [address, status, type] = partsOfEmail(given);
  if (!isAddress(address)) return [];
  return [{ address: bareAddress(address), status: readWord(status), type: readWord(type) ?? defaultType }];
}

function partsOfEmail(given: unknown): unknown[] {
  if (Array.isArray(given)) return Array.isArray(given[0]) ? given[0] : [];
  if (isRecord(given)) return [given.address ?? given.email ?? given.value, given.status, given.type];
  return [given];
}

/** `Not Found` as `NOT_FOUND`. */
function readWord(value: unknown): string | null {
  return (
    textOf(value)
      ?.toUpperCase()
      .replace(/[\s-]+/g, "_") ?? null
  );
}

function bareAddress(text: string): string {
  return text.trim().replace(/^mailto:/i, "");
}

function isAddress(value: unknown): value is string {
  return (
    typeof value === "string" &&
    /^[^\s@,;:<>()]+@[^\s@,;:<>()]+\.[\p{L}\p{N}-]{2,}$/u.test(bareAddress(value)) &&
    saysSomething(value)
  );
}

/** Reads a number, several in one text, a list of them, or `{number, region}` items. Anything else is left out. */
export function readPhones(given: unknown): FoundPhone[] {
  const value = readValue(given);
  const entries = Array.isArray(value) ? value.flat(2) : [value];
  const found = entries.flatMap((entry): FoundPhone[] => {
    if (isRecord(entry)) {
      const region = textOf(entry.region ?? entry.country);
      return numbersIn(entry.number ?? entry.phone ?? entry.value).map((number) => ({ number, region }));
    }
    return numbersIn(entry).map((number) => ({ number, region: null }));
  });
  return found.filter(({ number }, index) => found.findIndex((one) => one.number === number) === index);
}

function numbersIn(value: unknown): string[] {
  const text = textOf(value);
  if (!text) return [];
  return isPhone(text)
    ? [text]
    : text
        .split(/[,;|\n]|\s\/\s/)
        .map((part) => part.trim())
        .filter(isPhone);
}

/** E.164 allows 15 digits; the shortest numbers with an area code have 7. */
function isPhone(text: string): boolean {
  const [number = ""] = text.split(/\s*(?:x|ext\.?|;ext=|#)\s*\d+$/i);
  const digits = number.replace(/\D/g, "").length;
  return /^(?:tel:)?[+(\d][\d\s().\-/]*$/i.test(number) && digits >= 7 && digits <= 15;
}
