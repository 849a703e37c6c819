/** Endings of lists; the download gets its own. */
const LIST_ENDING = /\.(csv|tsv|txt|xlsx?|jsonl?|ndjson)$/i;
const MAX_CHARACTERS = 80;

/**
 * A list's name as the name of a file on any system, without an ending: nothing that leads to a folder, hides the file or
 * turns the direction of its letters. Empty where nothing is left.
 */
export function plainFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .replace(LIST_ENDING, "")
    .replace(/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*\ufffd]+/gu, " ")
    .replace(/\s+/g, " ");
  const short = [...plain].slice(0, MAX_CHARACTERS).join("");
  return short.replace(/^[\s.~-]+|[\s.]+$/g, "");
}
