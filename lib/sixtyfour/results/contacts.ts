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

/** What was read, and the entries that say something but are no address or number. */
export interface Contacts<T> {
  found: T[];
  rest: unknown[];
}

/** An address or number with one of these is a guess that Sixtyfour itself rejects. */
const REJECTED_STATUSES = new Set(["INVALID", "NOT_FOUND"]);

/** True if an address counts as found. */
export function isUsable({ status }: FoundEmail): boolean {
  return !isRejected(status);
}

function isRejected(status: string | null): boolean {
  return REJECTED_STATUSES.has(status ?? "");
}

/**
 * Reads `[[address, status, type?], …]`; also a plain address, several in one text, a list of them, or objects, as older
 * versions send.
 *
 * @param beside what the result says beside the addresses
 */
export function readEmails(
  given: unknown,
  beside: { type?: string | null; status?: unknown } = {},
): Contacts<FoundEmail> {
  return readEntries(given, isAddress, (entry) => {
    const [address, status, ...types] = partsOf(entry, ["address", "email", "value"], ["type"]);
    if (!isAddress(address)) return [];
    const type = types.map(textOf).filter(Boolean).join(", ").toUpperCase();
    return [
      {
        address: bareAddress(address),
        status: readWord(status) ?? readWord(beside.status),
        type: type || (beside.type ?? null),
      },
    ];
  });
}

/** Reads a number, several in one text, a list of them, or `{number, region}` items. Rejected numbers are not found. */
export function readPhones(given: unknown): Contacts<FoundPhone> {
  const { found, rest } = readEntries(given, isPhone, (entry) => {
    const [given, status] = partsOf(entry, ["number", "phone", "value"], []);
    const number = textOf(given);
    if (number === null || !isPhone(number) || isRejected(readWord(status))) return [];
    return [{ number: bareNumber(number), region: isRecord(entry) ? regionOf(entry) : null }];
  });
  return {
    found: found.filter(({ number }, index) => found.findIndex((one) => one.number === number) === index),
    rest,
  };
}

/** The region of a number with whatever else is said of it, such as its carrier. */
function regionOf(entry: Record<string, unknown>): string | null {
  const { number: _, phone: __, value: ___, status: ____, ...facts } = entry;
  return (
    Object.values(facts)
      .filter((fact) => saysSomething(fact))
      .map(textOf)
      .filter(Boolean)
      .join(", ") || null
  );
}

function readEntries<T>(
  given: unknown,
  isContact: (value: string) => boolean,
  read: (entry: unknown) => T[],
): Contacts<T> {
  const found: T[] = [];
  const rest: unknown[] = [];
  for (const entry of entriesOf(readValue(given), isContact)) {
    const contacts = read(entry);
    found.push(...contacts);
    // Of a tuple its first part alone says whether it is a miss.
    if (contacts.length === 0 && saysSomething(Array.isArray(entry) ? entry[0] : entry)) rest.push(entry);
  }
  return { found, rest };
}

/** Longer text is no list of addresses or numbers. */
const MAX_TEXT_LENGTH = 2_000;

function entriesOf(value: unknown, isContact: (value: string) => boolean): unknown[] {
  if (value === null || value === undefined) return [];
  if (typeof value === "string" && value.length <= MAX_TEXT_LENGTH && !isContact(value)) {
    const parts = value.split(/[,;|\n]|\s\/\s|\sand\s/).map((part) => part.trim());
    return parts.some(isContact) ? parts.filter(Boolean) : [value];
  }
  if (!Array.isArray(value)) return [value];
  // A single tuple that is not in a list: an address or number, and then words about it.
  const [first, ...others] = value;
  const isTuple = typeof first === "string" && others.length > 0 && others.every((part) => isStatus(part));
  return isTuple
    ? [value]
    : value.flatMap((entry) => (Array.isArray(entry) && Array.isArray(entry[0]) ? entry : [entry]));
}

/** The value of an entry, its status, and what else stands beside: of a text, a tuple, or an object. */
function partsOf(entry: unknown, valueKeys: string[], furtherKeys: string[]): unknown[] {
  if (Array.isArray(entry)) return entry;
  if (!isRecord(entry)) return [entry];
  const first = (keys: string[]) => keys.map((key) => entry[key]).find((part) => part !== null && part !== undefined);
  const status = first(["status", "verification_status", "verification", "email_status", "result"]);
  const isMiss = entry.found === false || entry.valid === false;
  return [first(valueKeys), isMiss ? "NOT_FOUND" : status, ...furtherKeys.map((key) => entry[key])];
}

/** `Not Found` and `NOTFOUND` as `NOT_FOUND`. */
function readWord(value: unknown): string | null {
  const word =
    textOf(value)
      ?.toUpperCase()
      .replace(/[\s-]+/g, "_") ?? null;
  return word === "NOTFOUND" ? "NOT_FOUND" : word;
}

/** A word in capitals, such as a status or a type. */
function isStatus(value: unknown): boolean {
  return value === null || (typeof value === "string" && /^[A-Z][A-Z_ -]{1,30}$/i.test(value));
}

function bareAddress(text: string): string {
  const [, inBrackets] = /<([^<>]+)>\s*$/.exec(text) ?? [];
  return (inBrackets ?? text).trim().replace(/^mailto:/i, "");
}

function isAddress(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length <= 400 &&
    /^[^\s@,;:<>()]+@[^\s@,;:<>()]+\.[\p{L}\p{N}-]{2,}$/u.test(bareAddress(value))
  );
}

/** Longer text is no number, whatever it holds. */
const MAX_PHONE_LENGTH = 60;

/** A number with ordinary hyphens and spaces, without a label before it or a note behind it. */
function bareNumber(text: string): string {
  return text
    .replace(/\p{Cf}/gu, "")
    .replace(/[\u2010-\u2015\u2212\u00b7]/g, "-")
    .replace(/[\u00a0\u2000-\u200a\u202f]/g, " ")
    .trim()
    .replace(/^(?:tel|\p{L}[\p{L} ]{0,20}):\s*/iu, "")
    .replace(/\s*\(\p{L}[\p{L} ]{0,20}\)$/u, "");
}

/** E.164 allows 15 digits; the shortest numbers with an area code have 7. */
function isPhone(text: string): boolean {
  if (text.length > MAX_PHONE_LENGTH) return false;
  const [number = ""] = bareNumber(text).split(/ ?(?:x|ext\.?|;ext=|#) ?\d+$/i);
  const digits = number.replace(/\D/g, "");
  const isDate = /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}$/.test(number);
  const isNumber = /^[+(\d][\d\s().\-/]*$/.test(number) && digits.length >= 7 && digits.length <= 15;
  return isNumber && !isDate && !/^0*$|^(\d)\1+$/.test(digits.replace(/^[17]?0+/, "0"));
}
