/**
 * Finds out whether a text is about a person: by whole values, and by more than a name, since many share one. Pure, and
 * quick for many people at once.
 */
import type { Person } from "@/db/schema";
import { emailKey, phoneKey, urlKey } from "@/lib/sixtyfour/same-value";

/** The people that a text is about, by their places. */
export interface Mentions {
  /** It has what nobody else has, or a full name and a second value of the same person. */
  certain: Set<number>;
  /** Of these, those of whom it has what nobody else has. */
  keyed: Set<number>;
  /** It has a full name alone, which may be somebody else's, or words that happen to follow each other. */
  possible: Set<number>;
}

export type PersonMatcher = ReturnType<typeof createMatcher>;

const NAME_FIELDS = ["name", "full_name"];
const KEY_FIELDS = ["email", "phone", "linkedin", "linkedin_url"];
/** Shared by far too many to tell two people of one name apart. */
const COMMON_FIELDS = [...NAME_FIELDS, "first_name", "last_name", "title", "location", "country"];

const SHORTEST_PHONE = 8;
/** `000000000` is in many lists. */
const FEWEST_DISTINCT_DIGITS = 3;
const SHORTEST_OTHER = 3;
const LONGEST_OTHER = 200;
const MOST_OTHERS = 20;

/** Separates texts, so that no value is found across two of them. */
export const GAP = " ¦ ";

/** A text in one spelling: no case, and one space at most. */
function normal(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * Reads by what a lead can be found elsewhere; null where it has nothing that tells it from others, such as a first name or
 * a company alone.
 *
 * @param result what was found for it, whose addresses and numbers count beside its name
 */
export function personOf(fields: Record<string, string>, result: unknown = null): Person | null {
  const given = Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const textOf = (name: string) => given.find(([field]) => field === name)?.[1] ?? "";
  const names = unique(
    [...NAME_FIELDS.map(textOf), `${textOf("first_name")} ${textOf("last_name")}`]
      .map(normal)
      .filter((name) => wordsIn(name).length > 1),
  );
  const keyed = KEY_FIELDS.flatMap((field) => {
    const key = keyOf(textOf(field));
    return key ? [{ key, text: textOf(field) }] : [];
  });
  const others = [
    ...given.flatMap(([field, value]) => (COMMON_FIELDS.includes(field) ? [] : [normal(value)])),
    ...textsWithin(result)
      .filter((text) => keyOf(text) !== null)
      .map(normal),
  ].filter((text) => isOther(text) && !names.some((name) => name.includes(text)));
  if (keyed.length === 0 && names.length === 0) return null;
  return {
    names,
    keys: unique(keyed.map(({ key }) => key)),
    others: unique(others).slice(0, MOST_OTHERS),
    company: normal(textOf("company")) || null,
    lookups: unique(keyed.flatMap(({ key, text }) => [key.slice(key.indexOf(":") + 1), text])),
  };
}

/** What a text is by itself, if nobody else has it: an email address, a phone number, or a person's profile. */
function keyOf(given: string): string | null {
  const text = normal(given);
  const email = emailKey(text);
  if (email) return /\.[^.@]{2,}$/.test(email) ? `email:${email}` : null;
  const digits = phoneKey(text);
  if (digits) {
    const isDistinct = digits.length >= SHORTEST_PHONE && new Set(digits).size >= FEWEST_DISTINCT_DIGITS;
    return isDistinct ? `phone:${digits}` : null;
  }
  const profile = /^linkedin\.com\/(?:in|pub)\/([^/]+)/.exec(urlKey(text) ?? "")?.[1];
  return profile ? `profile:${decoded(profile)}` : null;
}

const EMAILS = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}.-]+\.[\p{L}\p{N}-]{2,}/gu;
const PHONES = /(?<![\p{L}\p{N}])\+?\(?\d(?:[\s().\-/]{0,3}\d){7,16}(?![\p{L}\p{N}])/gu;
const PROFILES = /linkedin\.com\/(?:in|pub)\/([^\s/?#"'<>,;)\]\\]+)/gu;

/** All such values within a text. */
function keysWithin(text: string): string[] {
  const found = [
    ...(text.match(EMAILS) ?? []).map((email) => email.replace(/^[.'-]+|[.'-]+$/g, "")),
    ...(text.match(PHONES) ?? []),
    ...[...text.matchAll(PROFILES)].map(([, slug = ""]) => `linkedin.com/in/${slug.replace(/[.:!]+$/, "")}`),
  ];
  return found.flatMap((value) => keyOf(value) ?? []);
}

/** Prepares the search for some people at once. */
export function createMatcher(people: Person[]) {
  const byKey = new Map<string, number[]>();
  /** Names by their words, of which there are as many as `lengths` say. */
  const byWords = new Map<string, { person: number; name: string; from: number }[]>();
  const lengths = new Set<number>();
  const byName = new Map<string, number[]>();
  people.forEach(({ keys, names }, person) => {
    for (const key of keys) push(byKey, key, person);
    for (const name of names) {
      const words = wordsIn(name);
      lengths.add(words.length);
      push(byWords, spelled(words), { person, name, from: words[0]?.index ?? 0 });
      push(byName, name, person);
    }
  });

  const mentions = (given: string): Mentions => {
    const text = normal(given);
    const keyed = new Set<number>();
    const possible = new Set<number>();
    if (byKey.size > 0)
      for (const key of keysWithin(text)) for (const person of byKey.get(key) ?? []) keyed.add(person);
    const certain = new Set(keyed);
    const words = byWords.size > 0 ? wordsIn(text) : [];
    words.forEach(({ index }, place) => {
      const named = [...lengths].flatMap((length) => byWords.get(spelled(words.slice(place, place + length))) ?? []);
      for (const { person, name, from } of named) {
        const start = index - from;
        if (certain.has(person) || !isWholeAt(text, name, start)) continue;
        const rest = text.slice(0, start) + GAP + text.slice(start + name.length);
        if (people[person]?.others.some((other) => holdsWhole(rest, other))) certain.add(person);
        else possible.add(person);
      }
    });
    for (const person of certain) possible.delete(person);
    return { certain, keyed, possible };
  };

  /**
   * True if values are about one of the people, each of them taken as a whole: what is within a longer text may be said of
   * somebody else.
   */
  const isAbout = (values: string[]): boolean => {
    const texts = new Set(values.map(normal));
    for (const text of texts) {
      const key = keyOf(text);
      if (key !== null && byKey.has(key)) return true;
      const named = byName.get(text) ?? [];
      if (named.some((person) => people[person]?.others.some((other) => texts.has(other)))) return true;
    }
    return false;
  };

  /** True if a text names one of the people and says nothing else: their names and further values, and no other word. */
  const isNothingElse = (given: string): boolean => {
    const text = normal(given);
    return [...mentions(text).certain].some((person) => {
      const { names = [], others = [] } = people[person] ?? {};
      const longestFirst = [...names, ...others].sort((a, b) => b.length - a.length);
      return wordsIn(longestFirst.reduce((rest, value) => rest.replaceAll(value, GAP), text)).length === 0;
    });
  };

  /** The people who are this very lead: with the same address, number or profile, or the same name and a second value. */
  const sameAs = (lead: Person): Set<number> => {
    const found = new Set<number>();
    for (const key of lead.keys) {
      for (const place of byKey.get(key) ?? []) {
        const { names } = people[place] as Person;
        // Colleagues may share a mailbox.
        if (names.length === 0 || lead.names.length === 0 || names.some((name) => lead.names.includes(name))) {
          found.add(place);
        }
      }
    }
    for (const name of lead.names) {
      for (const place of byName.get(name) ?? []) {
        const { others, company } = people[place] as Person;
        const isElsewhere = company !== null && lead.company !== null && company !== lead.company;
        if (!isElsewhere && others.some((other) => lead.others.includes(other))) found.add(place);
      }
    }
    return found;
  };
  return { mentions, isAbout, isNothingElse, sameAs };
}

function isOther(text: string): boolean {
  const letters = text.replace(/[^\p{L}\p{N}]/gu, "");
  return letters.length >= SHORTEST_OTHER && text.length <= LONGEST_OTHER && new Set(letters).size > 1;
}

interface Word {
  word: string;
  index: number;
}

function wordsIn(text: string): Word[] {
  return Array.from(text.matchAll(/[\p{L}\p{M}\p{N}]+/gu), (match) => ({ word: match[0], index: match.index }));
}

function spelled(words: Word[]): string {
  return words.map(({ word }) => word).join(" ");
}

function holdsWhole(text: string, value: string): boolean {
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) {
    if (isWholeAt(text, value, at)) return true;
  }
  return false;
}

/** True if the value stands there by itself: Anna Lee is neither Joanna Lee nor Anna Lee-Smith, but Anna Lee's is hers. */
function isWholeAt(text: string, value: string, start: number): boolean {
  if (start < 0 || !text.startsWith(value, start)) return false;
  const before = text.slice(Math.max(0, start - 4), start);
  const after = text.slice(start + value.length, start + value.length + 4);
  if (/[\p{L}\p{M}\p{N}_]$/u.test(before) || /[\p{L}\p{M}\p{N}][-'’]$/u.test(before)) return false;
  return /^['’]s(?![\p{L}\p{M}\p{N}])/u.test(after) || !/^(?:[\p{L}\p{M}\p{N}_]|[-'’][\p{L}\p{N}])/u.test(after);
}

/** The texts within a JSON value, without its keys. */
export function textsWithin(value: unknown): string[] {
  const texts: string[] = [];
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next === "string") texts.push(next);
    else if (typeof next === "number") texts.push(String(next));
    else if (typeof next === "object" && next !== null) for (const part of Object.values(next)) left.push(part);
  }
  return texts;
}

const STRINGS = /"([^"\\]*(?:\\[\s\S][^"\\]*)*)(?:"(\s*:)?|$)/g;

/** The texts in the quotes of a body that may be JSON, or the beginning of it, without the keys; and all outside of quotes. */
export function textsOfBody(body: string): { values: string[]; rest: string } {
  const values: string[] = [];
  const rest = body.replace(STRINGS, (_, inner: string, colon?: string) => {
    if (colon === undefined) values.push(unescaped(inner));
    return GAP;
  });
  return { values, rest };
}

function unescaped(inner: string): string {
  if (!inner.includes("\\")) return inner;
  try {
    return JSON.parse(`"${inner}"`);
  } catch {
    return inner;
  }
}

function decoded(text: string): string {
  try {
    return normal(decodeURIComponent(text));
  } catch {
    return text;
  }
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function unique(texts: string[]): string[] {
  return [...new Set(texts.filter(Boolean))];
}
