/** Tells whose result is whose in a task with many leads. Safe for the browser. */

/** count: there are more or fewer results than leads · names: a result names somebody else than its lead. */
export type ResultMismatch = "count" | "names";

const MISMATCHES: Record<ResultMismatch, string> = {
  count: "Sixtyfour answered with more or fewer results than leads, so nobody can tell whose is whose.",
  names: "Sixtyfour's results name others than the leads that were sent, so nobody can tell whose is whose.",
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
  task: { shape: "single" | "bulk" | "file"; result: unknown },
  leads: { fields: Record<string, string> }[],
): { results: unknown[]; mismatch: ResultMismatch | null } {
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
  if (!given || typeof found !== "string") return true;
  const words = wordsOf(given);
  const foundWords = wordsOf(found);
  // Sixtyfour spells names out and tidies them, so less than the whole has to fit.
  return words.length === 0 || foundWords.length === 0 || words.some((word) => foundWords.includes(word));
}

function wordsOf(name: string): string[] {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
}
