/** Tells whose result is whose in a task with many leads. Safe for the browser. */

/** count: there are more or fewer results than leads · names: a result names somebody else than its lead. */
export type BulkMismatch = "count" | "names";
/** Why no result can be shown as anybody's; of a file also why there is none to be shown. */
export type ResultMismatch = BulkMismatch | "unreadable" | "no_file" | "too_large";

const MISMATCHES: Record<ResultMismatch, string> = {
  count: "Sixtyfour answered with more or fewer results than leads, so nobody can tell whose is whose.",
  names: "Sixtyfour's results name others than the leads that were sent, so nobody can tell whose is whose.",
  unreadable: "Sixtyfour's result file could not be read.",
  no_file: "Sixtyfour gave no result file.",
  too_large: "Sixtyfour's result file is larger than this app takes.",
};

/** Why no result of a task with many leads is shown as anybody's, in a sentence. */
export function describeMismatch(mismatch: ResultMismatch): string {
  return MISMATCHES[mismatch];
}

/**
 * The result of each lead of a task, by their places in the request. Sixtyfour answers a bulk request with an array in
 * the order of its leads; where the count or a name does not fit, nobody's result is guessed.
 *
 * @param leads in the order of the request
 * @returns one result for each lead, null where there is none; all null with `mismatch` where they can't be told apart
 */
export function resultsByLead(
  task: { shape: "single" | "bulk"; result: unknown },
  leads: { fields: Record<string, string> }[],
): { results: unknown[]; mismatch: BulkMismatch | null } {
  const { shape, result } = task;
  const none = leads.map(() => null);
  if (result === null || result === undefined) return { results: none, mismatch: null };
  if (shape === "single") return { results: [result], mismatch: null };
  if (!Array.isArray(result) || result.length !== leads.length) return { results: none, mismatch: "count" };
  const fits = leads.every(({ fields }, index) => isNameOf(result[index], fields));
  return fits ? { results: result, mismatch: null } : { results: none, mismatch: "names" };
}

/** Whether a result may be this lead's: it names nobody, or the lead gives no name, or the two share a word. */
function isNameOf(result: unknown, fields: Record<string, string>): boolean {
  const given = fields.name ?? fields.full_name ?? [fields.first_name, fields.last_name].filter(Boolean).join(" ");
  const found = typeof result === "object" && result !== null && "name" in result ? result.name : null;
  return !given || typeof found !== "string" || shareAWord(given, found);
}

/**
 * Whether a row of a result file may be this lead's, by what it repeats of the row that was sent: all of it has to be the
 * same but for spelling, such as `https://www.acme.com/` for `acme.com`.
 */
export function isRowOf(given: Record<string, string>, fields: Record<string, string>): boolean {
  return Object.entries(given).every(([name, repeated]) => isSpelling(repeated, fields[name] ?? ""));
}

/** Whether all of one text is in the other, whatever stands between: `Ada King` in `KING, Ada M.`. */
function isSpelling(one: string, other: string): boolean {
  const [a, b] = [compact(one), compact(other)];
  if (a.includes(b) || b.includes(a)) return true;
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  const isWithin = (some: string[], all: string[]) => some.every((word) => all.includes(word));
  return isWithin(words, otherWords) || isWithin(otherWords, words);
}

/** Sixtyfour spells names out and tidies them, so less than the whole has to fit. */
function shareAWord(given: string, found: string): boolean {
  const [words, foundWords] = [given, found].map((name) => wordsOf(name).filter((word) => word.length > 1)) as [
    string[],
    string[],
  ];
  return words.length === 0 || foundWords.length === 0 || words.some((word) => foundWords.includes(word));
}

function wordsOf(name: string): string[] {
  return plain(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

function compact(text: string): string {
  return plain(text).replace(/[^\p{L}\p{N}]+/gu, "");
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
