/**
 * Tells whether two texts mean the same person, company, address or number, although they are spelled differently. Safe for
 * the browser.
 */

/** Forms of companies that are left out as often as they are written. */
const LEGAL_FORMS = new Set(
  "inc incorporated llc llp ltd limited plc corp corporation co company gmbh ag kg ug se sa sas sarl srl spa bv nv ab as oy oyj aps kk pty pte".split(
    " ",
  ),
);

/** The words of a text in lower case, without accents and punctuation. */
export function wordsOf(text: string): string[] {
  return plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

/** Letters and digits of a text in one spelling: no case, accents, spaces, scheme, `www.` or punctuation. */
export function compact(text: string): string {
  return plain(text)
    .trim()
    .replace(/^[a-z]+:\/\/(www\.)?|^www\./, "")
    .replace(/[^\p{L}\p{N}]+/gu, "");
}

/** Words of a company's name, without its legal form. */
export function companyWords(name: string): string[] {
  const words = wordsOf(name);
  const kept = words.filter((word) => !LEGAL_FORMS.has(word));
  return kept.length > 0 ? kept : words;
}

/** An email address in one spelling; null where a text is none. */
export function emailKey(text: string): string | null {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^mailto:/, "");
  return /^[^\s@]+@[^\s@]+$/.test(address) ? address : null;
}

/** Host and path of an address on the web, without scheme, `www.`, country of LinkedIn and query; null for any other text. */
export function urlKey(text: string): string | null {
  const [, host = "", path = ""] =
    /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,})(?::\d+)?(\/[^\s?#]*)?(?:[?#]\S*)?$/u.exec(
      text.trim().toLowerCase(),
    ) ?? [];
  if (!host) return null;
  const bare = host.replace(/^www\./, "").replace(/^[a-z]{2,3}\.(linkedin\.com)$/, "$1");
  return bare + path.replace(/\/+$/, "");
}

/** Digits of a phone number; null where a text is none. */
export function phoneKey(text: string): string | null {
  const number = text.trim().replace(/^tel:/i, "");
  if (!/^[+\d(][\d\s().\-/]*$/.test(number)) return null;
  const digits = number.replace(/\D/g, "").replace(/^0+/, "");
  return digits.length >= SHORTEST_PHONE ? digits : null;
}

/** The shortest numbers with an area code. */
const SHORTEST_PHONE = 7;

/** True for two numbers of which one may lack the prefix of its country or the zero of its area. */
function isSamePhone(one: string, other: string): boolean {
  return one.endsWith(other) || other.endsWith(one);
}

/**
 * True if two texts are the same address, number, page, name or company. Names may have their words in another order, and
 * companies may leave out their legal form.
 */
export function isSameValue(one: string, other: string): boolean {
  const [email, otherEmail] = [emailKey(one), emailKey(other)];
  // Two mailboxes may differ by a dot alone.
  if (email || otherEmail) return email === otherEmail;
  const [phone, otherPhone] = [phoneKey(one), phoneKey(other)];
  if (phone && otherPhone) return isSamePhone(phone, otherPhone);
  const [url, otherUrl] = [urlKey(one), urlKey(other)];
  if (url && otherUrl) return url === otherUrl;
  const [words, otherWords] = [one, other].map((text) => companyWords(text).sort().join(" "));
  return words !== "" && (words === otherWords || compact(one) === compact(other));
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
