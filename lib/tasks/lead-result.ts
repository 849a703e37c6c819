/** Assigns the results of a task with many leads to its leads. Safe for the browser. */
import { compact, wordsOf } from "@/lib/sixtyfour/same-value";

/** The number of results is not the number of leads. */
type BulkMismatch = "count";
/** Why no result can be assigned to any lead. All but `count` concern files; names: most rows of a file are about others. */
export type ResultMismatch = BulkMismatch | "names" | "unreadable" | "no_file" | "too_large";

const MISMATCHES: Record<ResultMismatch, string> = {
  count: "Sixtyfour returned more or fewer results than leads, so they can't be assigned to leads.",
  names: "Most rows of Sixtyfour's result file name other leads than were sent, so they can't be assigned to leads.",
  unreadable: "Sixtyfour's result file could not be read.",
  no_file: "Sixtyfour returned no result file.",
  too_large: "Sixtyfour's result file is larger than this app accepts.",
};

/** Says in a sentence why no result of a task with many leads is assigned to a lead. */
export function describeMismatch(mismatch: ResultMismatch): string {
  return MISMATCHES[mismatch];
}

/** The warning about a result that names somebody else, in a sentence. */
export function describeOtherName(name: string): string {
  return `Sixtyfour names “${name}” here.`;
}

export interface ResultsByLead {
  /** One result for each lead, null where there is none; all null where `mismatch` is set. */
  results: unknown[];
  /** For each lead the name that its result gives instead of the lead's, see {@link otherNameOf}; a reason to warn. */
  otherNames: (string | null)[];
  mismatch: BulkMismatch | null;
}

/**
 * The result of each lead of a task. Sixtyfour answers a bulk request with an array in the order of its leads, so the
 * position decides; a result that gives another name still belongs to the lead at its position.
 *
 * @param leads in the order of the request
 */
export function resultsByLead(
  task: { shape: "single" | "bulk"; result: unknown },
  leads: { fields: Record<string, string> }[],
): ResultsByLead {
  const { shape, result } = task;
  const none = leads.map(() => null);
  if (result === null || result === undefined) return { results: none, otherNames: none, mismatch: null };
  if (shape === "single") return { results: [result], otherNames: [null], mismatch: null };
  if (!Array.isArray(result) || result.length !== leads.length) {
    return { results: none, otherNames: none, mismatch: "count" };
  }
  const otherNames = leads.map(({ fields }, index) => otherNameOf(result[index], fields));
  return { results: result, otherNames, mismatch: null };
}

/**
 * The name that a result gives, where it shares no word with the lead's name: "Bob Jones" for "Robert Smith", not "Bob
 * Smith". Case and accents don't count. Null where the two fit, or where either gives no name.
 */
export function otherNameOf(result: unknown, fields: Record<string, string>): string | null {
  const sent = nameOf(fields);
  const found = typeof result === "object" && result !== null && "name" in result ? result.name : null;
  return !sent || typeof found !== "string" || shareAWord(sent, found) ? null : found.trim();
}

/** The person's name among a lead's fields; empty where there is none. */
export function nameOf(fields: Record<string, string>): string {
  return fields.name || fields.full_name || [fields.first_name, fields.last_name].filter(Boolean).join(" ");
}

/**
 * True if two texts are the same but for spelling: `https://www.acme.com/` and `acme.com`, or `Ada King` and
 * `KING, Ada M.`. One has to contain all of the other.
 */
export function isSpelling(one: string, other: string): boolean {
  const [a, b] = [compact(one), compact(other)];
  if (a.includes(b) || b.includes(a)) return true;
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  const isWithin = (some: string[], all: string[]) => some.every((word) => all.includes(word));
  return isWithin(words, otherWords) || isWithin(otherWords, words);
}

/** Sixtyfour writes names out and cleans them up, so one shared word of two letters or more is enough. */
function shareAWord(sent: string, found: string): boolean {
  const [words, foundWords] = [sent, found].map((name) => wordsOf(name).filter((word) => word.length > 1)) as [
    string[],
    string[],
  ];
  return words.length === 0 || foundWords.length === 0 || words.some((word) => foundWords.includes(word));
}
