/**
 * What a spreadsheet may take for the beginning of a formula, after what it may skip: OWASP, "CSV injection". The
 * full-width forms of = + - @ are read as the plain ones where the keyboard of the country writes them.
 */
const MAY_BE_FORMULA = /^(?:[\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u;

/** The beginning of a part that a spreadsheet splits off; a quote before it may be taken for that of a cell. */
const PART_MAY_BE_FORMULA = /^[\s\p{Cf}"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** `-12.5`, `+3`, `-1e9`, `-1,234.50`, `-5%` */
const NUMBER = /^[+-](?=[.,]?\d)(?:\d{1,3}(?:[,.\u00a0\u202f' ]\d{3})+|\d+)?(?:[.,]\d+)?(?:e[+-]?\d{1,3})?%?$/i;

/** `+1 202 555 0143`, `+49 (0)30 12-34`: E.164 has at most 15 digits. Without a letter it can name nothing to run. */
const PHONE = /^\+[1-9](?:[ \u00a0.\-/()]{0,3}\d){6,15}$/;

/**
 * Returns the text of a cell such that no spreadsheet runs it as a formula: an apostrophe goes before what could be one.
 * Numbers and phone numbers in international form stay as they are. Where a spreadsheet separates cells by `;` or by tabs,
 * as Excel does in many countries, it splits the text there whatever its quotes, so each part is looked at.
 */
export function neutraliseCell(text: string): string {
  const parts = text.split(/(?<=[;\t])/);
  const [first = "", ...others] = parts;
  const start = MAY_BE_FORMULA.test(text) && !isHarmless(text) ? `'${first}` : first;
  return start + others.map(neutralisePart).join("");
}

function neutralisePart(part: string): string {
  return PART_MAY_BE_FORMULA.test(part) && !isHarmless(part.replace(/[;\t]$/, "")) ? `'${part}` : part;
}

function isHarmless(text: string): boolean {
  return NUMBER.test(text) || PHONE.test(text);
}
